import { describe, expect, it } from "vitest";
import { type LoadResult, loadSettings } from "./load.ts";
import type { Notice, Problem } from "./problems.ts";
import type { Settings } from "./product.ts";

type Env = Record<string, string>;
type Files = Record<string, string>;

const cloudJira: Env = {
  JIRA_URL: "https://acme.atlassian.net",
  JIRA_USERNAME: "ann",
  JIRA_API_TOKEN: "token-of-ann",
};

function load(env: Env, argv: string[] = [], files: Files = {}): LoadResult {
  return loadSettings({
    argv,
    env,
    cwd: "/home/ann",
    readFile: (path) => {
      const text = files[path];
      if (text !== undefined) return text;
      throw Object.assign(new Error(`no ${path}`), { code: "ENOENT" });
    },
  });
}

function settingsOf(...input: Parameters<typeof load>): Settings {
  const result = load(...input);
  if (result.kind !== "settings") throw new Error(JSON.stringify(result));
  return result.settings;
}

function problemsOf(...input: Parameters<typeof load>): readonly Problem[] {
  const result = load(...input);
  if (result.kind !== "errors") throw new Error(`expected problems, not ${result.kind}`);
  return result.problems;
}

function noticesOf(...input: Parameters<typeof load>): readonly Notice[] {
  const result = load(...input);
  if (result.kind !== "settings") throw new Error(JSON.stringify(result));
  return result.notices;
}

describe("sources", () => {
  const file = { "/home/ann/.env": "JIRA_TIMEOUT=10\nPORT=1\nHOST=h.example.com\n" };

  it("prefers the command line to the environment and that to the env file", () => {
    const { http, products } = settingsOf(
      { ...cloudJira, PORT: "2", HOST: "e" },
      ["--port=3", "--env-file=.env"],
      file,
    );
    expect([http.port, http.host, products.jira?.timeoutMs]).toEqual([3, "e", 10_000]);
  });

  it("reads the named env file instead of .env, relative to the working directory", () => {
    const files = { "/home/ann/.env": "MCP_VERBOSE=on", "/home/ann/conf/my.env": "PORT=7" };
    const { http, logLevel } = settingsOf(cloudJira, ["--env-file", "conf/my.env"], files);
    expect([http.port, logLevel]).toEqual([7, "warn"]);
  });

  it("lets an empty value of a higher source switch a lower one off", () => {
    expect(settingsOf({ PORT: "5" }, [], file).http.port).toBe(5);
    expect(settingsOf({ PORT: "" }, [], file).http.port).toBe(8000);
    expect(settingsOf({ ...cloudJira, PORT: "5" }, ["--port="]).http.port).toBe(8000);
  });

  it("lets -v beat the environment in both directions", () => {
    expect(settingsOf({ MCP_VERY_VERBOSE: "1" }).logLevel).toBe("debug");
    expect(settingsOf({ MCP_VERY_VERBOSE: "1" }, ["-v"]).logLevel).toBe("info");
    expect(settingsOf({}, ["-vv"]).logLevel).toBe("debug");
    expect(settingsOf({}).logLevel).toBe("warn");
    expect(settingsOf({}, [], { "/home/ann/.env": "MCP_VERBOSE=on" }).logLevel).toBe("info");
  });

  it("lets a --no- flag switch off what the environment switched on", () => {
    expect(settingsOf({ READ_ONLY_MODE: "true" }, ["--no-read-only"]).policy.readOnly).toBe(false);
  });

  it("says which settings came from a .env nobody named", () => {
    expect(noticesOf({}, [], file)).toContainEqual({
      setting: ".env",
      message: "Taken from .env in the working directory: JIRA_TIMEOUT, HOST, PORT.",
    });
    expect(noticesOf(cloudJira, ["--env-file=.env"], file)).toEqual([]);
  });

  it("ignores a .env that is a folder, but not an unreadable one", () => {
    const withCode = (code: string) =>
      loadSettings({
        argv: [],
        env: cloudJira,
        cwd: "/",
        readFile: () => {
          throw Object.assign(new Error(code), { code });
        },
      });
    expect(withCode("EISDIR")).toMatchObject({ kind: "settings", notices: [] });
    expect(withCode("EACCES")).toMatchObject({ kind: "settings", notices: [{ setting: ".env" }] });
  });

  it("reads a secret from its file, without the line break at its end", () => {
    const { JIRA_API_TOKEN: _, ...rest } = cloudJira;
    const env = { ...rest, JIRA_API_TOKEN_FILE: "secrets/jira" };
    const files = { "/home/ann/secrets/jira": "file-token\n" };
    expect(settingsOf(env, [], files).products.jira?.apiToken).toBe("file-token");
    expect(settingsOf(env, ["--jira-token=flag-token"], files).products.jira?.apiToken).toBe(
      "flag-token",
    );
  });

  it("counts a placeholder that a client left in place as not set", () => {
    const env = { ...cloudJira, JIRA_PERSONAL_TOKEN: "$".concat("{user_config.pat}") };
    expect(settingsOf(env).products.jira?.personalToken).toBeUndefined();
    expect(noticesOf(env)).toMatchObject([{ setting: "JIRA_PERSONAL_TOKEN" }]);
  });

  it("asks for nothing but what was asked for with --help and --version", () => {
    expect(load({ PORT: "bad" }, ["--help", "--nonsense"])).toEqual({ kind: "help" });
    expect(load({ PORT: "bad" }, ["--version"])).toEqual({ kind: "version" });
  });
});

describe("settings", () => {
  it("gives all defaults and no product on stdio without any setting", () => {
    const result = load({});
    if (result.kind !== "settings") throw new Error(result.kind);
    // Facts of the machine are no defaults.
    const { machine: _machine, ...settings } = result.settings;
    expect({ ...result, settings }).toMatchInlineSnapshot(`
      {
        "command": {
          "name": "serve",
        },
        "kind": "settings",
        "notices": [
          {
            "message": "No product is configured, so only tools that need none are offered. Set JIRA_URL or CONFLUENCE_URL with credentials, or try --sandbox, which needs neither.",
            "setting": "JIRA_URL",
          },
        ],
        "origins": Map {},
        "settings": {
          "apiUrl": "https://api.atlassian.com/",
          "authUrl": "https://auth.atlassian.com/",
          "callers": {
            "allowedDomains": undefined,
            "external": false,
            "fallback": false,
            "ignoreHeaderAuth": false,
            "oauth": false,
            "passthrough": {
              "confluence": [],
              "jira": [],
            },
            "validation": {
              "maxEntries": 100,
              "ttlMs": 300000,
            },
          },
          "cloudId": undefined,
          "http": {
            "allowedHosts": undefined,
            "allowedOrigins": undefined,
            "host": "127.0.0.1",
            "path": "/mcp",
            "port": 8000,
            "stateless": false,
            "transport": "stdio",
          },
          "jira": {
            "internalOnlyProjects": [],
            "issueKeyPattern": /\\^\\[A-Z\\]\\[A-Z0-9_\\]\\+-\\\\d\\+\\(\\?:-\\\\d\\+\\)\\*\\$/,
            "projectKeyPattern": /\\^\\[A-Z\\]\\[A-Z0-9_\\]\\+\\$/,
            "translateMarkup": true,
          },
          "logLevel": "warn",
          "maxPageSize": 0,
          "oauthParts": {
            "confluence": {
              "redirectUri": undefined,
              "scopes": [],
            },
            "jira": {
              "redirectUri": undefined,
              "scopes": [],
            },
          },
          "oauthServer": undefined,
          "operations": {
            "audit": {
              "file": undefined,
              "isOn": false,
            },
            "drainMs": 0,
            "metrics": {
              "allowRemote": false,
              "host": "127.0.0.1",
              "isOn": false,
              "port": undefined,
            },
            "tracing": false,
          },
          "outbound": {
            "breaker": {
              "cooldownMs": 30000,
              "threshold": 0,
            },
            "maxConcurrent": 0,
            "requestsPerSecond": 0,
            "retry": {
              "backoffMs": 1000,
              "ignoreRetryAfter": false,
              "includeWrites": false,
              "total": 3,
            },
            "trust": {
              "files": [],
              "useSystem": true,
            },
          },
          "policy": {
            "enabledTools": undefined,
            "readOnly": false,
            "shortNames": false,
            "toolsets": undefined,
          },
          "products": {
            "confluence": undefined,
            "jira": undefined,
          },
          "sandbox": undefined,
          "sharedProxies": {
            "http": undefined,
            "https": undefined,
            "no": [],
            "pac": undefined,
            "socks": undefined,
          },
          "store": {
            "keys": [],
            "url": undefined,
          },
        },
      }
    `);
  });

  it("reads a product whole", () => {
    const settings = settingsOf({
      CONFLUENCE_URL: "https://wiki.example.com/confluence/",
      CONFLUENCE_PERSONAL_TOKEN: " pat-of-ann ",
      CONFLUENCE_DEPLOYMENT: "dc",
      CONFLUENCE_AUTH: "PAT",
      CONFLUENCE_SSL_VERIFY: "off",
      CONFLUENCE_TIMEOUT: "20",
      CONFLUENCE_CUSTOM_HEADERS: "X-A=1",
      CONFLUENCE_SPACES_FILTER: "docs, ~ann",
      NO_PROXY: "localhost,.example.com",
    });
    expect(settings.products).toMatchInlineSnapshot(`
      {
        "confluence": {
          "accessToken": undefined,
          "apiToken": undefined,
          "auth": "pat",
          "certificate": undefined,
          "customHeaders": {
            "X-A": "1",
          },
          "deployment": "datacenter",
          "filter": [
            "docs",
            "~ann",
          ],
          "oauth": undefined,
          "personalToken": "pat-of-ann",
          "product": "confluence",
          "proxies": {
            "http": undefined,
            "https": undefined,
            "no": [
              "localhost",
              ".example.com",
            ],
            "pac": undefined,
            "socks": undefined,
          },
          "sslVerify": false,
          "timeoutMs": 20000,
          "url": "https://wiki.example.com/confluence",
          "username": undefined,
        },
        "jira": undefined,
      }
    `);
  });

  it("writes project keys in upper case, for filters must not miss one", () => {
    const env = {
      ...cloudJira,
      JIRA_PROJECTS_FILTER: "proj,OPS",
      JIRA_INTERNAL_ONLY_PROJECTS: "help",
    };
    const { products, jira } = settingsOf(env);
    expect(products.jira?.filter).toEqual(["PROJ", "OPS"]);
    expect(jira.internalOnlyProjects).toEqual(["HELP"]);
  });

  it("reads policy, limits and server", () => {
    const settings = settingsOf(
      {
        ...cloudJira,
        TOOLSETS: "Default, jira_agile",
        ENABLED_TOOLS: "jira_get_issue",
        TOOL_NAMES: "short",
        ATLASSIAN_RETRY_BACKOFF: "0.5",
        ATLASSIAN_CIRCUIT_BREAKER_COOLDOWN: "10",
        ATLASSIAN_CA_BUNDLE: "ca.pem",
        SSL_CERT_FILE: "/ca.pem",
        MCP_ALLOWED_HOSTS: "mcp.example.com",
      },
      ["--transport", "http", "--host", "0.0.0.0", "--path", "api/mcp/", "--stateless"],
      {
        "/home/ann/ca.pem": "-----BEGIN CERTIFICATE-----",
        "/ca.pem": "-----BEGIN CERTIFICATE-----",
      },
    );
    expect(settings.policy).toEqual({
      readOnly: false,
      enabledTools: ["jira_get_issue"],
      toolsets: ["default", "jira_agile"],
      shortNames: true,
    });
    expect(settings.http).toEqual({
      transport: "streamable-http",
      host: "0.0.0.0",
      port: 8000,
      path: "/api/mcp",
      stateless: true,
      allowedHosts: ["mcp.example.com"],
      allowedOrigins: undefined,
    });
    expect(settings.outbound.retry.backoffMs).toBe(500);
    expect(settings.outbound.breaker.cooldownMs).toBe(10_000);
    expect(settings.outbound.trust.files.map(({ path }) => path)).toEqual([
      "/home/ann/ca.pem",
      "/ca.pem",
    ]);
  });

  it("serves the transport of 2024 beside the present one", () => {
    const pathsOf = (...argv: string[]) => {
      const { transport, path, ssePath } = settingsOf(cloudJira, ["--transport=sse", ...argv]).http;
      return [transport, path, ssePath];
    };
    expect(pathsOf()).toEqual(["streamable-http", "/mcp", "/sse"]);
    expect(pathsOf("--path=/events/")).toEqual(["streamable-http", "/mcp", "/events"]);
  });

  it.each<[string, Env, Record<string, string>]>([
    [
      "shared",
      { HTTPS_PROXY: "http://a", HTTP_PROXY: "b:1" },
      { https: "http://a/", http: "http://b:1/" },
    ],
    ["lower case", { https_proxy: "http://a" }, { https: "http://a/" }],
    [
      "for all",
      { ALL_PROXY: "http://a", HTTP_PROXY: "http://b" },
      { https: "http://a/", http: "http://b/" },
    ],
    [
      "own before shared",
      { HTTPS_PROXY: "http://a", JIRA_HTTPS_PROXY: "http://b" },
      { https: "http://b/" },
    ],
    ["own none", { HTTPS_PROXY: "http://a", JIRA_HTTPS_PROXY: "" }, {}],
    ["socks", { SOCKS_PROXY: "a:1080" }, { socks: "socks5://a:1080" }],
    [
      "own socks before shared http",
      { HTTPS_PROXY: "http://a", JIRA_SOCKS_PROXY: "socks5://b:1" },
      { socks: "socks5://b:1" },
    ],
  ])("chooses proxies: %s", (_, env, expected) => {
    const proxies = settingsOf({ ...cloudJira, ...env }).products.jira?.proxies;
    const { http, https, socks } = proxies ?? {};
    const written = Object.entries({ http, https, socks }).flatMap(([name, url]) =>
      url === undefined ? [] : [[name, url.href]],
    );
    expect(Object.fromEntries(written)).toEqual(expected);
  });

  it("lets a product reach everything through its proxy although others need not", () => {
    const { jira, confluence } = settingsOf({
      ...cloudJira,
      CONFLUENCE_URL: "https://acme.atlassian.net/wiki",
      CONFLUENCE_USERNAME: "ann",
      CONFLUENCE_API_TOKEN: "token-of-ann",
      NO_PROXY: "*",
      JIRA_NO_PROXY: "",
    }).products;
    expect([jira?.proxies.no, confluence?.proxies.no]).toEqual([[], ["*"]]);
  });
});

describe("sandbox", () => {
  it("starts both products without addresses, whatever the environment says about real sites", () => {
    const env = {
      ...cloudJira,
      JIRA_URL: "nonsense",
      HTTPS_PROXY: "http://p",
      JIRA_PROJECTS_FILTER: "A",
    };
    const result = load(env, ["--sandbox", "--sandbox-deployment=datacenter"]);
    expect(result).toMatchObject({
      kind: "settings",
      settings: {
        sandbox: { deployment: "datacenter" },
        products: {
          jira: { url: undefined, username: undefined, deployment: "datacenter", filter: ["A"] },
          confluence: { url: undefined, deployment: "datacenter" },
        },
      },
      notices: [
        {
          setting: "--sandbox",
          message: "Not used with --sandbox: JIRA_URL, JIRA_USERNAME, JIRA_API_TOKEN.",
        },
      ],
    });
  });

  it("runs alone with flags of its own, whatever the environment says", () => {
    expect(load({ PORT: "bad" }, ["sandbox", "--port", "9000", "-v"])).toEqual({
      kind: "sandbox",
      sandbox: { port: 9000, logLevel: "info" },
    });
    expect(problemsOf({}, ["sandbox", "--port=x"])).toMatchObject([{ setting: "PORT" }]);
  });

  it.each([
    [["--sandbox-deployment=cloud"], "has no effect without --sandbox"],
    [["--sandbox", "--sandbox-deployment=x"], "is not one of the known words"],
    [["--sandbox=perhaps"], "is neither yes nor no"],
  ])("refuses %j", (argv, problem) => {
    expect(problemsOf({}, argv).map((each) => each.problem)).toEqual([problem]);
  });
});

describe("problems", () => {
  it("reports all at once, in words for people", async () => {
    const result = load(
      {
        JIRA_URL: "acme.atlassian.net",
        JIRA_USERNAME: "ann",
        CONFLUENCE_URL: "https://bob:hunter2hunter2@wiki.example.com/x",
        CONFLUENCE_CUSTOM_HEADERS: "X-A=1, 2",
        READ_ONLY_MODE: "flase",
        JIRA_TIMEOUT: "75s",
        PORT: "99999",
        ATLASSIAN_CA_BUNDLE: "missing.pem",
        JIRA_ISSUE_KEY_PATTERN: "(?P<x>",
        MCP_ALLOWED_URL_DOMAINS: "https://example.com:8080/x",
        JIRA_PROJECTS_FILTER: ",",
        TOOL_NAMES: "long",
        CONFLUENCE_API_TOKEN_FILE: "missing",
        CONFLUENCE_PERSONAL_TOKEN: "pat-1234567",
        CONFLUENCE_PERSONAL_TOKEN_FILE: "pat",
      },
      ["--jira-tokn", "s3cr3t-value", "--env-file", "missing.env"],
    );
    if (result.kind !== "errors") throw new Error(result.kind);
    const { formatProblems } = await import("./problems.ts");
    expect(`\n${formatProblems(result.problems)}`).toMatchInlineSnapshot(`
      "
      mcp-atlassian cannot start: 16 problems with its settings.

        --jira-tokn
          found:   (hidden)
          problem: is not a known flag
          remedy:  Did you mean --jira-token?

        --env-file
          found:   "missing.env"
          problem: names a file that does not exist
          remedy:  Correct the path, or leave the flag out to read .env where there is one.

        JIRA_URL (from environment)
          found:   "acme.atlassian.net"
          problem: has no scheme
          remedy:  Put https:// in front of it.

        JIRA_TIMEOUT (from environment)
          found:   "75s"
          problem: is not a whole number
          remedy:  Write a whole number from 1 to 3600, without a unit.

        CONFLUENCE_URL (from environment)
          found:   "https://(hidden)@wiki.example.com/x"
          problem: holds a user name or password
          remedy:  Remove everything between // and @; credentials have settings of their own.

        CONFLUENCE_API_TOKEN_FILE (from environment)
          found:   (hidden)
          problem: names a file that does not exist
          remedy:  Give the path of a readable file that holds the secret alone.

        CONFLUENCE_PERSONAL_TOKEN
          found:   (hidden)
          problem: is set and CONFLUENCE_PERSONAL_TOKEN_FILE is set too
          remedy:  Keep one of the two.

        CONFLUENCE_CUSTOM_HEADERS (from environment)
          found:   (hidden)
          problem: has a part without a name and an equals sign; a value may hold a comma only in JSON
          remedy:  Write Name=value,Other=value, or a JSON object such as {"Name": "a value, with a comma"}.

        READ_ONLY_MODE (from environment)
          found:   "flase"
          problem: is neither yes nor no
          remedy:  Write true (1, yes, y, on) or false (0, no, n, off).

        TOOL_NAMES (from environment)
          found:   "long"
          problem: is not one of the known words
          remedy:  Write full or short.

        JIRA_PROJECTS_FILTER (from environment)
          found:   ","
          problem: names nothing
          remedy:  Write at least one entry, or remove the setting.

        JIRA_ISSUE_KEY_PATTERN (from environment)
          found:   "(?P<x>"
          problem: is not a regular expression of JavaScript
          remedy:  Named groups are written (?<name>…), and inline flags are not known.

        PORT (from environment)
          found:   "99999"
          problem: is out of range
          remedy:  Write a whole number from 0 to 65535, without a unit.

        MCP_ALLOWED_URL_DOMAINS (from environment)
          found:   "https://example.com:8080/x"
          problem: has an entry that is not a bare domain
          remedy:  Write example.com without scheme, port, path or leading dot.

        ATLASSIAN_CA_BUNDLE (from environment)
          found:   "missing.pem"
          problem: names a file that does not exist
          remedy:  Correct the path.

        JIRA_USERNAME (from environment)
          found:   "ann"
          problem: is set without JIRA_API_TOKEN
          remedy:  Set JIRA_API_TOKEN too, or remove JIRA_USERNAME.
      "
    `);
  });

  it.each<[string, Env, string[]]>([
    ["STREAMABLE_HTTP_PATH", { STREAMABLE_HTTP_PATH: "/mcp" }, ["--transport=sse"]],
    ["STREAMABLE_HTTP_PATH", { STREAMABLE_HTTP_PATH: "/messages/" }, ["--transport=sse"]],
    ["TRANSPORT", { TRANSPORT: "websocket" }, []],
    ["STATELESS", { STATELESS: "true" }, []],
    ["MCP_LOGGING_STDOUT", { MCP_LOGGING_STDOUT: "true" }, []],
    ["IGNORE_HEADER_AUTH", { IGNORE_HEADER_AUTH: "on" }, ["--transport=http"]],
    ["STREAMABLE_HTTP_PATH", { STREAMABLE_HTTP_PATH: "/" }, []],
    ["STREAMABLE_HTTP_PATH", { STREAMABLE_HTTP_PATH: "/healthz" }, []],
    ["HOST", { HOST: "http://localhost" }, []],
    ["ATLASSIAN_STORE_KEY", { ATLASSIAN_STORE_URL: "redis://127.0.0.1" }, []],
  ])("refuses %s as in %j %j", (setting, env, argv) => {
    const problems = problemsOf({ ...cloudJira, ...env }, argv);
    expect(problems.map((problem) => problem.setting)).toEqual([setting]);
  });

  it("does not mind what is switched off or says what holds anyway", () => {
    const env = {
      ...cloudJira,
      ATLASSIAN_EXTERNAL_AUTH_ENABLE: "false",
      ATLASSIAN_OAUTH_PROXY_ENABLE: "no",
      MCP_LOGGING_STDOUT: "off",
      JIRA_SLA_TIMEZONE: "UTC",
      IGNORE_HEADER_AUTH: "true",
    };
    expect(noticesOf(env)).toEqual([]);
  });
});

describe("notices", () => {
  it.each([
    ["JIRA_ULR", "Did you mean JIRA_URL?"],
    ["CONFLUENCE_API_TOKNE", "Did you mean CONFLUENCE_API_TOKEN?"],
    ["JIRA_API_TOKEN_FIEL", "Did you mean JIRA_API_TOKEN_FILE?"],
    ["MCP_VERBOS", "Did you mean MCP_VERBOSE?"],
    ["JIRA_EMAIL", "Use JIRA_USERNAME."],
    ["FASTMCP_LOG_LEVEL", "Use MCP_VERBOSE or MCP_VERY_VERBOSE."],
  ])("points from %s to the right name", (name, hint) => {
    const message = `${name} (environment) is not a setting and has no effect. ${hint}`;
    expect(noticesOf({ ...cloudJira, [name]: "x" })).toEqual([{ setting: name, message }]);
    expect(noticesOf(cloudJira, ["--env-file=f"], { "/home/ann/f": `${name}=x` })).toHaveLength(1);
  });

  it.each(["MCP_TIMEOUT", "JIRA_BOT", "ATLASSIAN_SDK_HOME", "XJIRA_URL", "PATH"])(
    "leaves %s to other programs",
    (name) => {
      expect(noticesOf({ ...cloudJira, [name]: "x" })).toEqual([]);
    },
  );

  it("is never silent about a setting without effect", () => {
    const env = { ...cloudJira, JIRA_SLA_TIMEZONE: "CET" };
    expect(noticesOf(env)).toEqual([
      {
        setting: "JIRA_SLA_TIMEZONE",
        message:
          "JIRA_SLA_TIMEZONE is set but not available in this version: time metrics are not part of this version.",
      },
    ]);
  });

  it("warns of secrets on the command line, of certificates unchecked and of plain http", () => {
    const argv = ["--jira-token=abc", "--no-jira-ssl-verify", "--jira-url=http://jira.example.com"];
    const settings = noticesOf({ JIRA_USERNAME: "ann" }, argv).map(({ setting }) => setting);
    expect(settings).toEqual(["JIRA_API_TOKEN", "JIRA_URL", "JIRA_SSL_VERIFY"]);
  });

  it("warns where anyone in the network acts as the operator", () => {
    const argv = ["--transport=http", "--host=0.0.0.0"];
    const env = { ...cloudJira, ALLOW_GLOBAL_CRED_FALLBACK: "true" };
    const settings = noticesOf(env, argv).map(({ setting }) => setting);
    expect(settings).toEqual(["ALLOW_GLOBAL_CRED_FALLBACK", "MCP_ALLOWED_HOSTS"]);
    expect(noticesOf(env, ["--transport=http"])).toEqual([]);
  });

  it("names the setting of each certificate file, and a file that several name once", () => {
    const files = { "/ca.pem": "-----BEGIN CERTIFICATE-----" };
    const trusted = (env: Record<string, string>) =>
      settingsOf({ ...cloudJira, ...env }, [], files).outbound.trust.files;
    const extra = { NODE_EXTRA_CA_CERTS: "/ca.pem" };
    expect(trusted(extra)).toEqual([{ setting: "NODE_EXTRA_CA_CERTS", path: "/ca.pem" }]);
    expect(trusted({ ...extra, SSL_CERT_FILE: "/ca.pem" })).toEqual([
      { setting: "SSL_CERT_FILE", path: "/ca.pem" },
    ]);
  });

  it("gives each product its own proxy script, or the shared one", () => {
    const pacOf = (env: Record<string, string>) =>
      settingsOf({ ...cloudJira, ...env }).products.jira?.proxies.pac;
    const shared = { ATLASSIAN_PROXY_WPAD_ENABLE: "true" };
    expect(pacOf({})).toBeUndefined();
    expect(pacOf(shared)).toEqual({
      url: new URL("http://wpad/wpad.dat"),
      setting: "ATLASSIAN_PROXY_WPAD_URL",
    });
    const own = { JIRA_PROXY_WPAD_ENABLE: "yes", JIRA_PROXY_WPAD_URL: "http://pac.test/p" };
    expect(pacOf(own)).toEqual({
      url: new URL("http://pac.test/p"),
      setting: "JIRA_PROXY_WPAD_URL",
    });
    expect(pacOf({ ...shared, JIRA_PROXY_WPAD_ENABLE: "no" })).toBeUndefined();
  });

  it("skips a bad certificate file of the machine, but not one that was meant for us", () => {
    expect(noticesOf({ ...cloudJira, SSL_CERT_FILE: "/gone" })).toMatchObject([
      { setting: "SSL_CERT_FILE" },
    ]);
    expect(settingsOf({ ...cloudJira, SSL_CERT_FILE: "/gone" }).outbound.trust.files).toEqual([]);
    expect(problemsOf({ ...cloudJira, ATLASSIAN_CA_BUNDLE: "/gone" })).toHaveLength(1);
  });

  it("says which spelling of a proxy counts", () => {
    const env = { ...cloudJira, NO_PROXY: "a", no_proxy: "b" };
    expect(noticesOf(env)).toEqual([
      { setting: "NO_PROXY", message: "NO_PROXY and no_proxy differ; the first one counts." },
    ]);
    expect(settingsOf(env).products.jira?.proxies.no).toEqual(["a"]);
  });
});
