import { describe, expect, it, onTestFinished } from "vitest";
import { sendJson, startServer } from "../../test/fakes/loopback.ts";
import { nobody } from "../auth/caller.ts";
import { resolveConnection } from "../auth/resolve.ts";
import { settleConnection } from "../auth/settle.ts";
import { loadSettings } from "../config/load.ts";
import { apiPath } from "../http/path.ts";
import { silentLogger } from "../log.ts";
import { compose } from "./compose.ts";
import { SiteDiscovery } from "./discovery.ts";

function compositionFor(argv: readonly string[], more: Record<string, string> = {}) {
  const env = {
    JIRA_URL: "https://acme.atlassian.net",
    JIRA_USERNAME: "ann",
    JIRA_API_TOKEN: "token-of-ann",
    ...more,
  };
  const readFile = (): never => {
    throw Object.assign(new Error("no file"), { code: "ENOENT" });
  };
  const loaded = loadSettings({ argv: [...argv], env, cwd: "/", readFile });
  if (loaded.kind !== "settings") throw new Error(JSON.stringify(loaded));
  const composition = compose(loaded.settings, silentLogger);
  onTestFinished(composition.close);
  return composition;
}

const runtimeFor = (argv: readonly string[]) => compositionFor(argv).runtime;

describe("what the operator is told", () => {
  it.each([
    [{}, []],
    [{ ENABLED_TOOLS: "jira_search,jira_frob" }, [/jira_frob/]],
    [{ ENABLED_TOOLS: "jira_frob" }, [/jira_frob/, /no tool/]],
    [{ TOOLSETS: "jira_forms" }, [/no tool/]],
  ])("%j", (env, expected) => {
    const { notices } = compositionFor([], env);
    expect(notices).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
  });

  it("refuses toolsets that do not exist, with the name that was meant", () => {
    expect(() => compositionFor([], { TOOLSETS: "jira_isues" })).toThrow(
      /did you mean jira_issues/,
    );
  });
});

describe("the operator's own headers", () => {
  it("go with a caller's credentials only when they do not say who somebody is", async () => {
    const site = await startServer((_, response) => sendJson(response, {}));
    const env = {
      JIRA_URL: site.url.href,
      JIRA_DEPLOYMENT: "datacenter",
      JIRA_CUSTOM_HEADERS: "X-Gateway=internal,Cookie=JSESSIONID=operator,X-Remote-User=boss",
    };
    const { runtime } = compositionFor([], env);
    const caller = { ...nobody, shared: { scheme: "bearer", token: "caller" } } as const;
    for (const who of [{ kind: "operator" } as const, caller]) {
      const resolution = resolveConnection("jira", runtime.access, who, runtime.authRules);
      if (resolution.kind === "refusal") throw resolution.error;
      const settled = await settleConnection(resolution.connection, new SiteDiscovery(runtime));
      const api = await runtime.api(settled, { readOnly: true });
      await api.json({ path: apiPath`/rest/api/2/myself` });
    }
    expect(
      site.seen.map(({ headers }) => [
        headers["x-gateway"],
        headers.cookie,
        headers["x-remote-user"],
      ]),
    ).toEqual([
      ["internal", "JSESSIONID=operator", "boss"],
      ["internal", undefined, undefined],
    ]);
  });
});

describe("files of the caller", () => {
  it("may be read below the working directory when the server runs on the caller's machine", () => {
    const { jira, confluence } = runtimeFor([]);
    expect([jira.filesRoot, confluence.filesRoot]).toEqual([process.cwd(), process.cwd()]);
  });

  it("cannot be read over HTTP, where the disk is not the caller's", () => {
    const { jira, confluence } = runtimeFor(["--transport", "streamable-http"]);
    expect([jira.filesRoot, confluence.filesRoot]).toEqual([undefined, undefined]);
  });
});

describe("an address that a stranger names as its description", () => {
  it("is reached on the public internet alone, whatever callers with credentials may name", async () => {
    const inside = await startServer((_request, response) => sendJson(response, {}));
    const more = { MCP_ALLOWED_URL_DOMAINS: "127.0.0.0/8", ATLASSIAN_STORE_URL: "memory:" };
    const { runtime } = compositionFor(["--transport", "streamable-http"], more);
    const { documentFetch } = await runtime.oauth();
    await expect(documentFetch(`${inside.url}client.json`)).rejects.toMatchObject({
      code: "forbidden",
    });
    expect(inside.connections).toBe(0);
  });
});
