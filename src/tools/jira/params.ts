/** Arguments that several Jira tools share. */
import { z } from "zod";
import { commaList, jsonObject } from "../params.ts";

/** The fields of an issue that are read when nothing else is asked for. */
const defaultFields =
  "assignee,created,description,issuetype,labels,priority,reporter,status,summary,updated,versions";

export const issueFields = commaList("Comma list of field ids or names; *all for every field")
  .prefault(defaultFields)
  .transform((fields) => (fields.length > 0 ? fields : defaultFields.split(",")));

/** True when the caller left the field list alone. */
export function isDefaultList(fields: readonly string[]): boolean {
  return fields.join() === defaultFields;
}

export const expand = commaList("Comma list of Jira expansions, e.g. renderedFields");

export const useDisplayNames = z
  .boolean()
  .default(false)
  .describe("Show custom fields by name instead of id");

/** Field values by id or name; each value is brought into Jira's form by the field's type. */
export function fieldValues(description: string) {
  return jsonObject(`${description}, by field id or name, e.g. {"priority": "High"}`);
}

export const allowContentLoss = z
  .boolean()
  .default(false)
  .describe("Also overwrite content that Markdown cannot express");

/** `""` counts as absent: models send it for arguments they do not use. */
export function text(description: string) {
  return z
    .string()
    .describe(description)
    .transform((value) => (value.trim() === "" ? undefined : value));
}
