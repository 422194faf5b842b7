import { AtlassianMcpError } from "../errors.ts";
import { issueReference, type JiraContext } from "./context.ts";
import { fieldTypes } from "./fields.ts";
import { issueKeyOf } from "./issue-ref.ts";
import type { WritableField } from "./models/field.ts";
import { guardIssue } from "./policy.ts";

/** Custom fields that hold the key of an issue: epic link, and the parent link of Advanced Roadmaps. */
const keyFields = new Set([fieldTypes.epicLink, "com.atlassian.jpo:jpo-custom-field-parent"]);

/** True for fields whose value is another issue, whatever they are called. */
export function namesIssue({ id, schema }: WritableField): boolean {
  return id === "parent" || schema?.type === "issuelink" || keyFields.has(schema?.custom ?? "");
}

/**
 * The issue that a caller names, as key, id, browse link or object with one of them, in the form that the field takes.
 *
 * @throws AtlassianMcpError `input`; `forbidden` and `not_found` as {@link guardIssue}
 */
export async function toIssueValue(
  context: JiraContext,
  field: WritableField,
  value: unknown,
): Promise<unknown> {
  if (value === "") return null;
  const issue = await guardedIssue(context, field.name, value);
  // The reference is made anew: an object could name a second issue beside the one that was checked.
  return keyFields.has(field.schema?.custom ?? "") ? issue : issueReference(issue);
}

/**
 * Key or id of the issue that a value names, once it may be used.
 *
 * @param name argument or field, for the error.
 * @throws AtlassianMcpError `input`; `forbidden` and `not_found` as {@link guardIssue}
 */
export async function guardedIssue(
  context: JiraContext,
  name: string,
  value: unknown,
): Promise<string> {
  const issue = issueIn(context, name, value);
  if (issue === undefined) throw notAnIssue(name, value);
  await guardIssue(context, issue);
  return issue;
}

function issueIn(context: JiraContext, name: string, value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  if (typeof value === "string") {
    return value.trim() === "" ? undefined : issueKeyOf(context.site.browseBase, value, name);
  }
  if (typeof value !== "object" || value === null) return undefined;
  if ("key" in value) return issueIn(context, name, value.key);
  return "id" in value ? issueIn(context, name, value.id) : undefined;
}

function notAnIssue(name: string, value: unknown): AtlassianMcpError {
  return new AtlassianMcpError(
    "input",
    `${name} cannot be ${JSON.stringify(value)?.slice(0, 100)}.`,
    {
      fields: { [name]: "takes an issue key" },
      next: `Give ${name} an issue key such as PROJ-123, or null to clear it.`,
    },
  );
}
