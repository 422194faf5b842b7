/**
 * The lower bound: the SDK's own server with one tool that makes the same upstream request and returns what it got.
 * Nothing is checked, chosen or converted.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import { z } from "zod";
import { askDirectly } from "./upstream.ts";

const [url = "", authorization = ""] = process.argv.slice(2);
const input = z.object({ issue_key: z.string(), comment_limit: z.number().optional() });

const handler = createMcpHandler(() => {
  const server = new McpServer(
    { name: "bare", version: "1" },
    { capabilities: { tools: { listChanged: false } } },
  );
  server.registerTool("jira_get_issue", { description: "Issue", inputSchema: input }, async () => ({
    content: [
      { type: "text" as const, text: JSON.stringify(await askDirectly({ url, authorization })) },
    ],
  }));
  return server;
});
const serve = toNodeHandler(handler);
const server = createServer(
  (request, response) => void serve(request as Parameters<typeof serve>[0], response),
);
server.listen(0, "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`);
});
