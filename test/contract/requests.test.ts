import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import known from "../../src/auth/operation-scopes.json" with { type: "json" };
import { createHttpPool, type HttpPool } from "../../src/http/pool.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { tools } from "../../src/tools/registry.ts";
import { areDescribed, createChecker, type Exception } from "./requests/check.ts";
import { confluenceScripts } from "./requests/confluence.ts";
import { openStage, type Visit } from "./requests/connect.ts";
import { jiraScripts } from "./requests/jira.ts";
import { declaredScopes, operationsOfTools } from "./requests/scopes.ts";

/**
 * What the descriptions get wrong, for requests. A deprecated operation that has to be used for now is accepted here
 * as well, by the problem `is deprecated` and with the day of its removal in the reason.
 */
const exceptions: readonly Exception[] = [
  {
    reason: "the text says a list of ids, the schema a single one; the parameter is repeated",
    operation: "GET /wiki/rest/api/user/bulk",
    ignore: /^query accountId must be string$/,
  },
];

const places = ["cloud", "datacenter", "gateway"] as const;
const scripts = Object.entries({ ...jiraScripts, ...confluenceScripts });
const checker = createChecker(exceptions);
const visits: Visit[] = [];
let sandbox: Sandbox;
let pool: HttpPool;

const absent = !areDescribed();
if (absent) {
  process.stderr.write("Skipped: the published API descriptions are not beside the repository.\n");
}

beforeAll(async () => {
  sandbox = await startSandbox();
  pool = createHttpPool();
});

afterAll(async () => {
  await pool.close({ force: true });
  await sandbox.close();
});

describe.skipIf(absent).each(places)("what tools send at the %s address", (place) => {
  beforeEach(() => sandbox.reset());

  it.each(scripts)("is as Atlassian describes it: %s", async (_name, script) => {
    const before = visits.length;
    await script(openStage(sandbox, pool, place, visits));
    const problems = visits
      .slice(before)
      .flatMap(({ tool, sent }) =>
        sent.flatMap((request) =>
          checker.check(place, request).map((problem) => `${tool}: ${problem}`),
        ),
      );
    expect([...new Set(problems)]).toEqual([]);
  });
});

describe.skipIf(absent)("the calls above", () => {
  it.each(places)("are of every tool at the %s address, with every argument", (place) => {
    const made = visits.filter((visit) => visit.place === place);
    const deployment = place === "datacenter" ? place : "cloud";
    const missing = tools
      .filter(({ deployments }) => deployments.includes(deployment))
      .flatMap(({ name, input }) => {
        const calls = made.filter(({ tool }) => tool === name);
        if (calls.length === 0) return [name];
        const given = new Set(calls.flatMap(({ args }) => Object.keys(args)));
        return Object.keys(input.shape)
          .filter((argument) => !given.has(argument))
          .map((argument) => `${name} ${argument}`);
      });
    expect(missing).toEqual([]);
  });

  it("reach every path that the source writes", () => {
    const sent = visits.flatMap((visit) => visit.sent.map(({ path }) => path));
    expect(pathTemplates().filter((template) => !sent.some(fitting(template)))).toEqual([]);
  });

  it("need every exception", () => {
    expect(checker.unused()).toEqual([]);
  });
});

/** Paths as the clients write them, `/issue/${key}/comment`; those put together from parts are left out. */
function pathTemplates(): string[] {
  const found = ["jira", "confluence"].flatMap((product) => {
    const root = join(import.meta.dirname, "../../src", product);
    return readdirSync(root, { recursive: true, encoding: "utf8" })
      .filter((file) => /(?<!\.test)\.ts$/.test(file))
      .flatMap((file) => [
        ...readFileSync(join(root, file), "utf8").matchAll(/\b(?:apiPath|path)`(\/[^`]+)`/g),
      ]);
  });
  return [...new Set(found.map((match) => match[1] ?? ""))];
}

function fitting(template: string): (path: string) => boolean {
  const text = template.replaceAll(".", "\\.").replace(/\$\{[^}]*\}/g, "[^/]+");
  const pattern = new RegExp(`^(/wiki|/rest/api/[23])?${text}$`);
  return (path) => pattern.test(path);
}

describe.skipIf(absent)("what the scopes of the catalogue rest on", () => {
  const src = join(import.meta.dirname, "../../src");

  it("are the operations of Cloud that each tool uses (to record: vitest -u)", async () => {
    const operations = operationsOfTools(visits);
    const onCloud = tools.filter(({ deployments }) => deployments.includes("cloud"));
    // A run of some tests only must not be recorded as all there is.
    expect(Object.keys(operations)).toEqual(onCloud.map(({ name }) => name));
    await expect(asJson(operations)).toMatchFileSnapshot(join(src, "tools/operations.json"));
  });

  it("are the scopes that Atlassian declares for each operation (to record: vitest -u)", async () => {
    const used = Object.values(operationsOfTools(visits)).flat();
    const table = declaredScopes([...used, ...Object.values(known).flatMap(Object.keys)]);
    await expect(asJson(table)).toMatchFileSnapshot(join(src, "auth/operation-scopes.json"));
  });
});

function asJson(value: object): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}
