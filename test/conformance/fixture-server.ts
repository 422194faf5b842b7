import { McpServer } from "@modelcontextprotocol/server";
import { silentLogger } from "../../src/log.ts";
import type { ServerSource } from "../../src/server/build.ts";
import { type RunningHttpServer, startHttp } from "../../src/server/http.ts";
import { noOperations } from "../../src/server/operations/operations.ts";
import { addAskingPrompt, addAskingTools, stateCodec } from "./asking-tools.ts";
import { addContentTools } from "./content-tools.ts";
import { addPrompts, addResources } from "./resources-and-prompts.ts";

/** What the suite expects to find on a server, behind the doors of ours. */
export function startFixtureServer(): Promise<RunningHttpServer> {
  return startHttp({
    builder: source,
    // The suite sends no credentials.
    authRules: { fallback: true, ignoreHeaders: false, external: false },
    policy: { readOnly: false, surface: "flat" },
    headerRules: { passthrough: {}, checkUrl: (_, address) => new URL(address) },
    host: "127.0.0.1",
    port: 0,
    path: "/mcp",
    allowedHosts: [],
    allowedOrigins: [],
    log: silentLogger,
    operations: noOperations,
    checks: [],
    metricsForAll: false,
  });
}

const hint = { ttlMs: 60_000, cacheScope: "private" } as const;

const source: ServerSource = {
  running: 0,
  build() {
    const server = new McpServer(
      { name: "conformance", version: "1.0.0" },
      {
        capabilities: {
          tools: { listChanged: false },
          resources: { listChanged: false, subscribe: true },
          prompts: { listChanged: false },
          logging: {},
        },
        cacheHints: { "tools/list": hint, "server/discover": hint },
        requestState: { verify: stateCodec.verify },
      },
    );
    addContentTools(server);
    addAskingTools(server);
    addResources(server);
    addPrompts(server);
    addAskingPrompt(server);
    return server.server;
  },
};
