import { z } from "zod";
import { loadAdfCheck } from "../../jira/text/adf-check.ts";
import { badRequest } from "../refused.ts";
import { type Body, readBody } from "../storage/body.ts";

const written = z.object({ representation: z.string(), value: z.string() });

/** A body of a request: one representation, or an object keyed by it. */
export const bodyInput = z.union([
  written,
  z.object({
    storage: written.optional(),
    atlas_doc_format: written.optional(),
    wiki: written.optional(),
  }),
]);

/** Takes the body of a request. @throws Refused 400 when there is none or it is not valid. */
export async function takeBody(input: z.infer<typeof bodyInput> | undefined): Promise<Body> {
  if (input === undefined) throw badRequest("body: must not be null");
  const one = "value" in input ? input : (input.storage ?? input.atlas_doc_format ?? input.wiki);
  if (one === undefined) throw badRequest("body: must have a representation and a value");
  const body = readBody(one.representation, one.value);
  if (body.format === "adf" && !(await loadAdfCheck())(JSON.parse(body.value))) {
    throw badRequest("Error parsing ADF: the document does not match the schema");
  }
  return body;
}

export const versionInput = z.object({
  number: z.number().int(),
  message: z.string().nullish(),
});
