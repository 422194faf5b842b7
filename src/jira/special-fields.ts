import { AtlassianMcpError } from "../errors.ts";
import { issueReference, type JiraContext } from "./context.ts";
import { toJiraValue, type ValueScope } from "./field-values.ts";
import { fieldOfType, fieldTypes, findField, listFields, requireField } from "./fields.ts";
import { guardedIssue } from "./issue-values.ts";
import type { WritableField } from "./models/field.ts";

export interface WriteScope extends ValueScope {
  /** Fields of the screen at hand: their schemas and allowed values win. */
  readonly screen?: readonly WritableField[] | undefined;
  readonly isSubtask?: boolean | undefined;
}

/** A field as it goes into a request. */
export interface FieldWrite {
  readonly id: string;
  readonly value: unknown;
  /** Operations that an edit must use instead of the value. */
  readonly operations?: readonly unknown[] | undefined;
}

/** Sites that keep the parent as an object take null for "leave it", and this for "no parent". */
const noParent = [{ set: { none: true } }];

const epicWords = ["epickey", "epiclink", "epic"];

/**
 * One field as callers write it (id, display name, `parent`, `epic_link`, `epic_name`, …) → id and value for Jira.
 *
 * @throws AtlassianMcpError `input` for unknown and ambiguous names and unsuitable values.
 */
export async function toFieldWrite(
  context: JiraContext,
  name: string,
  value: unknown,
  scope: WriteScope = {},
): Promise<FieldWrite> {
  const word = name.toLowerCase().replace(/[^a-z]/g, "");
  if (word === "parent" || epicWords.includes(word)) {
    return toParentWrite(context, name, value, scope.isSubtask === true && word === "parent");
  }
  const field =
    (await epicField(context, name, word, scope)) ??
    (await requireField(context, name, scope.screen));
  return { id: field.id, value: await toJiraValue(context, field, value, scope) };
}

async function toParentWrite(
  context: JiraContext,
  name: string,
  value: unknown,
  isSubtask: boolean,
): Promise<FieldWrite> {
  const { dialect } = context;
  const definitions = dialect.readsByDefinition ? await listFields(context) : [];
  const { id, takesObject } = dialect.parentField(isSubtask, definitions);
  if (value === null || value === "") {
    return { id, value: null, operations: takesObject ? noParent : undefined };
  }
  const parent = await guardedIssue(context, name, value);
  return { id, value: takesObject ? issueReference(parent) : parent };
}

/** Epic name and colour are custom fields with fixed types and free names. */
async function epicField(
  context: JiraContext,
  name: string,
  word: string,
  { screen = [] }: WriteScope,
): Promise<WritableField | undefined> {
  const type = new Map([
    ["epicname", fieldTypes.epicName],
    ["epiccolor", fieldTypes.epicColor],
    ["epiccolour", fieldTypes.epicColor],
  ]).get(word);
  if (type === undefined) return undefined;
  const definitions = await listFields(context);
  const field = fieldOfType(screen, type) ?? fieldOfType(definitions, type);
  if (field !== undefined) return field;
  const named = findField(name, definitions, screen);
  if (named === undefined) throw noEpicField(name, type);
  return named;
}

function noEpicField(name: string, type: string): AtlassianMcpError {
  const isName = type === fieldTypes.epicName;
  return new AtlassianMcpError("input", `Epics of this site have no field ${name}.`, {
    fields: { [name]: isName ? "is the summary here" : "cannot be set here" },
    next: isName ? "Set summary: it is the epic's name here." : `Leave ${name} out.`,
  });
}
