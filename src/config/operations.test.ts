import { describe, expect, it } from "vitest";
import { loadSettings } from "./load.ts";

function load(env: Record<string, string>, argv: readonly string[] = []) {
  const readFile = (): never => {
    throw Object.assign(new Error("no file"), { code: "ENOENT" });
  };
  return loadSettings({ argv: [...argv], env, cwd: "/", readFile });
}

function operationsOf(env: Record<string, string>, argv?: readonly string[]) {
  const loaded = load(env, argv);
  if (loaded.kind !== "settings") throw new Error(JSON.stringify(loaded));
  return loaded.settings.operations;
}

const http = {
  TRANSPORT: "streamable-http",
  JIRA_URL: "https://acme.atlassian.net",
  JIRA_USERNAME: "ann",
  JIRA_API_TOKEN: "token-of-ann",
};

describe("what whoever runs the server sees of it", () => {
  it("is little on stdio", () => {
    expect(operationsOf({})).toEqual({
      metrics: { isOn: false, port: undefined, host: "127.0.0.1", allowRemote: false },
      tracing: false,
      audit: { isOn: false, file: undefined },
      drainMs: 0,
    });
  });

  it("is a record of changes over HTTP, unless that is turned off", () => {
    expect(operationsOf(http).audit.isOn).toBe(true);
    expect(operationsOf({ ...http, MCP_AUDIT: "off" }).audit.isOn).toBe(false);
    expect(operationsOf({ MCP_AUDIT: "on", MCP_AUDIT_FILE: "a" }).audit).toEqual({
      isOn: true,
      file: "a",
    });
  });

  it("is what the settings ask for", () => {
    const env = { MCP_METRICS_PORT: "0", MCP_TRACING: "on", MCP_DRAIN_SECONDS: "5" };
    expect(operationsOf({ ...http, ...env }, ["--metrics"])).toMatchObject({
      metrics: { isOn: true, port: 0 },
      tracing: true,
      drainMs: 5000,
    });
  });

  it("warns of metrics that nobody can see", () => {
    const noticesOf = (env: Record<string, string>) => {
      const loaded = load(env);
      return loaded.kind === "settings" ? loaded.notices.map(({ setting }) => setting) : [];
    };
    expect(noticesOf({ MCP_METRICS: "on" })).toContain("MCP_METRICS");
    expect(noticesOf({ MCP_METRICS: "on", MCP_METRICS_PORT: "0" })).not.toContain("MCP_METRICS");
  });

  it("is never written to a file that a stranger's .env names", () => {
    const readFile = () => "MCP_AUDIT=on\nMCP_AUDIT_FILE=/home/ann/.bashrc\n";
    const loaded = loadSettings({ argv: [], env: {}, cwd: "/repo", readFile });
    if (loaded.kind !== "settings") throw new Error(JSON.stringify(loaded));
    expect(loaded.settings.operations.audit.file).toBeUndefined();
    expect(JSON.stringify(loaded.notices)).toContain("MCP_AUDIT_FILE");
  });

  it.each(["/readyz", "/metrics"])("keeps %s for itself", (path) => {
    expect(load({ ...http, STREAMABLE_HTTP_PATH: path }).kind).toBe("errors");
  });
});
