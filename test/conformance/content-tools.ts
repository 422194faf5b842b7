import { setTimeout as pause } from "node:timers/promises";
import { fromJsonSchema, type McpServer, type ServerContext } from "@modelcontextprotocol/server";

/** One red pixel. */
export const png =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";
/** No samples: 8 kHz, mono, 8 bits. */
const wav = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=";

export const text = (value: string) => ({ type: "text" as const, text: value });
const image = { type: "image" as const, data: png, mimeType: "image/png" };

/** Tools of the suite that answer by themselves. */
export function addContentTools(server: McpServer): void {
  const add = (name: string, description: string, content: readonly object[]) =>
    server.registerTool(name, { description }, () => ({ content: [...content] as never }));
  add("test_simple_text", "Answers with text", [
    text("This is a simple text response for testing."),
  ]);
  add("test_image_content", "Answers with an image", [image]);
  add("test_audio_content", "Answers with sound", [
    { type: "audio", data: wav, mimeType: "audio/wav" },
  ]);
  add("test_embedded_resource", "Answers with a resource", [
    resource("test://embedded-resource", "text/plain", "This is an embedded resource content."),
  ]);
  add("test_multiple_content_types", "Answers with text, an image and a resource", [
    text("Multiple content types test:"),
    image,
    resource("test://mixed-content-resource", "application/json", '{"test":"data","value":123}'),
  ]);
  server.registerTool("test_error_handling", { description: "Always fails" }, () => {
    throw new Error("This tool intentionally returns an error for testing");
  });
  addRunningTools(server);
  server.registerTool(
    "json_schema_2020_12_tool",
    { description: "Has keywords of JSON Schema 2020-12", inputSchema: fromJsonSchema(schema) },
    () => ({ content: [text("ok")] }),
  );
}

/** Those that say something before they answer. */
function addRunningTools(server: McpServer): void {
  const add = (name: string, description: string, run: (context: ServerContext) => Promise<void>) =>
    server.registerTool(name, { description }, async (context) => {
      await run(context);
      return { content: [text("Done.")] };
    });
  add("test_tool_with_logging", "Logs while it runs", async ({ mcpReq }) => {
    await mcpReq.log("info", "Tool execution started");
    await pause(50);
    await mcpReq.log("info", "Tool processing data");
    await pause(50);
    await mcpReq.log("info", "Tool execution completed");
  });
  add("test_logging_tool", "Logs once", ({ mcpReq }) => mcpReq.log("info", "called"));
  add("test_tool_with_progress", "Reports progress", async ({ mcpReq }) => {
    const progressToken = mcpReq._meta?.progressToken;
    for (const progress of [0, 50, 100]) {
      const params = { progressToken, progress, total: 100 };
      if (progressToken !== undefined) {
        await mcpReq.notify({ method: "notifications/progress", params });
      }
      await pause(50);
    }
  });
}

export function resource(uri: string, mimeType: string, content: string) {
  return { type: "resource" as const, resource: { uri, mimeType, text: content } };
}

const schema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  $defs: {
    address: {
      $anchor: "addressDef",
      type: "object",
      properties: { street: { type: "string" }, city: { type: "string" } },
    },
  },
  properties: {
    name: { type: "string" },
    address: { $ref: "#/$defs/address" },
    contactMethod: { type: "string", enum: ["phone", "email"] },
    phone: { type: "string" },
    email: { type: "string" },
  },
  allOf: [{ anyOf: [{ required: ["phone"] }, { required: ["email"] }] }],
  if: { properties: { contactMethod: { const: "phone" } }, required: ["contactMethod"] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { required: ["phone"] },
  else: { required: ["email"] },
  additionalProperties: false,
} as const;
