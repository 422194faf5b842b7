import { describe, expect, it } from "vitest";
import { type LoadResult, loadSettings } from "./load.ts";
import { allSettings } from "./schema.ts";
import { namesOf } from "./sources.ts";

type Env = Record<string, string>;

const connection: Env = {
  JIRA_URL: "https://jira.example.com",
  JIRA_PERSONAL_TOKEN: "token-of-ann",
};
const secretFile = "/home/ann/.ssh/one-line";

/** Loads with `.env` in the working directory; what the user's own files hold is a secret and a certificate at once. */
function load(env: Env, file: Env, argv: string[] = []): LoadResult {
  return loadSettings({
    argv,
    env,
    cwd: "/repo",
    readFile: (path) => {
      if (path === "/repo/.env") return linesOf(file);
      if (path === secretFile) return "secret-of-ann BEGIN CERTIFICATE";
      throw Object.assign(new Error(path), { code: "ENOENT" });
    },
  });
}

function linesOf(file: Env): string {
  return Object.entries(file)
    .map(([name, text]) => `${name}='${text}'\n`)
    .join("");
}

function settingsOf(...input: Parameters<typeof load>) {
  const result = load(...input);
  if (result.kind !== "settings") throw new Error(JSON.stringify(result));
  return result.settings;
}

function saidOf(...input: Parameters<typeof load>): string {
  const result = load(...input);
  if (!("notices" in result)) throw new Error(result.kind);
  return result.notices
    .filter(({ setting }) => setting === ".env")
    .map(({ message }) => message)
    .join("\n");
}

describe("a .env nobody named", () => {
  it("does not redirect credentials of the environment, and says what was left out and why", () => {
    const file = { JIRA_HTTPS_PROXY: "http://127.0.0.1:9", JIRA_SSL_VERIFY: "false" };
    const { jira } = settingsOf(connection, file).products;
    expect(jira).toMatchObject({ sslVerify: true, proxies: { https: undefined } });
    expect(saidOf(connection, file)).toBe(
      "Not taken from .env in the working directory: JIRA_SSL_VERIFY, JIRA_HTTPS_PROXY. " +
        "JIRA_URL comes from the environment, and a file that nobody named may not redirect or weaken that " +
        "connection. If the file is yours, start with --env-file .env.",
    );
  });

  it("never has a file sent to the site it names", () => {
    const file = { JIRA_URL: "https://evil.example.com", JIRA_PERSONAL_TOKEN_FILE: secretFile };
    expect(load({}, file)).toMatchObject({
      kind: "errors",
      problems: [{ setting: "JIRA_URL", problem: "is set without credentials" }],
    });
    expect(saidOf({}, file)).toContain(
      "Not taken from .env in the working directory: JIRA_PERSONAL_TOKEN_FILE. A file that nobody named may not point at other files.",
    );
    const { jira } = settingsOf({}, file, ["--env-file=.env"]).products;
    expect(jira?.personalToken).toBe("secret-of-ann BEGIN CERTIFICATE");
  });

  it("makes no use of a login that is stored for an app", () => {
    const app = { ATLASSIAN_OAUTH_CLIENT_ID: "known", ATLASSIAN_OAUTH_CLIENT_SECRET: "any" };
    const file = {
      ...app,
      JIRA_URL: "https://acme.atlassian.net",
      ATLASSIAN_API_URL: "https://evil.example",
    };
    expect(load({}, file)).toMatchObject({
      kind: "errors",
      problems: [{ setting: "JIRA_URL", problem: "is set without credentials" }],
    });
    expect(saidOf({}, file)).toContain(
      "Not taken from .env in the working directory: ATLASSIAN_OAUTH_CLIENT_ID, ATLASSIAN_OAUTH_CLIENT_SECRET. A file that nobody named may not make use of a stored login.",
    );
    expect(settingsOf({}, file, ["--env-file=.env"]).products.jira?.oauth?.clientId).toBe("known");
  });

  it.each([
    ["a token in the environment", { JIRA_PERSONAL_TOKEN: "token-of-ann" }, []],
    ["a token's file in the environment", { JIRA_PERSONAL_TOKEN_FILE: secretFile }, []],
    ["a token on the command line", {}, ["--jira-personal-token=token-of-ann"]],
    ["headers in the environment", { JIRA_CUSTOM_HEADERS: "X-Key=of-ann" }, []],
    ["a site in the environment", { JIRA_URL: "https://jira.example.com" }, []],
    ["the other product in the environment", { CONFLUENCE_API_TOKEN: "token-of-ann" }, []],
    ["an OAuth token in the environment", { ATLASSIAN_OAUTH_ACCESS_TOKEN: "of-ann" }, []],
    ["an OAuth client in the environment", { JIRA_OAUTH_CLIENT_ID: "of-ann" }, []],
    ["a client certificate in the environment", { JIRA_CLIENT_KEY_PASSWORD: "of-ann" }, []],
  ] satisfies [string, Env, string[]][])("has no say in connections beside %s", (_, env, argv) => {
    const site = "https://evil.example.com";
    const file = { JIRA_URL: site, JIRA_PERSONAL_TOKEN: "evil-token", CONFLUENCE_URL: site };
    const withHttp = ["--transport=http", ...argv];
    expect(saidOf(env, file, withHttp)).toMatch(/^Not taken from .*CONFLUENCE_URL.*$/);
    expect(JSON.stringify(load(env, file, withHttp))).not.toContain("evil");
  });

  it("counts neither blanks nor placeholders of a client as a connection", () => {
    const env = { JIRA_API_TOKEN: " ", CONFLUENCE_URL: "$".concat("{user_config.url}") };
    expect(settingsOf(env, connection).products.jira?.personalToken).toBe("token-of-ann");
  });

  it("sets everything but files where it holds the connection whole", () => {
    const network = { JIRA_HTTPS_PROXY: "http://127.0.0.1:9", JIRA_SSL_VERIFY: "false" };
    const file = { ...connection, ...network, ATLASSIAN_CA_BUNDLE: secretFile, HOST: "0.0.0.0" };
    const { products, http, outbound } = settingsOf({ PORT: "1" }, file);
    expect(products.jira).toMatchObject({ sslVerify: false, personalToken: "token-of-ann" });
    expect(products.jira?.proxies.https?.port).toBe("9");
    const files = outbound.trust.files.map(({ path }) => path);
    expect([http.host, files]).toEqual(["0.0.0.0", [secretFile]]);
    expect(saidOf({}, file)).not.toContain("Not taken");
  });

  it("may narrow what is used of a connection from elsewhere", () => {
    const file = { READ_ONLY_MODE: "true", JIRA_PROJECTS_FILTER: "OPS", TOOLSETS: "jira_issues" };
    const { policy, products } = settingsOf(connection, file);
    expect(policy).toMatchObject({ readOnly: true, toolsets: ["jira_issues"] });
    expect(products.jira?.filter).toEqual(["OPS"]);
    expect(saidOf(connection, file)).not.toContain("Not taken");
  });

  it("is not mentioned for what the environment sets anyway", () => {
    expect(saidOf(connection, connection)).toBe("");
  });

  it("sets only a fixed list of names beside a connection from elsewhere", () => {
    const names = allSettings.flatMap(namesOf).filter((name) => !Object.hasOwn(connection, name));
    const file = Object.fromEntries(names.map((name) => [name, "1"]));
    const withheld = saidOf(connection, file).split(". ")[0]?.split(": ")[1]?.split(", ");
    const taken = names.filter((name) => withheld?.includes(name) === false);
    expect(taken).toMatchInlineSnapshot(`
      [
        "READ_ONLY_MODE",
        "TOOLSETS",
        "ENABLED_TOOLS",
        "TOOL_NAMES",
        "JIRA_PROJECTS_FILTER",
        "CONFLUENCE_SPACES_FILTER",
        "JIRA_INTERNAL_ONLY_PROJECTS",
        "JIRA_ISSUE_KEY_PATTERN",
        "JIRA_PROJECT_KEY_PATTERN",
        "DISABLE_JIRA_MARKUP_TRANSLATION",
        "CONFLUENCE_ATTACHMENT_DOWNLOAD_USE_V1",
        "HIERARCHY_LINK_PHRASES",
        "JIRA_SLA_METRICS",
        "JIRA_SLA_WORKING_HOURS_ONLY",
        "JIRA_SLA_WORKING_HOURS_START",
        "JIRA_SLA_WORKING_HOURS_END",
        "JIRA_SLA_WORKING_DAYS",
        "JIRA_SLA_TIMEZONE",
        "ATLASSIAN_RETRY_TOTAL",
        "ATLASSIAN_RETRY_BACKOFF",
        "ATLASSIAN_RETRY_INCLUDE_WRITES",
        "ATLASSIAN_RETRY_IGNORE_RETRY_AFTER",
        "ATLASSIAN_MAX_CONCURRENT_REQUESTS",
        "ATLASSIAN_REQUESTS_PER_SECOND",
        "ATLASSIAN_MAX_PAGINATION_LIMIT",
        "ATLASSIAN_CIRCUIT_BREAKER_THRESHOLD",
        "ATLASSIAN_CIRCUIT_BREAKER_COOLDOWN",
        "JIRA_FETCHER_MAX_WORKERS",
        "MCP_VERBOSE",
        "MCP_VERY_VERBOSE",
        "MCP_LOGGING_STDOUT",
      ]
    `);
  });
});

describe("a .env that was named", () => {
  it("completes and changes a connection from elsewhere", () => {
    const { JIRA_PERSONAL_TOKEN: _, ...site } = connection;
    const file = { JIRA_PERSONAL_TOKEN: "token-of-file", JIRA_SSL_VERIFY: "false" };
    const { jira } = settingsOf(site, file, ["--env-file", ".env"]).products;
    expect(jira).toMatchObject({ personalToken: "token-of-file", sslVerify: false });
  });
});
