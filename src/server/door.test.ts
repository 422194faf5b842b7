import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HttpCaller } from "../auth/caller.ts";
import { AtlassianMcpError } from "../errors.ts";
import { admit, corsHeaders, type DoorOptions } from "./door.ts";

const cloudId = "11111111-2222-3333-4444-555555555555";

function options(more: Partial<DoorOptions["authRules"]> = {}): DoorOptions {
  return {
    policy: { readOnly: false, surface: "core" },
    authRules: { fallback: false, ignoreHeaders: false, external: false, ...more },
    headerRules: {
      passthrough: { jira: ["cookie", "x-user"], confluence: [] },
      checkUrl: (setting, text) => {
        if (text.startsWith("https://ok.example")) return new URL(text);
        throw new AtlassianMcpError("forbidden", "not there", { setting, next: "Ask." });
      },
    },
    allowedHosts: ["mcp.example.com"],
    allowedOrigins: ["https://chat.example.com"],
  };
}

type Header = readonly [name: string, value: string];

const server = createServer();
beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(() => server.close());

/** A request as Node reads it from the wire, where a header may come twice. */
async function request(headers: readonly Header[], { method = "POST", url = "/mcp" } = {}) {
  const hasHost = headers.some(([name]) => name.toLowerCase() === "host");
  const all = hasHost ? headers : [["Host", "localhost:8000"] as const, ...headers];
  const lines = all.map(([name, value]) => `${name}: ${value}\r\n`);
  const arrival = once(server, "request");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  socket.write(`${method} ${url} HTTP/1.1\r\n${lines.join("")}\r\n`, "latin1");
  const [incoming] = (await arrival) as [IncomingMessage];
  socket.destroy();
  return incoming;
}

/** The caller who was let in, or what the refused one was told. */
async function enter(headers: readonly Header[], rules = options(), more = {}) {
  const outcome = admit(await request(headers, more), rules);
  if (!(outcome instanceof Response)) return outcome.caller as HttpCaller;
  const body = outcome.status === 204 ? {} : ((await outcome.json()) as { error?: string });
  return `${outcome.status} ${body.error ?? ""}`.trim();
}

const basic = (text: string): Header => [
  "Authorization",
  `Basic ${Buffer.from(text).toString("base64")}`,
];
const open = [{ fallback: true }, { ignoreHeaders: true }, { external: true }];

describe("who is let in", () => {
  it("is nobody without a credential, unless the operator serves such requests", async () => {
    expect(await enter([])).toBe("401 unauthorized");
    expect(await enter([["X-Atlassian-Cloud-Id", cloudId]])).toBe("401 unauthorized");
    expect(await enter([["X-Atlassian-Jira-Url", "https://ok.example"]])).toBe("401 unauthorized");
    expect(await enter([["Cookie", "session=1"]])).toBe("401 unauthorized");
    for (const rules of open)
      expect(await enter([], options(rules))).toMatchObject({ kind: "http" });
  });

  it.each<[string, Header]>([
    ["Authorization", basic("ada:secret")],
    ["authorization", ["authorization", "bearer x"]],
    ["one product's", ["X-ATLASSIAN-JIRA-AUTHORIZATION", "Bearer x"]],
    ["one product's token", ["x-atlassian-confluence-personal-token", "x"]],
  ])("is whoever sends %s, by any method", async (_, header) => {
    for (const method of ["POST", "GET", "DELETE"]) {
      expect(await enter([header], options(), { method })).toMatchObject({ kind: "http" });
    }
  });

  it("is told apart from nobody also where nobody may come", async () => {
    const caller = await enter([basic("ada:secret")], options({ fallback: true }));
    expect(caller).toMatchObject({ shared: { user: "ada" } });
  });

  it.each<[string, readonly Header[], string]>([
    ["an empty credential", [["Authorization", ""]], "401 invalid_token"],
    ["a credential of no known form", [["Authorization", "Negotiate x"]], "401 invalid_token"],
    ["two credentials", [basic("a:b"), basic("c:d")], "401 invalid_token"],
    ["the same credential twice", [basic("a:b"), basic("a:b")], "401 invalid_token"],
    ["a good and an empty one", [basic("a:b"), ["authorization", ""]], "401 invalid_token"],
    [
      "two tokens for one product",
      [
        ["X-Atlassian-Jira-Personal-Token", "a"],
        ["X-Atlassian-Jira-Personal-Token", "b"],
      ],
      "401 invalid_token",
    ],
    [
      "two forms of credential for one product",
      [
        ["X-Atlassian-Jira-Personal-Token", "a"],
        ["X-Atlassian-Jira-Authorization", "Token a"],
      ],
      "401 invalid_token",
    ],
    ["a cloud id that is none", [["X-Atlassian-Cloud-Id", "../x"]], "400 invalid_request"],
    [
      "two cloud ids",
      [
        ["X-Atlassian-Cloud-Id", cloudId],
        ["X-Atlassian-Cloud-Id", cloudId],
      ],
      "400 invalid_request",
    ],
    [
      "an address that is not allowed",
      [["X-Atlassian-Jira-Url", "https://x"]],
      "403 invalid_request",
    ],
    ["a foreign host", [["Host", "evil.example"]], "403 forbidden_host"],
    ["a foreign page", [["Origin", "https://evil.example"]], "403 forbidden_origin"],
  ])("is nobody with %s, however open the server is", async (_, headers, expected) => {
    const others = headers.some(([name]) => name.toLowerCase() === "authorization")
      ? []
      : [basic("ada:secret")];
    for (const rules of [{}, { fallback: true }, { external: true }]) {
      expect(await enter([...headers, ...others], options(rules))).toBe(expected);
    }
  });

  it("is anybody where credentials are ignored, whatever they look like", async () => {
    const headers: Header[] = [
      ["Authorization", "Negotiate x"],
      ["X-Atlassian-Jira-Personal-Token", "a b"],
      ["X-Atlassian-Jira-Url", "https://x"],
      ["X-Atlassian-Cloud-Id", "../x"],
      ["Cookie", "a=1"],
      ["Cookie", "b=2"],
    ];
    expect(await enter(headers, options({ ignoreHeaders: true }))).toEqual({
      kind: "http",
      products: {},
      urls: {},
      passthrough: { jira: { cookie: "a=1; b=2" } },
    });
  });

  it("asks for nothing before a page may ask", async () => {
    const ask: Header[] = [
      ["Origin", "https://chat.example.com"],
      ["Access-Control-Request-Method", "POST"],
    ];
    const preflight = { method: "OPTIONS" };
    expect(await enter(ask, options(), preflight)).toBe("204");
    expect(await enter([...ask, ["Host", "evil.example"]], options(), preflight)).toBe(
      "403 forbidden_host",
    );
    expect(await enter(ask.slice(0, 1), options(), preflight)).toBe("401 unauthorized");
  });
});

describe("a refusal", () => {
  it("challenges in both schemes, says what is wrong and never repeats a secret", async () => {
    const outcome = admit(await request([["Authorization", "Basic hunter2-hunter2"]]), options());
    if (!(outcome instanceof Response)) throw new Error("was let in");
    expect(outcome.headers.get("www-authenticate")).toBe(
      'Basic realm="Atlassian", charset="UTF-8", Bearer realm="Atlassian", error="invalid_token"',
    );
    const text = await outcome.text();
    expect(JSON.parse(text)).toMatchObject({ next: expect.stringContaining("Authorization") });
    expect(text).not.toContain("hunter2");
  });

  it("names what is unknown in the address", async () => {
    const url = "/mcp?readonly=perhaps";
    expect(await enter([basic("a:b")], options(), { url })).toBe("400 invalid_request");
  });
});

describe("what is let in", () => {
  it("is the request with what its address takes away", async () => {
    const outcome = admit(await request([basic("a:b")], { url: "/mcp?readonly=true" }), options());
    expect(outcome).toMatchObject({ policy: { readOnly: true } });
  });
});

describe("what a page may read", () => {
  it("is for pages of allowed origins alone", async () => {
    const of = async (headers: readonly Header[], method = "POST") =>
      corsHeaders(await request(headers, { method }), options());
    expect(await of([])).toEqual({});
    expect(await of([["Origin", "https://evil.example"]])).toEqual({});
    expect(await of([["Origin", "https://chat.example.com"]])).toMatchObject({
      "Access-Control-Allow-Origin": "https://chat.example.com",
      Vary: "Origin",
    });
    const odd: Header = ["Access-Control-Request-Headers", "a\u00e9<script>"];
    expect(await of([["Origin", "https://chat.example.com"], odd], "OPTIONS")).toMatchObject({
      "Access-Control-Allow-Headers": "",
    });
  });
});
