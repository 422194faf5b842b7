import { describe, expect, it } from "vitest";
import { createPlaces } from "./places.ts";
import { parseRedirectPattern } from "./redirect-patterns.ts";
import { createRedirectPolicy } from "./redirects.ts";

const policyAt = (issuer: string, patterns?: readonly string[]) =>
  createRedirectPolicy(
    createPlaces({
      issuer: new URL(issuer),
      resource: new URL(`${issuer}/mcp`),
      redirectUri: new URL(`${issuer}/callback`),
    }),
    patterns,
  );
const policy = policyAt("https://mcp.example.com");
const isFine = (uri: string, { flawOf, allows } = policy) =>
  flawOf(uri) === undefined && allows(uri);

describe("without a list of the operator", () => {
  it.each([
    "https://claude.ai/api/mcp/auth_callback",
    "https://claude.com/api/mcp/auth_callback",
    "https://chatgpt.com/connector_platform_oauth_redirect",
    "https://chatgpt.com/connector/oauth/abc123",
    "https://vscode.dev/redirect",
    "http://127.0.0.1:33418/",
    "http://127.0.0.1:33418",
    "cursor://anysphere.cursor-mcp/oauth/callback",
    "windsurf://codeium.windsurf/callback",
    "http://localhost:6274/oauth/callback",
    "http://[::1]:8080/callback",
  ])("allows %s", (uri) => {
    expect(isFine(uri)).toBe(true);
  });

  it.each([
    "https://evil.example/callback",
    "https://claude.ai/other",
    "https://claude.ai.evil.example/api/mcp/auth_callback",
    "https://evil.example/https://claude.ai/api/mcp/auth_callback",
    "https://claude.ai:8443/api/mcp/auth_callback",
    "https://claude.ai@evil.example/api/mcp/auth_callback",
    "cursor://evil/oauth/callback",
    "evil://anysphere.cursor-mcp/oauth/callback",
    "http://127.0.0.1.evil.example/callback",
    "http://localhost.evil.example/callback",
    "http://127.0.0.2/callback",
    "http://2130706433/callback",
    "http://0x7f.1/callback",
    "http://LOCALHOST/callback",
    "http://localhost./callback",
    "http://localhost/a/../callback",
    "http://localhost/%2e%2e/callback",
    "http://user@localhost/callback",
    "http://localhost/callback#fragment",
    "http:localhost/callback",
    "http://localhost\\@evil.example/",
    " http://localhost/callback",
    "data:text/html,x",
    "vbscript:x",
    "file:///etc/passwd",
    "not an address",
    "",
  ])("refuses %j", (uri) => {
    expect(isFine(uri)).toBe(false);
  });

  it("lets a document's own host answer itself", () => {
    expect(policy.allows("https://app.example.org/cb", "app.example.org")).toBe(true);
    expect(policy.allows("https://app.example.org/cb", "other.example.org")).toBe(false);
  });
});

describe("a list of the operator", () => {
  it("is all there is", () => {
    const own = policyAt("https://mcp.example.com", ["https://*.corp.example/*/done"]);
    expect(isFine("https://chat.corp.example/oauth/done", own)).toBe(true);
    for (const uri of [
      "https://corp.example/oauth/done",
      "https://chat.corp.example/done",
      "https://chat.corp.example:444/oauth/done",
      "https://claude.ai/api/mcp/auth_callback",
      "http://localhost/oauth/done",
    ]) {
      expect(isFine(uri, own)).toBe(false);
    }
    expect(own.allows("https://app.example.org/cb", "app.example.org")).toBe(false);
  });

  it("opens no http beyond this machine and no scheme that runs something", () => {
    const own = policyAt("https://mcp.example.com", [
      "http://intranet.example/*",
      "javascript://*",
    ]);
    expect(isFine("http://intranet.example/cb", own)).toBe(false);
    expect(isFine("javascript://x/%0aalert(1)", own)).toBe(false);
  });

  it.each([
    ["http://localhost:*", "http://localhost:1/x", true],
    ["http://localhost", "http://localhost:1/x", true],
    ["http://localhost:8080/", "http://localhost:8080/x", true],
    ["http://localhost:8080", "http://localhost:8081/x", false],
    ["http://127.0.0.1:*", "http://localhost:1/x", false],
    ["http://[::1]:*", "http://[::1]:9/x", true],
    ["https://a.example/cb", "https://a.example/cb", true],
    ["https://a.example/cb", "https://a.example/cb/", false],
    ["https://a.example/c.b", "https://a.example/cxb", false],
    ["https://a.example:*/", "https://a.example:99/", true],
    ["https://A.example/cb", "https://a.example/cb", true],
    ["app://*", "app://anything/at/all", true],
    ["app:///done", "app:///done", true],
  ])("%s against %s: %s", (pattern, uri, matches) => {
    expect(parseRedirectPattern(pattern)(new URL(uri))).toBe(matches);
  });

  it.each([
    "",
    "localhost",
    "https://",
    "https://*",
    "https://a.example/x?y",
    "https://u@a.example/",
    "https://a.*.example/",
  ])("refuses %j as a pattern", (pattern) => {
    expect(() => parseRedirectPattern(pattern)).toThrow(
      expect.objectContaining({ code: "config" }),
    );
  });
});

describe("an address that leads back here", () => {
  it("is told apart at once from one with thousands of dots", () => {
    const uri = `http://${".".repeat(15_000)}x/`;
    // Time that grows with the square of the length would make this test fail by its limit.
    for (let count = 0; count < 40; count += 1) expect(policy.isOurs(uri)).toBe(false);
  }, 4000);

  const local = policyAt("http://127.0.0.1:8000");
  it.each([
    "http://127.0.0.1:8000/callback",
    "http://localhost:8000/callback",
    "http://LOCALHOST:8000/callback",
    "http://localhost.:8000/callback",
    "http://[::1]:8000/callback",
    "http://[::ffff:127.0.0.1]:8000/callback",
    "http://127.1:8000/callback",
    "http://0x7f000001:8000/callback",
    "http://127.0.0.1:8000/%63allback",
    "http://127.0.0.1:8000/%2563allback",
    "http://127.0.0.1:8000/x/../callback",
    "http://127.0.0.1:8000//callback",
    "http://127.0.0.1:8000/account",
    "http://127.0.0.1:8000/",
  ])("is found behind %s", (uri) => {
    expect(local.isOurs(uri)).toBe(true);
    expect(local.flawOf(uri)).toBeDefined();
  });

  it.each([
    "http://127.0.0.1:8001/callback",
    "https://example.com/callback",
    "cursor://127.0.0.1:8000/callback",
  ])("is not taken for %s", (uri) => {
    expect(local.isOurs(uri)).toBe(false);
  });

  const below = policyAt("https://münchen.example/tools/atlassian");
  it.each([
    "https://münchen.example/tools/atlassian/callback",
    "https://xn--mnchen-3ya.example:443/tools/atlassian/callback",
    "https://MÜNCHEN.example./Tools/Atlassian/Callback",
    "https://xn--mnchen-3ya.example/tools/other/../atlassian/callback",
    "https://xn--mnchen-3ya.example/tools%2Fatlassian%2Fcallback",
    "https://xn--mnchen-3ya.example/tools/atlassian",
  ])("is found behind %s, below a prefix", (uri) => {
    expect(below.isOurs(uri)).toBe(true);
  });

  it.each([
    "https://xn--mnchen-3ya.example/tools/atlassians/callback",
    "https://xn--mnchen-3ya.example/callback",
  ])("leaves %s to its neighbours", (uri) => {
    expect(below.isOurs(uri)).toBe(false);
  });
});
