import type { Originals } from "../content/tree.ts";
import { AtlassianMcpError } from "../errors.ts";
import type { JiraContext } from "./context.ts";
import { toJiraDate, toJiraDateTime } from "./dates.ts";
import { fieldTypes } from "./fields.ts";
import { namesIssue, toIssueValue } from "./issue-values.ts";
import { type AllowedValue, allowedName, type WritableField } from "./models/field.ts";
import { assigneeReference, type UserScope, userReference } from "./users.ts";

/** What formatting needs to know beside the field. */
export interface ValueScope extends UserScope {
  /** What placeholders of the field's present text stand for. */
  readonly originals?: Originals | undefined;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * A value as callers write it → the form that Jira takes, by the field's schema. Null clears. What already has the
 * API's form passes unchanged, and so does everything of a type that is not known here.
 *
 * @throws AtlassianMcpError `input` naming the field and what it takes; `not_found` for unknown people and issues;
 *   `forbidden` for an issue outside the project filter.
 */
export async function toJiraValue(
  context: JiraContext,
  field: WritableField,
  value: unknown,
  scope: ValueScope = {},
): Promise<unknown> {
  const schema = field.schema;
  if (field.id === "assignee" && (value === null || typeof value === "string")) {
    return assigneeReference(context, value, scope);
  }
  if (value === null || value === undefined) return schema?.type === "array" ? [] : null;
  if (namesIssue(field)) return toIssueValue(context, field, value);
  if (isRichText(field)) return toText(context, field, value, scope);
  if (schema?.custom === fieldTypes.sprint) return toSprint(field, value);
  if (schema?.type === "array") return toList(context, field, value, schema.items ?? "", scope);
  return toSingle(context, field, value, schema?.type ?? typeOfUnlisted(field.id), scope);
}

/** True for fields that hold formatted text. */
export function isRichText(field: WritableField): boolean {
  const { id, schema } = field;
  if (id === "description" || id === "environment") return true;
  return schema?.custom?.endsWith(":textarea") === true;
}

function typeOfUnlisted(id: string): string {
  if (id === "subtasks") return "issuelinks";
  return id === "security" ? "securitylevel" : id;
}

function toText(context: JiraContext, field: WritableField, value: unknown, scope: ValueScope) {
  if (context.dialect.isStoredText(value)) return value;
  if (typeof value !== "string") throw unsuitable(field, value, "Markdown text");
  return value === "" ? null : context.dialect.writeText(value, scope.originals);
}

function toSprint(field: WritableField, value: unknown): number {
  const single = Array.isArray(value) && value.length === 1 ? value[0] : value;
  const id = isObject(single) ? single["id"] : single;
  const number = typeof id === "string" && /^\d+$/.test(id.trim()) ? Number(id) : id;
  if (typeof number === "number" && Number.isInteger(number)) return number;
  throw unsuitable(field, value, "one sprint id, see jira_get_sprints_from_board");
}

async function toList(
  context: JiraContext,
  field: WritableField,
  value: unknown,
  itemType: string,
  scope: ValueScope,
): Promise<unknown> {
  if (itemType === "issuelinks") throw linksAreNotSet(field, value);
  if (itemType === "attachment")
    throw unsuitable(field, value, "nothing: files are not set as a field");
  const items =
    typeof value === "string" ? splitList(value) : Array.isArray(value) ? value : [value];
  if (itemType === "string" && items.some((item) => isLabelWithBlank(field, item))) {
    throw unsuitable(field, value, "words without blanks");
  }
  const formatted: unknown[] = [];
  for (const item of items) {
    formatted.push(await toSingle(context, field, item, itemType, scope));
  }
  return formatted;
}

function isLabelWithBlank(field: WritableField, item: unknown): boolean {
  const isLabels = field.id === "labels" || field.schema?.custom?.endsWith(":labels") === true;
  return isLabels && typeof item === "string" && /\s/.test(item.trim());
}

function splitList(text: string): string[] {
  return text
    .split(",")
    .map((entry) => entry.trim())
    .filter(Boolean);
}

async function toSingle(
  context: JiraContext,
  field: WritableField,
  value: unknown,
  type: string,
  scope: ValueScope,
): Promise<unknown> {
  switch (type) {
    case "string":
      return toPlainText(field, value);
    case "number":
      return toNumber(field, value);
    case "date":
      return toJiraDate(textOf(field, value, "a date such as 2026-01-31"), field.name);
    case "datetime":
      return toJiraDateTime(
        textOf(field, value, "a time such as 2026-01-31T09:00:00Z"),
        field.name,
      );
    case "user":
      return toPerson(context, field, value, scope);
    case "option":
      return named(field, value, "value");
    case "option-with-child":
      return toCascade(field, value);
    case "priority":
    case "resolution":
    case "securitylevel":
    case "version":
    case "component":
    case "group":
    case "issuetype":
      return named(field, value, "name");
    case "project":
      return named(field, value, "key");
    case "issuelink":
      return toIssueValue(context, field, value);
    case "issuelinks":
      throw linksAreNotSet(field, value);
    case "timetracking":
      return toTimeTracking(field, value);
    case "status":
      throw unsuitable(field, value, "no direct change: use jira_transition_issue");
    default:
      return value;
  }
}

/** A person by name or id, as a result of this server shows one, or already as the API wants it. */
function toPerson(context: JiraContext, field: WritableField, value: unknown, scope: ValueScope) {
  const id = isObject(value) ? value["account_id"] : textOf(field, value, "a person");
  return typeof id === "string" ? userReference(context, id, scope) : value;
}

function toPlainText(field: WritableField, value: unknown): unknown {
  if (Array.isArray(value) && field.schema?.custom?.toLowerCase().includes("checklist")) {
    return value.map((item) => `* ${String(item)}`).join("\n");
  }
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "string") return value.trim() === "" ? null : value;
  throw unsuitable(field, value, "text");
}

function toNumber(field: WritableField, value: unknown): number {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number === "number" && Number.isFinite(number)) return number;
  throw unsuitable(field, value, "a number");
}

function textOf(field: WritableField, value: unknown, wanted: string): string {
  if (typeof value === "string" && value.trim() !== "") return value.trim();
  if (typeof value === "number") return String(value);
  throw unsuitable(field, value, wanted);
}

/** Text → `{ [key]: text }`, in the spelling of the allowed values where they are known. */
function named(field: WritableField, value: unknown, key: "value" | "name" | "key"): unknown {
  if (isObject(value)) return value;
  const text = textOf(field, value, "a name");
  const allowed = field.allowedValues ?? [];
  if (allowed.length === 0) return { [key]: text };
  const match =
    allowed.find((each) => allowedName(each) === text) ??
    allowed.find((each) => allowedName(each).toLowerCase() === text.toLowerCase()) ??
    allowed.find((each) => each.key === text.toUpperCase()) ??
    allowed.find((each) => String(each.id) === text);
  if (match === undefined) throw unsuitable(field, value, `one of ${tellAllowed(allowed)}`);
  return match.id === undefined ? { [key]: allowedName(match) } : { id: String(match.id) };
}

/** `"A > B"`, `["A", "B"]` or `{ value, child }` → `{ value, child: { value } }`. */
function toCascade(field: WritableField, value: unknown): unknown {
  if (isObject(value)) {
    const { child } = value;
    return typeof child === "string" ? { ...value, child: { value: child } } : value;
  }
  const parts = Array.isArray(value)
    ? value
    : textOf(field, value, "PARENT > CHILD")
        .split(/->|>|→/)
        .map((part) => part.trim());
  const [parent, child, ...more] = parts;
  if (typeof parent !== "string" || parent === "" || more.length > 0) {
    throw unsuitable(field, value, 'text such as "PARENT > CHILD"');
  }
  return child === undefined
    ? { value: parent }
    : { value: parent, child: { value: String(child) } };
}

function toTimeTracking(field: WritableField, value: unknown): Json {
  if (!isObject(value)) {
    throw unsuitable(
      field,
      value,
      'an object such as {"originalEstimate": "2d", "remainingEstimate": "4h"}',
    );
  }
  const { original_estimate, remaining_estimate, ...rest } = value;
  return {
    ...(original_estimate === undefined ? {} : { originalEstimate: original_estimate }),
    ...(remaining_estimate === undefined ? {} : { remainingEstimate: remaining_estimate }),
    ...rest,
  };
}

/** At most 20 allowed values, for people. */
export function tellAllowed(allowed: readonly AllowedValue[]): string {
  const names = allowed.slice(0, 20).map(allowedName);
  return names.join(", ") + (allowed.length > names.length ? `, … (${allowed.length} in all)` : "");
}

function linksAreNotSet(field: WritableField, value: unknown): AtlassianMcpError {
  return unsuitable(field, value, "nothing: use jira_create_issue_link");
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function unsuitable(field: WritableField, value: unknown, wanted: string): AtlassianMcpError {
  const given = JSON.stringify(value)?.slice(0, 100) ?? "nothing";
  return new AtlassianMcpError("input", `Field ${field.name} (${field.id}) cannot be ${given}.`, {
    fields: { [field.id]: `takes ${wanted}` },
    next: `Give ${field.name} ${wanted}.`,
  });
}
