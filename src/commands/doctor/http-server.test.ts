import { expect, it } from "vitest";
import { loadSettings } from "../../config/load.ts";
import { examineServer } from "./http-server.ts";
import type { CheckName } from "./report.ts";

function server(env: Record<string, string>) {
  const readFile = (): never => {
    throw Object.assign(new Error("no file"), { code: "ENOENT" });
  };
  const jira = { JIRA_URL: "https://jira.example.com", JIRA_PERSONAL_TOKEN: "a-token-of-ann" };
  const loaded = loadSettings({ argv: [], env: { ...jira, ...env }, cwd: "/", readFile });
  if (loaded.kind !== "settings") throw new Error(JSON.stringify(loaded));
  const { findings } = examineServer(loaded.settings);
  return (check: CheckName) => findings.find((finding) => finding.check === check);
}

const http = { TRANSPORT: "streamable-http" };
const open = { ...http, HOST: "0.0.0.0" };
const fallback = { ALLOW_GLOBAL_CRED_FALLBACK: "true" };
const external = { ATLASSIAN_EXTERNAL_AUTH_ENABLE: "true" };

it.each<[string, CheckName, Record<string, string>, string | undefined, RegExp]>([
  ["stdio", "callers", {}, "ok", /over stdio/],
  ["everyone with credentials", "callers", http, "ok", /those without are refused/],
  ["a fallback", "callers", { ...http, ...fallback }, "ok", /act as the operator/],
  [
    "no credentials of callers",
    "callers",
    { ...http, ...fallback, IGNORE_HEADER_AUTH: "true" },
    "ok",
    /ignored \(IGNORE_HEADER_AUTH\)/,
  ],
  ["a silent gateway", "callers", { ...http, ...external }, "warning", /no header of the gateway/],
  [
    "a gateway",
    "callers",
    { ...http, ...external, JIRA_PASSTHROUGH_HEADERS: "X-User" },
    "ok",
    /a gateway in front/,
  ],
  ["loopback", "exposure", { ...http, ...fallback }, "ok", /only this machine/],
  ["other machines", "exposure", open, "ok", /other machines/],
  ["an open door", "exposure", { ...open, ...fallback }, "warning", /acts as the operator/],
  ["no names", "host_header", open, "warning", /rebinding/],
  ["loopback names", "host_header", http, "ok", /loopback names/],
  [
    "names",
    "host_header",
    { ...open, MCP_ALLOWED_HOSTS: "mcp.example.com" },
    "ok",
    /mcp\.example\.com/,
  ],
  [
    "web pages",
    "origins",
    { ...http, MCP_ALLOWED_ORIGINS: "https://chat.example.com" },
    "ok",
    /chat\.example\.com/,
  ],
  ["no OAuth of callers", "caller_oauth", http, "ok", /not taken/],
  ["OAuth of callers", "caller_oauth", { ...http, ATLASSIAN_OAUTH_ENABLE: "1" }, "ok", /^taken/],
  ["no chosen sites", "caller_urls", http, "ok", /none/],
  [
    "chosen sites",
    "caller_urls",
    { ...http, MCP_ALLOWED_URL_DOMAINS: "example.org" },
    "ok",
    /those in example\.org/,
  ],
])("%s", (_, check, env, outcome, text) => {
  expect(server(env)(check)?.outcome).toBe(outcome);
  expect(server(env)(check)?.text).toMatch(text);
});
