import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { configurationPage, envExample } from "./document.ts";
import { helpText } from "./help.ts";
import { loadSettings } from "./load.ts";
import { formatNotices, formatProblems, showValue } from "./problems.ts";
import { allSettings } from "./schema.ts";

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
