import type { ServerResponse } from "node:http";
import type { Client } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EchoSite, startEchoSite } from "../fakes/echo-site.ts";
import { sendJson, startServer, tlsServer } from "../fakes/loopback.ts";
import { call, connectStdio, type Env } from "./harness.ts";
import { connectLocally, runLocally } from "./local-program.ts";

const secret = "s3cret-token-value";
const seen = new Map<string, string>();

/** Every text that a person or a model got: distinct, without secrets, without stacks. */
function note(name: string, text: string): string {
  expect(text, name).not.toContain(secret);
  expect(text, name).not.toMatch(/\n\s+at .*:\d+/);
  seen.set(name, text);
  return text;
}

describe("a wrong setting is reported before anything starts", () => {
  const good = {
    JIRA_URL: "https://acme.atlassian.net",
    JIRA_USERNAME: "ada@example.com",
    JIRA_API_TOKEN: secret,
  };
  const run = async (env: Env, args: readonly string[] = []) => {
    const program = runLocally(args, env);
    program.stdin.end();
    const { code } = await program.ended;
    return { code, text: program.stderr(), stdout: program.stdout() };
  };

  it.each([
    ["a wrong address", { ...good, JIRA_URL: "acme" }, [], ["JIRA_URL"]],
    [
      "half a credential",
      { JIRA_URL: good.JIRA_URL, JIRA_USERNAME: good.JIRA_USERNAME },
      [],
      ["JIRA_API_TOKEN"],
    ],
    [
      "an unknown boolean",
      { ...good, READ_ONLY_MODE: "flase" },
      [],
      ["READ_ONLY_MODE", "flase", "true"],
    ],
    ["a misspelt flag", good, ["--transprot", "stdio"], ["--transprot", "--transport"]],
    ["a bad number", { ...good, PORT: "80a" }, [], ["PORT", "80a"]],
    [
      "a PAT for Cloud",
      { JIRA_URL: good.JIRA_URL, JIRA_PERSONAL_TOKEN: secret },
      [],
      ["JIRA_PERSONAL_TOKEN", "Cloud"],
    ],
    [
      "an unreadable file",
      { ...good, JIRA_API_TOKEN: "", JIRA_API_TOKEN_FILE: "/nowhere/token" },
      [],
      ["JIRA_API_TOKEN_FILE"],
    ],
  ] as const)("%s", async (name, env, args, words) => {
    const { code, text, stdout } = await run(env, args);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    for (const word of words) expect(note(name, text)).toContain(word);
  });

  it("all at once", async () => {
    const { text } = await run({ ...good, JIRA_URL: "acme", READ_ONLY_MODE: "flase", PORT: "80a" });
    for (const name of ["JIRA_URL", "READ_ONLY_MODE", "PORT"]) expect(text).toContain(name);
  });
});

type Answer = (response: ServerResponse) => void;

describe("a failing site is explained to the model", () => {
  let site: EchoSite;
  let client: Client;
  let answer: Answer = () => undefined;

  beforeAll(async () => {
    site = await startEchoSite((_, response) => answer(response));
    client = await connectStdio({
      JIRA_URL: site.url,
      JIRA_DEPLOYMENT: "cloud",
      JIRA_USERNAME: "ada@example.com",
      JIRA_API_TOKEN: secret,
      JIRA_TIMEOUT: "2",
      ATLASSIAN_RETRY_TOTAL: "0",
    });
  });
  afterAll(async () => {
    await client.close();
    await site.close();
  });

  const json =
    (status: number, body: unknown, headers: Env = {}): Answer =>
    (response) => {
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(JSON.stringify(body));
    };
  const html =
    (status: number): Answer =>
    (response) => {
      response.writeHead(status, { "content-type": "text/html" });
      response.end("<html><body><h1>Proxy Error</h1><script>alert(1)</script></body></html>");
    };
  const jiraSays = (text: string) => ({ errorMessages: [text], errors: {} });

  it.each([
    [
      "401",
      json(401, jiraSays("Client must be authenticated to access this resource.")),
      "auth",
      /JIRA_API_TOKEN|token/,
    ],
    ["403", json(403, jiraSays("You do not have permission.")), "forbidden", /permission/],
    [
      "404",
      json(404, jiraSays("Issue does not exist or you do not have permission to see it.")),
      "not_found",
      /PROJ-1/,
    ],
    ["409", json(409, jiraSays("Conflict.")), "conflict", /again/],
    [
      "400 with fields",
      json(400, { errorMessages: [], errors: { summary: "Too long." } }),
      "invalid",
      /summary: Too long/,
    ],
    ["500", json(500, jiraSays("Boom.")), "upstream", /500/],
    ["an HTML error page", html(502), "upstream", /502/],
    ["a login page", html(200), undefined, /HTML|login|sign/i],
    ["a closed socket", (response) => response.destroy(), "network", /127\.0\.0\.1/],
    ["a stalled socket", () => undefined, "timeout", /JIRA_TIMEOUT|2 s/],
    ["an answer of another shape", json(200, { nonsense: true }), "shape", /./],
    // Last: the server remembers it and does not ask again before its time.
    [
      "429 with Retry-After",
      json(429, jiraSays("Slow down."), { "retry-after": "60" }),
      "rate_limited",
      /60 s/,
    ],
  ] as [string, Answer, string | undefined, RegExp][])("%s", async (name, given, code, words) => {
    answer = given;
    const { isError, text } = await call(client, "jira_get_issue", {
      issue_key: "PROJ-1",
      comment_limit: 0,
    });
    expect(isError, text).toBe(true);
    note(name, text);
    if (code) expect(text).toContain(`Error (${code})`);
    expect(text).toMatch(words);
    expect(text).toContain("Next: ");
    expect(text).not.toContain("<script>");
  });

  it("429 without Retry-After", async () => {
    answer = json(429, jiraSays("Slow down."));
    const { text } = await call(client, "jira_get_worklog", { issue_key: "PROJ-2" });
    expect(note("429 without Retry-After", text)).toContain("Error (rate_limited)");
  });

  it("a misspelt argument never reaches the site", async () => {
    const before = site.authorizations.length;
    const { isError, text } = await call(client, "jira_get_issue", { isue_key: "PROJ-1" });
    expect(isError).toBe(true);
    expect(note("a misspelt argument", text)).toContain("did you mean `issue_key`?");
    expect(site.authorizations.length).toBe(before);
  });

  it("an unknown certificate authority", async () => {
    const { port } = await startServer(
      (_, response) => sendJson(response, {}),
      tlsServer("site.pem"),
    );
    const other = await connectLocally({
      JIRA_URL: `https://localhost:${port}`,
      JIRA_DEPLOYMENT: "cloud",
      JIRA_USERNAME: "ada@example.com",
      JIRA_API_TOKEN: secret,
    });
    const { text } = await call(other, "jira_get_issue", { issue_key: "PROJ-1" });
    await other.close();
    expect(note("an unknown certificate authority", text)).toMatch(
      /NODE_EXTRA_CA_CERTS|ATLASSIAN_CA_BUNDLE/,
    );
  });

  it("a closed port", async () => {
    const other = await connectLocally({
      JIRA_URL: "http://127.0.0.1:1",
      JIRA_DEPLOYMENT: "cloud",
      JIRA_USERNAME: "a",
      JIRA_API_TOKEN: secret,
      ATLASSIAN_RETRY_TOTAL: "0",
    });
    const { text } = await call(other, "jira_get_issue", { issue_key: "PROJ-1" });
    await other.close();
    expect(note("a closed port", text)).toContain("JIRA_URL");
  });

  it("no two failures read the same", () => {
    expect(new Set(seen.values()).size).toBe(seen.size);
    expect(seen.size).toBeGreaterThan(18);
  });
});

describe("nothing configured", () => {
  it("starts and says what to set", async () => {
    const client = await connectLocally({});
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name)).toEqual(["atlassian_call_tool", "atlassian_find_tools"]);
    const found = await call(client, "atlassian_find_tools", { query: "issues" });
    const called = await call(client, "jira_get_issue", { issue_key: "PROJ-1" });
    const instructions = client.getInstructions();
    await client.close();
    expect(found.text).toContain("JIRA_URL");
    expect(called.text).toContain("JIRA_URL");
    expect(instructions).toContain("JIRA_URL");
  });
});
