import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { configurationPage, envExample } from "./document.ts";
import { helpText } from "./help.ts";
import { loadSettings } from "./load.ts";
import { formatNotices, formatProblems, showValue } from "./problems.ts";
import { allSettings } from "./schema.ts";
import { secretsOf } from "./secrets.ts";

const secretSettings = allSettings.filter((setting) => setting.secret === true);
const secretNames = secretSettings.map(({ name }) => name);
const secretFlags = secretSettings.flatMap(({ flag }) => flag ?? []);
/** Long enough not to be part of a sentence by chance, with the characters passwords have. */
const secret = fc
  .string({ unit: fc.constantFrom(..."abcXYZ0189+/=_-.!$%&;:#?@"), minLength: 10, maxLength: 40 })
  .filter((text) => new Set(text).size > 4);

function outputOf(argv: string[], env: Record<string, string>, file = ""): string {
  const result = loadSettings({
    argv,
    env,
    cwd: "/",
    readFile: (path) => {
      if (path === "/.env") return file;
      throw Object.assign(new Error(path), { code: "ENOENT" });
    },
  });
  const problems = result.kind === "errors" ? formatProblems(result.problems) : "";
  const notices = "notices" in result ? formatNotices(result.notices) : "";
  return problems + notices;
}

describe("secrets", () => {
  it("stay out of everything printed, wherever a secret setting comes from", () => {
    const name = fc.constantFrom(...secretNames);
    const flag = fc.constantFrom(...secretFlags);
    fc.assert(
      fc.property(name, flag, secret, secret, secret, (variable, option, first, second, third) => {
        const env = { [variable]: first, JIRA_URL: "https://acme.atlassian.net", PORT: "x" };
        const output = outputOf([`${option}=${second}`], env, `CONFLUENCE_API_TOKEN="${third}"`);
        expect(output).toContain("PORT");
        for (const text of [first, second, third]) expect(output).not.toContain(text);
      }),
    );
  });

  it("stay out of what is said about a misspelt flag, a misspelt name and a stray argument", () => {
    fc.assert(
      fc.property(secret, (text) => {
        const argument = text.replace(/^-+/, "x");
        const argv = ["--jira-tokn", argument, `--jira-pat=${text}`, argument];
        expect(outputOf(argv, { JIRA_API_TOKNE: text })).not.toContain(argument);
      }),
    );
  });

  it("stay hidden when they are part of an address", () => {
    const written = fc.constantFrom(
      "JIRA_URL",
      "CONFLUENCE_URL",
      "ATLASSIAN_API_URL",
      "MCP_ALLOWED_HOSTS",
    );
    fc.assert(
      fc.property(written, secret, (name, text) => {
        const output = outputOf([], { [name]: `https://user:${text}@jira.example.com/x` });
        expect(output).toContain(name);
        expect(output).not.toContain(text);
      }),
    );
  });

  it("stay hidden when they were written into a second, wrong setting as well", () => {
    const output = outputOf([], {
      JIRA_API_TOKEN: "hunter2.hunter2",
      JIRA_TIMEOUT: "hunter2.hunter2",
    });
    expect(output).toContain("JIRA_TIMEOUT");
    expect(output).not.toContain("hunter2.hunter2");
  });

  it("are not written into the documents", () => {
    const documents = helpText() + configurationPage() + envExample();
    for (const { name, default: initial } of secretSettings) {
      expect(documents).toContain(name);
      expect(initial).toBeUndefined();
    }
  });
});

describe("secretsOf", () => {
  it("knows every secret that the settings hold, with passwords as they are sent", () => {
    const env = {
      JIRA_URL: "https://jira.corp",
      JIRA_USERNAME: "ann",
      JIRA_API_TOKEN: "api-token",
      JIRA_PERSONAL_TOKEN: "personal-token",
      JIRA_OAUTH_ACCESS_TOKEN: "access-token",
      JIRA_OAUTH_CLIENT_ID: "client",
      JIRA_OAUTH_CLIENT_SECRET: "client-secret",
      JIRA_CLIENT_CERT: "/client.pem",
      JIRA_CLIENT_KEY_PASSWORD: "passphrase",
      JIRA_CUSTOM_HEADERS: "X-Key=header-value",
      JIRA_HTTPS_PROXY: "http://u:p%40ssword@proxy.corp",
      HTTP_PROXY: "http://u:shared-password@proxy.corp",
      ATLASSIAN_STORE_KEY: "new-key,old-key",
    };
    const readFile = (path: string) => {
      if (path === "/client.pem") return "PEM";
      throw Object.assign(new Error(path), { code: "ENOENT" });
    };
    const result = loadSettings({ argv: [], env, cwd: "/", readFile });
    if (result.kind !== "settings") throw new Error(JSON.stringify(result));
    const found = [...new Set(secretsOf(result.settings))].sort();
    expect(found).toEqual(
      [
        "access-token",
        "api-token",
        "client-secret",
        "header-value",
        "new-key",
        "old-key",
        "p%40ssword",
        "p@ssword",
        "passphrase",
        "personal-token",
        "shared-password",
      ].sort(),
    );
  });
});

describe("showValue", () => {
  it.each([
    ["75s", '"75s"'],
    ["a\nb\u001b[31m", '"a b [31m"'],
    ["https://u:p@x.example.com/a?token=1", '"https://(hidden)@x.example.com/a?…"'],
    ["https://u:p#q@x.example.com", '"https://(hidden)@x.example.com"'],
    ["https://u:p/q@x.example.com", "(hidden)"],
    ["ann@example.com", "(hidden)"],
    [`AT${"x".repeat(30)}`, "(hidden)"],
    ["a b ".repeat(30), `"${"a b ".repeat(15)}…"`],
  ])("shows %j as %s", (text, shown) => {
    expect(showValue(text)).toBe(shown);
  });
});
