import type { AdfNode } from "../model.ts";

/** Judges a document by Atlassian's published JSON schema. */
export type AdfCheck = (document: unknown) => document is AdfNode;

let loading: Promise<AdfCheck> | undefined;

/** Loads and compiles the schema on first use; some 300 ms, once per process. */
export function loadAdfCheck(): Promise<AdfCheck> {
  loading ??= compile();
  return loading;
}

async function compile(): Promise<AdfCheck> {
  const [{ default: ajvDraft04 }, { default: schema }] = await Promise.all([
    import("ajv-draft-04"),
    import("@atlaskit/adf-schema/dist/json-schema/v1/full.json", { with: { type: "json" } }),
  ]);
  const validate = new ajvDraft04.default({ strict: false, validateFormats: false }).compile(
    schema,
  );
  return (document): document is AdfNode => validate(document) === true;
}
