import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import {
  basic,
  call,
  connectHttp,
  type Env,
  type HttpProgram,
  modernCall,
  startHttpProgram,
  stop,
} from "./harness.ts";

let sandbox: Sandbox;
let server: HttpProgram;
let authorization: string;

beforeAll(async () => {
  sandbox = await startSandbox();
  const [user] = sandbox.users;
  authorization = basic(user.email, user.apiToken);
  server = await startHttpProgram(sandbox.environment("cloud"));
});
afterAll(async () => {
  await stop(server);
  await sandbox.close();
});

const send = (init: RequestInit & { path?: string } = {}) =>
  fetch(new URL(init.path ?? "/mcp", server.url), init);

describe("the endpoint's door", () => {
  it.each(["POST", "GET", "DELETE", "PUT"])("challenges %s without credentials", async (method) => {
    const answer = await send({ method });
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toBe(
      'Basic realm="Atlassian", charset="UTF-8", Bearer realm="Atlassian"',
    );
    expect(await answer.json()).toMatchObject({
      error: "unauthorized",
      next: expect.stringContaining("Authorization"),
    });
  });

  it("says what is wrong with credentials that cannot be used", async () => {
    const answer = await send({ method: "POST", headers: { authorization: "Basic nonsense" } });
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toContain('error="invalid_token"');
  });

  it.each([
    ["a foreign page", { origin: "https://evil.example" }, "forbidden_origin"],
    ["an opaque origin", { origin: "null" }, "forbidden_origin"],
    ["a rebound name", { host: "evil.example" }, "forbidden_host"],
  ])("stays shut for %s, whatever the credentials", async (_, headers: Env, error) => {
    const { request } = await import("node:http");
    const answer = await new Promise<{ status: number; text: string }>((resolve, reject) => {
      const url = new URL(server.url);
      const outgoing = request(
        {
          host: url.hostname,
          port: url.port,
          path: "/mcp",
          method: "POST",
          headers: { authorization, ...headers },
        },
        (incoming) => {
          let text = "";
          incoming.on("data", (chunk) => {
            text += String(chunk);
          });
          incoming.on("end", () => resolve({ status: incoming.statusCode ?? 0, text }));
        },
      );
      outgoing.once("error", reject).end("{}");
    });
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.text)).toMatchObject({ error });
  });

  it("lets a local page in", async () => {
    const { headers, body } = modernCall("jira_get_link_types");
    const answer = await send({
      method: "POST",
      headers: { ...headers, authorization, origin: "http://localhost:6274" },
      body,
    });
    expect(answer.status).toBe(200);
  });

  it("answers the preflight of an allowed page, and of no other", async () => {
    const ask = (origin: string) =>
      send({
        method: "OPTIONS",
        headers: {
          origin,
          "access-control-request-method": "POST",
          "access-control-request-headers": "authorization,content-type,mcp-method",
        },
      });
    const local = await ask("http://localhost:6274");
    expect(local.status).toBe(204);
    expect(Object.fromEntries(local.headers)).toMatchObject({
      "access-control-allow-origin": "http://localhost:6274",
      "access-control-allow-headers": "authorization,content-type,mcp-method",
      vary: "Origin",
    });
    const foreign = await ask("https://evil.example");
    expect(foreign.status).toBe(403);
    expect(foreign.headers.get("access-control-allow-origin")).toBeNull();
    const refused = await send({ method: "POST", headers: { origin: "http://localhost:6274" } });
    expect(refused.status).toBe(401);
    expect(refused.headers.get("access-control-allow-origin")).toBe("http://localhost:6274");
  });

  it("answers probes without credentials and knows nothing else", async () => {
    expect(await (await send({ path: "/healthz" })).json()).toEqual({ status: "ok" });
    expect((await send({ path: "/nothing" })).status).toBe(404);
    expect((await send({ path: "/sse", headers: { authorization } })).status).toBe(404);
  });
});

describe("what the wire shows", () => {
  const { headers, body } = modernCall("jira_get_link_types");
  const post = (change: { headers?: Env; body?: string }) =>
    send({
      method: "POST",
      headers: { ...headers, authorization, ...change.headers },
      body: change.body ?? body,
    });
  const without = (key: string) =>
    body
      .replace(new RegExp(`"io.modelcontextprotocol/${key}":("[^"]*"|\\{\\}),?`), "")
      .replace(",}", "}");

  it.each([
    ["a call", {}, 200, undefined],
    ["a missing version in _meta", { body: without("protocolVersion") }, 400, -32602],
    [
      "a header that disagrees with the body",
      { headers: { "mcp-name": "jira_search" } },
      400,
      -32020,
    ],
    [
      "a version nobody speaks",
      {
        headers: { "mcp-protocol-version": "2099-01-01" },
        body: body.replace("2026-07-28", "2099-01-01"),
      },
      400,
      -32022,
    ],
    [
      "an unknown method",
      {
        headers: { "mcp-method": "tools/nothing", "mcp-name": "" },
        body: body.replace("tools/call", "tools/nothing"),
      },
      404,
      -32601,
    ],
    [
      "an unknown tool",
      {
        headers: { "mcp-name": "jira_get_isue" },
        body: body.replace("jira_get_link_types", "jira_get_isue"),
      },
      200,
      -32602,
    ],
    ["a body that is no JSON", { body: "{" }, 400, -32700],
    ["another content type", { headers: { "content-type": "text/plain" } }, 415, -32000],
    [
      "a body over 4 MiB",
      { body: body.replace('"arguments":{}', `"arguments":{"x":"${"x".repeat(4_300_000)}"}`) },
      413,
      -32000,
    ],
  ] as const)("%s", async (_, change, status, code) => {
    const answer = await post(change);
    const text = await answer.text();
    expect(answer.status, text).toBe(status);
    expect(JSON.parse(text).error?.code).toBe(code);
    // A body that was not read must not be taken for the next request on the connection.
    if (status === 413) expect(answer.headers.get("connection")).toBe("close");
  });

  it.each(["GET", "DELETE"])("%s is not for anything", async (method) => {
    expect((await send({ method, headers: { authorization } })).status).toBe(405);
  });

  it("suggests the tool that was meant", async () => {
    const answer = await post({
      headers: { "mcp-name": "jira_get_isue" },
      body: body.replace("jira_get_link_types", "jira_get_isue"),
    });
    expect(((await answer.json()) as { error: { message: string } }).error.message).toContain(
      "did you mean jira_get_issue?",
    );
  });
});

describe("narrowing by the address", () => {
  const listed = async (query: string) => {
    const client = await connectHttp(`${server.url}${query}`, authorization);
    const { tools } = await client.listTools();
    await client.close();
    return tools;
  };

  it("shows the core and two doors to the rest by default", async () => {
    const names = (await listed("")).map((tool) => tool.name);
    expect(names.slice(0, 2)).toEqual(["atlassian_call_tool", "atlassian_find_tools"]);
    expect(names.length).toBeLessThanOrEqual(27);
  });

  it("takes toolsets, tools and read-only", async () => {
    expect((await listed("?toolsets=jira_comments")).map((tool) => tool.name)).toEqual([
      "jira_add_comment",
      "jira_edit_comment",
    ]);
    expect((await listed("?tools=jira_search,jira_get_issue")).map((tool) => tool.name)).toEqual([
      "jira_get_issue",
      "jira_search",
    ]);
    expect(
      (await listed("?readonly=true&toolsets=all")).every((tool) => tool.annotations?.readOnlyHint),
    ).toBe(true);
  });

  it("refuses what it does not know", async () => {
    for (const query of ["?toolsets=jira_isues", "?readonly=maybe"]) {
      expect(
        (await send({ path: `/mcp${query}`, method: "POST", headers: { authorization } })).status,
      ).toBe(400);
    }
  });

  it("lets nothing be written through it, by whatever door", async () => {
    const client = await connectHttp(`${server.url}?readonly=true`, authorization);
    const args = { issue_key: "ENG-1", body: "no" };
    const direct = await call(client, "jira_add_comment", args);
    const inner = await call(client, "atlassian_call_tool", {
      name: "jira_add_comment",
      arguments: JSON.stringify(args),
    });
    await client.close();
    for (const { isError, text } of [direct, inner]) {
      expect(isError).toBe(true);
      expect(text).toContain("read-only");
    }
    expect(
      sandbox.requests.filter((each) => each.method === "POST" && each.url.includes("/comment")),
    ).toEqual([]);
  });

  it("says where arguments belong", async () => {
    const client = await connectHttp(server.url, authorization);
    const answer = await call(client, "atlassian_call_tool", {
      name: "jira_get_worklog",
      issue_key: "SHOP-1",
    });
    await client.close();
    expect(answer.text).toContain("`issue_key` must stand inside `arguments`");
  });

  it("finds and calls what is not listed", async () => {
    const client = await connectHttp(server.url, authorization);
    const found = JSON.parse(
      (await call(client, "atlassian_find_tools", { query: "list link types" })).text,
    );
    expect(found.tools[0].name).toBe("jira_get_link_types");
    const answer = await call(client, "atlassian_call_tool", {
      name: "jira_get_link_types",
      arguments: {},
    });
    await client.close();
    expect(answer).toMatchObject({ isError: false });
  });
});
