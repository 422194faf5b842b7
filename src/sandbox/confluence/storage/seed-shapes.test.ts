import { createRequire } from "node:module";
import type { ValidateFunction } from "ajv";
import AjvDraft04 from "ajv-draft-04";
import { describe, expect, it } from "vitest";
import { testSites } from "../testing.ts";
import { bodyContext, latest } from "../world.ts";
import { parseAdf } from "./adf.ts";
import { bodyAs, storageOf } from "./body.ts";
import { adfToStorage } from "./from-adf.ts";
import { storageToAdf } from "./to-adf.ts";
import { parseStorage } from "./xml.ts";

const load = createRequire(import.meta.url);
let compiled: ValidateFunction | undefined;

/** Atlassian's published schema of ADF. */
function adfProblems(value: unknown): string[] {
  compiled ??= new AjvDraft04.default({ strict: false, allErrors: false }).compile(
    load("@atlaskit/adf-schema/dist/json-schema/v1/full.json"),
  );
  if (compiled(value)) return [];
  return (compiled.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

const sites = testSites();
const bodies = [...sites.world.cloud.contents.values()]
  .filter(({ kind }) => kind !== "attachment" && kind !== "folder")
  .map((content) => ({ title: `${content.kind} ${latest(content).title}`, content }));

describe("every seeded body", () => {
  it.each(bodies)("is a valid document of the published schema: $title", ({ content }) => {
    const { body } = latest(content);
    const adf = bodyAs(body, "atlas_doc_format", bodyContext(sites.world.cloud, content));
    expect(adfProblems(parseAdf(adf))).toEqual([]);
  });

  it.each(bodies)("comes back from ADF as the same document: $title", ({ content }) => {
    const context = bodyContext(sites.world.cloud, content);
    const first = storageToAdf(parseStorage(storageOf(latest(content).body, context)), context);
    const second = storageToAdf(parseStorage(adfToStorage(first, context)), context);
    expect(second).toEqual(first);
  });

  it("has something to check", () => {
    expect(bodies.length).toBeGreaterThan(30);
  });
});
