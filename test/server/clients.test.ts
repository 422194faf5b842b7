import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { StdioClientTransport as StdioV1 } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport as HttpV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import {
  basic,
  binary,
  cleanEnv,
  connectHttp,
  connectStdio,
  type HttpProgram,
  type Negotiation,
  startHttpProgram,
  stop,
} from "./harness.ts";

let sandbox: Sandbox;
let server: HttpProgram;

beforeAll(async () => {
  sandbox = await startSandbox();
  const { JIRA_URL, JIRA_DEPLOYMENT, CONFLUENCE_URL, CONFLUENCE_DEPLOYMENT } = env();
  server = await startHttpProgram(
    { JIRA_URL, JIRA_DEPLOYMENT, CONFLUENCE_URL, CONFLUENCE_DEPLOYMENT },
    ["--transport", "sse"],
  );
});
afterAll(async () => {
  await stop(server);
  await sandbox.close();
});

function env() {
  return sandbox.environment("cloud") as Record<
    "JIRA_URL" | "JIRA_DEPLOYMENT" | "CONFLUENCE_URL" | "CONFLUENCE_DEPLOYMENT",
    string
  >;
}
function authorization() {
  const [user] = sandbox.users;
  return basic(user.email, user.apiToken);
}

const search = { name: "jira_search", arguments: { jql: "assignee = currentUser()", limit: 2 } };

interface AnyClient {
  listTools(): Promise<{ tools: { name: string }[] }>;
  callTool(call: typeof search): Promise<object>;
  close(): Promise<void>;
}

async function expectWork(client: AnyClient): Promise<void> {
  const { tools } = await client.listTools();
  expect(tools.map((tool) => tool.name)).toContain("jira_search");
  const result = (await client.callTool(search)) as {
    content: { text: string }[];
    isError?: boolean;
  };
  expect(result.isError ?? false, result.content[0]?.text).toBe(false);
  expect(JSON.parse(result.content[0]?.text ?? "").issues).toHaveLength(2);
  await client.close();
}

describe("clients of every generation list and call", () => {
  const modes: Negotiation[] = ["auto", "legacy", { pin: "2026-07-28" }];

  it.each(modes)("the current SDK over stdio, %j", async (mode) => {
    await expectWork(await connectStdio(env(), { mode }));
  });

  it.each(modes)("the current SDK over HTTP, %j", async (mode) => {
    await expectWork(
      await connectHttp(server.url.replace(/sse$/, "mcp"), authorization(), { mode }),
    );
  });

  const requestInit = () => ({ headers: { Authorization: authorization() } });
  const transports: [string, () => Transport][] = [
    [
      "stdio",
      () =>
        new StdioV1({
          command: process.execPath,
          args: [binary],
          env: cleanEnv(env()),
          stderr: "ignore",
        }),
    ],
    [
      "HTTP",
      () => new HttpV1(new URL("/mcp", server.url), { requestInit: requestInit() }) as Transport,
    ],
    [
      "event streams of 2024",
      () =>
        new SSEClientTransport(new URL("/sse", server.url), {
          requestInit: requestInit(),
          eventSourceInit: {
            fetch: (url, init) =>
              fetch(url, { ...init, headers: { ...init?.headers, ...requestInit().headers } }),
          },
        }),
    ],
  ];

  it.each(transports)("the 1.x SDK over %s", async (_, transport) => {
    const client = new ClientV1({ name: "tests", version: "1.0.0" });
    await client.connect(transport());
    await expectWork(client as unknown as AnyClient);
  });
});
