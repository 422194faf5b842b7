import { z } from "zod";
import { AtlassianMcpError, isOurs } from "../errors.ts";
import { ask, issueUrl, type JiraContext } from "./context.ts";
import { createFieldsOf, type IssueType, issueTypesOf, pickIssueType } from "./create-meta.ts";
import { tellAllowed } from "./field-values.ts";
import { fieldOfType, fieldTypes } from "./fields.ts";
import { getIssue } from "./get-issue.ts";
import type { ScreenField } from "./models/field.ts";
import type { IssueModel } from "./models/issue.ts";
import { guardProject } from "./policy.ts";
import { toFieldWrite } from "./special-fields.ts";

export interface CreateIssueOptions {
  readonly projectKey: string;
  readonly summary: string;
  readonly issueType: string;
  readonly assignee?: string | undefined;
  /** Markdown. */
  readonly description?: string | undefined;
  readonly components?: readonly string[] | undefined;
  readonly additionalFields?: Readonly<Record<string, unknown>> | undefined;
}

export interface CreatedIssue {
  readonly message: string;
  readonly issue: IssueModel;
  readonly warnings?: readonly string[] | undefined;
}

type Values = Readonly<Record<string, unknown>>;

const createdSchema = z.looseObject({ id: z.string(), key: z.string() });

/** Fields that Jira fills itself or that are set apart. */
const filled = new Set(["project", "issuetype", "reporter", "assignee"]);

/**
 * Creates an issue, reads it back and returns what was set. An assignee who is not on the create screen is set
 * afterwards; what did not work then is in `warnings`.
 *
 * @throws AtlassianMcpError `input` for unknown types, fields and values and for missing required fields; `invalid`
 *   with the site's words; `forbidden`, `not_found` for the project.
 */
export async function createIssue(
  context: JiraContext,
  options: CreateIssueOptions,
): Promise<CreatedIssue> {
  const { projectKey } = options;
  guardProject(context, projectKey);
  const type = pickIssueType(await issueTypesOf(context, projectKey), options.issueType);
  const screen = await createFieldsOf(context, projectKey, type.id);
  const values = await createValues(context, options, type, screen);
  requireAll(screen, values, type, projectKey);
  const isOnScreen = screen.some((field) => field.id === "assignee");
  const { assignee, ...others } = values;
  const created = await postIssue(context, {
    project: { key: projectKey },
    issuetype: { id: type.id },
    ...(isOnScreen ? values : others),
  });
  const warnings: string[] = [];
  if (assignee !== undefined && !isOnScreen) await assign(context, created.key, assignee, warnings);
  const issue = await readBack(context, created, Object.keys(values), warnings);
  if (assignee && isUnassigned(issue)) warnings.push(`The assignee of ${created.key} was not set.`);
  return {
    message: `${type.name} ${created.key} created.`,
    issue,
    ...(warnings.length > 0 ? { warnings } : {}),
  };
}

/** Formatted values of everything given, by field id. */
async function createValues(
  context: JiraContext,
  options: CreateIssueOptions,
  type: IssueType,
  screen: readonly ScreenField[],
): Promise<Values> {
  const { projectKey, summary, description, components, assignee } = options;
  const named = { summary, description, components, assignee };
  const values: Record<string, unknown> = {};
  const scope = { projectKey, screen, isSubtask: type.subtask };
  const given = [...Object.entries(named), ...Object.entries(options.additionalFields ?? {})];
  for (const [name, value] of given) {
    if (value === undefined) continue;
    const { id, value: written } = await toFieldWrite(context, name, value, scope);
    if (Object.hasOwn(values, id) || id === "project" || id === "issuetype") throw twice(name);
    values[id] = written;
  }
  const epicName = fieldOfType(screen, fieldTypes.epicName);
  if (epicName !== undefined && isEpic(type)) values[epicName.id] ??= summary;
  return values;
}

function isEpic(type: IssueType): boolean {
  if (type.hierarchyLevel !== undefined) return type.hierarchyLevel === 1;
  return !type.subtask && (type.untranslatedName ?? type.name).toLowerCase() === "epic";
}

function requireAll(
  screen: readonly ScreenField[],
  values: Values,
  type: IssueType,
  projectKey: string,
): void {
  const missing = screen.filter(
    (field) =>
      field.required &&
      !field.hasDefaultValue &&
      !filled.has(field.id) &&
      (values[field.id] === undefined || values[field.id] === null),
  );
  if (
    type.subtask &&
    values["parent"] === undefined &&
    !missing.some(({ id }) => id === "parent")
  ) {
    missing.push({ id: "parent", name: "parent", required: true, hasDefaultValue: false });
  }
  if (missing.length === 0) return;
  const wants = missing.map(({ id, name, schema, allowedValues = [] }) => {
    const kind = allowedValues.length > 0 ? `one of ${tellAllowed(allowedValues)}` : schema?.type;
    return [id, `${name} is required${kind === undefined ? "" : `: ${kind}`}`] as const;
  });
  throw new AtlassianMcpError(
    "input",
    `${type.name} in ${projectKey} also needs ${missing.map(({ name, id }) => `${name} (${id})`).join(", ")}.`,
    { fields: Object.fromEntries(wants), next: "Give these in additional_fields." },
  );
}

/** Creates an issue from finished values. Never repeated by itself: it could then exist twice. */
async function postIssue(context: JiraContext, fields: Values) {
  const request = {
    method: "POST" as const,
    path: context.dialect.path`/issue`,
    json: { fields },
    idempotent: false,
  };
  return ask(context, request, createdSchema, "created issue");
}

async function assign(
  context: JiraContext,
  key: string,
  assignee: unknown,
  warnings: string[],
): Promise<void> {
  try {
    await context.send({
      method: "PUT",
      path: context.dialect.path`/issue/${key}/assignee`,
      json: assignee ?? context.dialect.noAssignee,
      order: key,
    });
  } catch (error) {
    if (!isOurs(error)) throw error;
    warnings.push(`${key} was created, but the assignee was not set: ${error.message}`);
  }
}

const defaultFields = [
  "summary",
  "status",
  "issuetype",
  "assignee",
  "reporter",
  "priority",
  "created",
];

async function readBack(
  context: JiraContext,
  created: { id: string; key: string },
  written: readonly string[],
  warnings: string[],
): Promise<IssueModel> {
  const fields = [...new Set([...defaultFields, ...written])];
  try {
    return await getIssue(context, { key: created.key, fields, updateHistory: false });
  } catch (error) {
    if (!isOurs(error)) throw error;
    warnings.push(`${created.key} was created, but could not be read back: ${error.message}`);
    return { id: created.id, key: created.key, browse_url: issueUrl(context, created.key) };
  }
}

function isUnassigned(issue: IssueModel): boolean {
  const { assignee } = issue;
  return (
    typeof assignee === "object" &&
    assignee !== null &&
    !("name" in assignee || "account_id" in assignee)
  );
}

function twice(name: string): AtlassianMcpError {
  return new AtlassianMcpError("input", `${name} is given twice.`, {
    fields: { [name]: "has an argument of its own" },
    next: `Give ${name} only once, outside additional_fields.`,
  });
}
