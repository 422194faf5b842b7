import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import Ajv from "ajv-draft-04";
import type { AdfNode } from "./types.ts";

// Atlassian's published schema of the Atlassian Document Format.
const path = createRequire(import.meta.url).resolve(
  "@atlaskit/adf-schema/dist/json-schema/v1/full.json",
);
const validate = new Ajv.default({ allErrors: false, strict: false }).compile(
  JSON.parse(readFileSync(path, "utf8")),
);

/** What is wrong with a document: the schema's first complaint, or a rule that it cannot express. */
export function problemOf(adf: { readonly content: readonly AdfNode[] }): string | undefined {
  if (!validate(adf)) return JSON.stringify(validate.errors?.at(-1));
  return adf.content.map(problemIn).find((problem) => problem !== undefined);
}

function problemIn(node: AdfNode): string | undefined {
  const marks = (node.marks ?? []).map(({ type }) => type);
  if (new Set(marks).size !== marks.length) return `a mark stands twice on ${JSON.stringify(node)}`;
  if (node.type === "table") {
    const widths = new Set(gridWidths(node));
    if (widths.size > 1) return `rows of different width in ${JSON.stringify(node)}`;
  }
  return (node.content ?? []).map(problemIn).find((problem) => problem !== undefined);
}

function gridWidths(table: AdfNode): number[] {
  const rows = table.content ?? [];
  const widths = rows.map(() => 0);
  for (const [index, row] of rows.entries()) {
    for (const { attrs = {} } of row.content ?? []) {
      const end = index + Number(attrs.rowspan ?? 1);
      for (let below = index; below < end; below += 1) {
        widths[below] = (widths[below] ?? 0) + Number(attrs.colspan ?? 1);
      }
    }
  }
  return widths;
}
