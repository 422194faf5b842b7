import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";

const src = join(import.meta.dirname, "../../src");

/** Layer → layers it may import. `errors`, `html`, `log`, `parsed-url` and `spelling` are leaves that everyone may import. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  cli: ["program", "config"],
  program: ["commands", "server", "config", "sandbox"],
  commands: ["server", "tools", "auth", "atlassian", "http", "config", "store"],
  server: [
    "tools",
    "auth",
    "oauth-server",
    "jira",
    "confluence",
    "atlassian",
    "http",
    "store",
    "config",
  ],
  tools: ["jira", "confluence", "atlassian"],
  jira: ["atlassian", "http", "content"],
  confluence: ["atlassian", "http", "content"],
  atlassian: ["http"],
  "oauth-server": ["auth", "atlassian", "http", "store"],
  auth: ["atlassian", "http", "store"],
  config: [],
  content: [],
  http: [],
  store: [],
  sandbox: [],
  errors: [],
  html: [],
  log: [],
  "parsed-url": [],
  spelling: [],
};
const leaves = new Set(["errors", "html", "log", "parsed-url", "spelling"]);
/** The sandbox must not share a mistake with the code it exercises. */
const withoutLeaves = new Set(["sandbox"]);

const files = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
  .map((file) => ({ file, text: readFileSync(join(src, file), "utf8") }));

function layerOf(file: string): string {
  return (file.split("/")[0] ?? "").replace(/\.ts$/, "");
}

/** Every module that a file names: imports, side-effect imports, re-exports, dynamic imports. */
function modulesOf(text: string): string[] {
  return [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"([^"]+)"/g)].map(
    (match) => match[1] ?? "",
  );
}

function importsOf({ file, text }: { file: string; text: string }): string[] {
  return modulesOf(text)
    .filter((module) => module.startsWith("."))
    .map((module) => relative(src, join(src, file, "..", module)))
    .filter((target) => !target.startsWith(".."));
}

describe("the layers", () => {
  it.each(files)("$file imports only what its layer may", (entry) => {
    const layer = layerOf(entry.file);
    const allowed = new Set([layer, ...(mayImport[layer] ?? [])]);
    const wrong = importsOf(entry).filter((target) => {
      const to = layerOf(target);
      return !(allowed.has(to) || (leaves.has(to) && !withoutLeaves.has(layer)));
    });
    expect(wrong).toEqual([]);
  });

  it.each([
    ["@modelcontextprotocol/", ["server"]],
    ["undici", ["http"]],
    ["pino", ["log"]],
    ["markdown-it", ["content"]],
    ["oauth4webapi", ["auth"]],
    ["proper-lockfile", ["store"]],
    ["ioredis", ["store"]],
    ["saxes", ["content", "sandbox"]],
  ])("%s is imported only in %s", (name, layers) => {
    const users = files.filter(({ text }) =>
      modulesOf(text).some((module) => module.startsWith(name)),
    );
    expect(
      users.map(({ file }) => layerOf(file)).filter((layer) => !layers.includes(layer)),
    ).toEqual([]);
  });

  it("reads the environment in config and hands it over in cli only", () => {
    const readers = files.filter(({ text }) => /process\.env\b/.test(text)).map(({ file }) => file);
    expect(readers.filter((file) => layerOf(file) !== "cli" && layerOf(file) !== "config")).toEqual(
      [],
    );
  });

  it("exits the process in cli only", () => {
    const leavers = files
      .filter(({ text }) => /process\.exit\b/.test(text))
      .map(({ file }) => file);
    expect(leavers).toEqual(["cli.ts"]);
  });

  it("speaks of deployments only where they differ", () => {
    const allowed = /^(auth|commands|config|sandbox|program\.ts)|\/dialect\/|^atlassian\/site\.ts$/;
    const speakers = files
      .filter(({ file }) => !allowed.test(file))
      .filter(({ file, text }) => {
        const code = file.startsWith("tools/") ? text.replace(/deployments: .*/g, "") : text;
        return /"(cloud|datacenter)"/.test(code);
      })
      .map(({ file }) => file);
    // define.ts holds the default of `deployments`.
    expect(speakers.filter((file) => file !== "tools/define.ts")).toEqual([]);
  });

  it("keeps files short", () => {
    const long = files
      .filter(({ text }) => text.split("\n").length > 401)
      .map(({ file, text }) => `${file}: ${text.split("\n").length}`);
    expect(long).toEqual([]);
  });
});
