import { z } from "zod";
import { addLabel, removeLabel } from "../edits.ts";
import { badRequest, notFound } from "../refused.ts";
import { type Call, param, readJson } from "../requests.ts";
import { contentAt, labelModel } from "./content.ts";
import { list } from "./envelope.ts";

const labelInput = z.object({ prefix: z.string().default("global"), name: z.string() });

/** Adds one label or several and answers all. */
function addLabels(call: Call) {
  const content = contentAt(call, "id");
  const given = readJson(call, z.union([z.array(labelInput).min(1), labelInput]));
  for (const { name, prefix } of Array.isArray(given) ? given : [given]) {
    addLabel(call.site, content, name, prefix);
  }
  return list(call, content.labels, labelModel);
}

function deleteLabel(call: Call, name: string | null) {
  const content = contentAt(call, "id");
  if (name === null || name === "") throw badRequest("The name of the label must be given");
  if (!content.labels.some((label) => label.name === name.toLowerCase())) {
    throw notFound(`The content has no label ${name}`);
  }
  removeLabel(content, name);
  return { status: 204 };
}

/** Label writes, which both deployments have. */
export const labelWrites = {
  add: addLabels,
  removeByQuery: (call: Call) => deleteLabel(call, call.request.query.get("name")),
  removeByPath: (call: Call) => deleteLabel(call, param(call, "label")),
};
