import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { allSettings } from "../../src/config/schema.ts";

const root = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

const chart = "charts/mcp-atlassian";
const templates = readdirSync(join(root, chart, "templates")).map((file) => {
  const path = `${chart}/templates/${file}`;
  return { path, text: read(path) };
});
const values = read(`${chart}/values.yaml`);
const deployment = read(`${chart}/templates/deployment.yaml`);

const names = new Set(
  allSettings.flatMap(({ name, secret }) => (secret ? [name, `${name}_FILE`] : [name])),
);

describe("settings that deployments name", () => {
  it.each([
    "Dockerfile",
    "compose.yaml",
    `${chart}/values.yaml`,
    `${chart}/templates/deployment.yaml`,
    "docs/deploy.md",
  ])("all exist: %s", (path) => {
    const prefixed = /\b(?:MCP|ATLASSIAN|JIRA|CONFLUENCE)_[A-Z][A-Z_]*[A-Z]\b/g;
    const named = [...read(path).matchAll(prefixed)].map(([name]) => name);
    expect(named.filter((name) => !names.has(name))).toEqual([]);
  });
});

/** Paths of the keys in block-style YAML: all that the chart's values are written in. */
function pathsIn(yaml: string): Set<string> {
  const open: { indent: number; key: string }[] = [];
  const paths = new Set<string>();
  for (const line of yaml.split("\n")) {
    const [, space = "", key = ""] = /^( *)([\w]+):/.exec(line) ?? [];
    if (key === "") continue;
    while ((open.at(-1)?.indent ?? -1) >= space.length) open.pop();
    open.push({ indent: space.length, key });
    paths.add(open.map((each) => each.key).join("."));
  }
  return paths;
}

describe("the chart", () => {
  it.each(templates)("closes what it opens: $path", ({ text }) => {
    const actions = [...text.matchAll(/\{\{-?\s*(\w*)[^{}]*\}\}/g)].map(([, word]) => word ?? "");
    const opened = actions.filter((word) => ["if", "range", "with", "define"].includes(word));
    expect(actions.filter((word) => word === "end")).toHaveLength(opened.length);
    expect(text.match(/\{\{/g) ?? []).toHaveLength(actions.length);
    expect(text.match(/\}\}/g) ?? []).toHaveLength(actions.length);
    expect(text).not.toContain("\t");
  });

  it.each(templates)("uses only values that exist: $path", ({ text }) => {
    const known = pathsIn(values);
    const used = [...text.matchAll(/\.Values\.([\w.]+)/g)].map(([, path]) => path ?? "");
    expect(used.filter((path) => !known.has(path))).toEqual([]);
  });

  it.each(templates)("includes only what is defined: $path", ({ text }) => {
    const defined = read(`${chart}/templates/_helpers.tpl`);
    for (const [, name] of text.matchAll(/include "([^"]+)"/g)) {
      expect(defined).toContain(`define "${name}"`);
    }
  });

  it("checks every value, and knows no others", () => {
    const { properties } = JSON.parse(read(`${chart}/values.schema.json`));
    const top = [...pathsIn(values)].filter((path) => !path.includes("."));
    // Helm itself adds `global`.
    expect(Object.keys(properties).sort()).toEqual([...top, "global"].sort());
  });

  it("asks the pages that there are, as a user without rights on a disk that it cannot write", () => {
    expect(deployment).toMatch(/livenessProbe:\s+httpGet:\s+path: \/healthz/);
    expect(deployment).toMatch(/readinessProbe:\s+httpGet:\s+path: \/readyz/);
    expect(values).toMatch(/runAsNonRoot: true/);
    expect(values).toMatch(/readOnlyRootFilesystem: true/);
    expect(values).toMatch(/allowPrivilegeEscalation: false/);
  });

  it("installs the version that it comes with", () => {
    const { version } = JSON.parse(read("package.json"));
    expect(read(`${chart}/Chart.yaml`)).toContain(`appVersion: "${version}"`);
  });
});

describe("the image", () => {
  it.each([
    [200, 0],
    [503, 1],
  ])("takes a server that answers %i for exit code %i", async (status, code) => {
    const server = createServer((_, response) => response.writeHead(status).end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const [, words = "[]"] = /HEALTHCHECK[^[]*CMD (\[.*\])$/m.exec(read("Dockerfile")) ?? [];
    const [, ...args] = JSON.parse(words) as string[];
    const exit = await new Promise((resolve) => {
      execFile(process.execPath, args, { env: { PORT: String(port) } }, (error) =>
        resolve(error?.code ?? 0),
      );
    });
    expect(exit).toBe(code);
  });

  it("runs as nobody in particular", () => {
    expect(read("Dockerfile")).toMatch(/^USER 1000:1000$/m);
  });
});
