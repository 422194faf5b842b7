import { describe, expect, it } from "vitest";
import { configurationPage, envExample } from "./document.ts";
import { readEnvFile } from "./env-file.ts";
import { helpText } from "./help.ts";
import { allSettings, commandFlags } from "./schema.ts";
import { readValue } from "./values.ts";

const around = {
  readFile: () => "-----BEGIN CERTIFICATE-----",
  resolvePath: (path: string) => path,
};

describe("helpText", () => {
  it("is at most 100 columns wide", () => {
    const widest = Math.max(
      ...helpText()
        .split("\n")
        .map((line) => line.length),
    );
    expect(widest).toBeLessThanOrEqual(100);
  });

  it("names every flag and every setting that has an effect", () => {
    const text = helpText();
    for (const { flag } of commandFlags) expect(text).toContain(flag);
    for (const { name, flag, notWired } of allSettings) {
      if (flag !== undefined) expect(text).toContain(flag.slice(2));
      if (flag !== undefined || notWired === undefined) expect(text).toContain(name);
    }
  });

  it("explains a flag with its value, sentence, default and environment name", () => {
    const lines = helpText().split("\n");
    const start = lines.findIndex((line) => line.includes("--path "));
    expect(lines.slice(start, start + 2)).toEqual([
      "  --path <string>                 Path of the MCP endpoint. [STREAMABLE_HTTP_PATH]",
      "  --[no-]stateless                Serves each HTTP request on its own, without sessions. [STATELESS]",
    ]);
  });
});

describe("configurationPage", () => {
  const page = configurationPage();

  it("names every setting, alias and flag", () => {
    for (const { name, aliases, flag } of allSettings) {
      for (const each of [name, ...(aliases ?? [])]) expect(page).toContain(`\`${each}\``);
      if (flag !== undefined) expect(page).toContain(flag.slice(2));
    }
    for (const { flag } of commandFlags) expect(page).toContain(`\`${flag}\``);
  });

  it("keeps the columns of every table row", () => {
    const rows = page.split("\n").filter((line) => line.startsWith("| `"));
    const columns = new Set(rows.map((row) => row.split(/(?<!\\)\|/).length));
    expect(rows.length).toBeGreaterThan(80);
    expect([...columns].sort()).toEqual([5, 7]);
  });

  it("puts both products' setting into one row", () => {
    expect(page.split("\n").find((line) => line.includes("`JIRA_TIMEOUT`"))).toBe(
      "| `JIRA_TIMEOUT`<br>`CONFLUENCE_TIMEOUT` | integer, 1 to 3600 | `75` | everyone | Seconds one request may take, from connecting to the last byte. |",
    );
  });

  it("marks what has no effect", () => {
    expect(page).toMatch(/`JIRA_SLA_METRICS`.*\*\*Without effect in this version:\*\*/);
  });
});

describe("envExample", () => {
  it("holds every setting with a usable value, all commented out", () => {
    const text = envExample();
    expect(readEnvFile(text, ".env.example").entries.size).toBe(0);
    const uncommented = text.replace(/^# (?=[A-Z_0-9]+=)/gm, "");
    const { entries, notices } = readEnvFile(uncommented, ".env.example");
    expect(notices).toEqual([]);
    for (const setting of allSettings) {
      const value = entries.get(setting.name);
      expect(value, setting.name).toBe(setting.default ?? setting.example);
      expect(readValue(setting, value ?? "", around), setting.name).toHaveProperty("value");
    }
  });
});
