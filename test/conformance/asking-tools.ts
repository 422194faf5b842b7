import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  createRequestStateCodec,
  type InputRequest,
  type InputRequests,
  inputRequired,
  type McpServer,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import { text } from "./content-tools.ts";

const key = crypto.getRandomValues(new Uint8Array(32));
/** Seals what comes back with the second request of a call. */
export const stateCodec = createRequestStateCodec({ key, ttlSeconds: 60 });

const field = (message: string, name: string) =>
  inputRequired.elicit({
    message,
    requestedSchema: {
      type: "object",
      properties: { [name]: { type: "string" } },
      required: [name],
    },
  });
const confirmation = inputRequired.elicit({
  message: "Sure?",
  requestedSchema: { type: "object", properties: { ok: { type: "boolean" } }, required: ["ok"] },
});
const sample = (prompt: string, maxTokens = 100) =>
  inputRequired.createMessage({
    messages: [{ role: "user", content: text(prompt) }],
    maxTokens,
  });

/** Asks for what has not been answered yet; `undefined` once everything has. */
function ask({ mcpReq }: ServerContext, requests: InputRequests, requestState?: string) {
  const answers = mcpReq.inputResponses ?? {};
  if (Object.keys(requests).every((name) => answers[name] !== undefined)) return undefined;
  return inputRequired({
    inputRequests: requests,
    ...(requestState !== undefined && { requestState }),
  });
}

const answer = (value: unknown) => ({
  content: [text(typeof value === "string" ? value : JSON.stringify(value))],
});

/** Tools of the suite that need an answer of the client's before they can give theirs. */
export function addAskingTools(server: McpServer): void {
  const add = (name: string, requests: InputRequests) =>
    server.registerTool(
      name,
      { description: `Asks for ${Object.keys(requests).join(", ")}` },
      (context) => ask(context, requests) ?? answer(context.mcpReq.inputResponses),
    );
  add("test_input_required_result_sampling", {
    capital_question: sample("What is the capital of France?"),
  });
  add("test_input_required_result_list_roots", { client_roots: inputRequired.listRoots() });
  add("test_missing_capability", { needed: sample("Anything") });
  add("test_streaming_elicitation", { name: field("What is your name?", "name") });
  add("test_elicitation_sep1034_defaults", { defaults: formWithDefaults });
  add("test_elicitation_sep1330_enums", { enums: formWithEnums });
  server.registerTool(
    "test_input_required_result_elicitation",
    { description: "Asks for a name until it gets one" },
    ({ mcpReq }) => {
      const given = acceptedContent(mcpReq.inputResponses, "user_name");
      if (typeof given?.["name"] === "string") return answer(`Hello, ${given["name"]}!`);
      const user_name = field("What is your name?", "name");
      return inputRequired({ inputRequests: { user_name } });
    },
  );
  server.registerTool(
    "test_input_required_result_capabilities",
    { description: "Asks for what the client can give" },
    (context) => ask(context, possible(context)) ?? answer("ok"),
  );
  addToolsWithArguments(server);
  addToolsWithState(server);
}

function addToolsWithArguments(server: McpServer): void {
  server.registerTool(
    "test_sampling",
    { description: "Asks the client's model", inputSchema: z.object({ prompt: z.string() }) },
    ({ prompt }, context) =>
      ask(context, { model: sample(prompt) }) ?? answer(context.mcpReq.inputResponses),
  );
  server.registerTool(
    "test_elicitation",
    { description: "Asks the user", inputSchema: z.object({ message: z.string() }) },
    ({ message }, context) =>
      ask(context, { user: field(message, "username") }) ?? answer(context.mcpReq.inputResponses),
  );
}

function addToolsWithState(server: McpServer): void {
  const add = (name: string, requests: InputRequests) =>
    server.registerTool(name, { description: "Seals its state" }, async (context) => {
      const state = context.mcpReq.requestState<{ tool: string }>();
      if (state?.tool === name) return ask(context, requests) ?? answer("state-ok");
      return inputRequired({
        inputRequests: requests,
        requestState: await stateCodec.mint({ tool: name }),
      });
    });
  add("test_input_required_result_request_state", { confirm: confirmation });
  add("test_input_required_result_tampered_state", { confirm: confirmation });
  add("test_input_required_result_multiple_inputs", {
    user_name: field("What is your name?", "name"),
    greeting: sample("Generate a greeting", 50),
    client_roots: inputRequired.listRoots(),
  });
  server.registerTool(
    "test_input_required_result_multi_round",
    { description: "Asks twice" },
    async ({ mcpReq }) => {
      const step = mcpReq.requestState<{ step: number }>()?.step ?? 0;
      if (step === 2) return answer(mcpReq.inputResponses ?? {});
      const inputRequests: Record<string, InputRequest> =
        step === 0
          ? { step1: field("Step 1: What is your name?", "name") }
          : { step2: field("Step 2: What is your favorite color?", "color") };
      return inputRequired({
        inputRequests,
        requestState: await stateCodec.mint({ step: step + 1 }),
      });
    },
  );
}

/** What this client says it can do, as requests. */
function possible({ mcpReq }: ServerContext): Record<string, InputRequest> {
  const envelope: Readonly<Record<string, unknown>> = { ...mcpReq.envelope };
  const declared = (envelope[CLIENT_CAPABILITIES_META_KEY] ?? {}) as ClientCapabilities;
  return {
    ...(declared.sampling && { sampled: sample("Anything") }),
    ...(declared.elicitation && { asked: field("What is your name?", "name") }),
  };
}

const formWithDefaults = inputRequired.elicit({
  message: "Check the defaults",
  requestedSchema: {
    type: "object",
    properties: {
      name: { type: "string", default: "John Doe" },
      age: { type: "integer", default: 30 },
      score: { type: "number", default: 95.5 },
      status: { type: "string", enum: ["active", "inactive", "pending"], default: "active" },
      verified: { type: "boolean", default: true },
    },
  },
});

const options = ["option1", "option2", "option3"];
const titled = options.map((value, index) => ({ const: value, title: `Option ${index + 1}` }));
const formWithEnums = inputRequired.elicit({
  message: "Choose",
  requestedSchema: {
    type: "object",
    properties: {
      untitledSingle: { type: "string", enum: options },
      titledSingle: { type: "string", oneOf: titled },
      legacyEnum: { type: "string", enum: options, enumNames: titled.map(({ title }) => title) },
      untitledMulti: { type: "array", items: { type: "string", enum: options } },
      titledMulti: { type: "array", items: { anyOf: titled } },
    },
  },
});

/** The one prompt that asks. */
export function addAskingPrompt(server: McpServer): void {
  server.registerPrompt(
    "test_input_required_result_prompt",
    { description: "Asks for its context" },
    (context) => {
      const user_context = field("What context should the prompt use?", "context");
      return (
        ask(context, { user_context }) ?? {
          messages: [{ role: "user", content: text("Use the context.") }],
        }
      );
    },
  );
}
