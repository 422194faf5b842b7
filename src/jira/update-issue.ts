import { AtlassianMcpError, isOurs } from "../errors.ts";
import { type Attachable, attachFile, findAttachables } from "./attachments.ts";
import { addComment, type Visibility } from "./comments.ts";
import { ask, issueUrl, type JiraContext, naming } from "./context.ts";
import { isRichText, toJiraValue } from "./field-values.ts";
import { requireField } from "./fields.ts";
import { getIssue } from "./get-issue.ts";
import { compact } from "./models/compact.ts";
import type { WritableField } from "./models/field.ts";
import { type IssueModel, issueSchema } from "./models/issue.ts";
import { guardIssue } from "./policy.ts";
import { toFieldWrite } from "./special-fields.ts";
import { refuseContentLoss } from "./text-loss.ts";
import { performTransition } from "./transitions.ts";
import { addWorklog } from "./worklogs.ts";

export interface UpdateIssueOptions {
  readonly key: string;
  /** By id or name; `status` becomes a transition. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Paths of files below the policy's `filesRoot`. */
  readonly attachments?: readonly string[] | undefined;
  readonly transition?: string | undefined;
  /** Markdown. */
  readonly comment?: string | undefined;
  readonly commentVisibility?: Visibility | undefined;
  readonly worklog?: string | undefined;
  readonly worklogStarted?: string | undefined;
  readonly returnFields: readonly string[];
  readonly allowContentLoss?: boolean | undefined;
}

export interface FailedOperation {
  readonly operation: string;
  readonly code: string;
  readonly error: string;
  readonly next?: string | undefined;
}

export interface UpdatedIssue {
  readonly message: string;
  readonly issue: IssueModel;
  readonly operations_performed: readonly string[];
  readonly operations_failed: readonly FailedOperation[];
  readonly warnings?: readonly string[] | undefined;
}

interface Step {
  readonly operation: string;
  /** What to say beyond success. */
  run(): Promise<readonly string[]>;
}

interface Outcome {
  readonly performed: string[];
  readonly failed: { readonly operation: string; readonly error: AtlassianMcpError }[];
  readonly warnings: string[];
}

/**
 * Changes fields, attaches files, moves, comments and logs time, in this order; each step on its own, so that a failed one does not
 * hide what the others did.
 *
 * @throws AtlassianMcpError of the failed step when nothing worked; `input` when nothing was asked for or a file cannot
 *   be read, `unsupported` for files where none can be.
 */
export async function updateIssue(
  context: JiraContext,
  options: UpdateIssueOptions,
): Promise<UpdatedIssue> {
  const { key } = options;
  const files = await findAttachables(context, options.attachments ?? []);
  const steps = planSteps(context, options, files);
  if (steps.length === 0) {
    throw new AtlassianMcpError("input", `Nothing to change on ${key} was given.`, {
      next: "Give at least one of fields, additional_fields, components, attachments, transition, comment, worklog.",
    });
  }
  await guardIssue(context, key);
  const outcome: Outcome = { performed: [], failed: [], warnings: [] };
  for (const step of steps) await runStep(step, outcome);
  if (outcome.performed.length === 0) throw totalFailure(key, outcome);
  const issue = await readBack(context, options, outcome.warnings);
  const failed = outcome.failed.map(tellFailure);
  return {
    message:
      failed.length > 0
        ? `${key} was updated in part; ${failed.length} of ${steps.length} steps failed.`
        : `${key} updated.`,
    issue,
    operations_performed: outcome.performed,
    operations_failed: failed,
    ...(outcome.warnings.length > 0 ? { warnings: outcome.warnings } : {}),
  };
}

function planSteps(
  context: JiraContext,
  options: UpdateIssueOptions,
  files: readonly Attachable[],
): Step[] {
  const { key, comment, worklog } = options;
  const { status, ...fields } = options.fields;
  const to = options.transition ?? (status === undefined ? undefined : statusName(status));
  const names = Object.keys(fields);
  const steps: (Step | false)[] = [
    names.length > 0 && {
      operation: `fields: ${names.join(", ")}`,
      run: () => setFields(context, fields, options),
    },
    ...files.map((file) => ({
      operation: `attachment: ${file.given}`,
      run: async () => {
        await attachFile(context, key, file);
        return [];
      },
    })),
    to !== undefined && {
      operation: `transition: ${to}`,
      run: async () => (await performTransition(context, { key, to })).warnings,
    },
    comment !== undefined && {
      operation: "comment",
      run: async () => {
        await addComment(context, { key, body: comment, visibility: options.commentVisibility });
        return [];
      },
    },
    worklog !== undefined && {
      operation: `worklog: ${worklog}`,
      run: async () => {
        await addWorklog(context, { key, timeSpent: worklog, started: options.worklogStarted });
        return [];
      },
    },
  ];
  return steps.filter((step) => step !== false);
}

async function runStep(step: Step, outcome: Outcome): Promise<void> {
  try {
    outcome.warnings.push(...(await step.run()));
    outcome.performed.push(step.operation);
  } catch (error) {
    if (!isOurs(error)) throw error;
    outcome.failed.push({ operation: step.operation, error });
  }
}

async function setFields(
  context: JiraContext,
  fields: Readonly<Record<string, unknown>>,
  options: UpdateIssueOptions,
): Promise<readonly string[]> {
  const { key } = options;
  const values: Record<string, unknown> = {};
  const update: Record<string, readonly unknown[]> = {};
  const texts: TextChange[] = [];
  for (const [name, value] of Object.entries(fields)) {
    const text = await toTextChange(context, name, value);
    if (text !== undefined) {
      texts.push(text);
      continue;
    }
    const write = await toFieldWrite(context, name, value, { issueKey: key });
    if (write.operations === undefined) values[write.id] = write.value;
    else update[write.id] = write.operations;
  }
  Object.assign(values, await writeTexts(context, texts, options));
  const request = context.send({
    method: "PUT",
    path: context.dialect.path`/issue/${key}`,
    json: compact({ fields: values, update }),
    order: key,
  });
  await naming(`Issue ${key}`, request);
  return [];
}

interface TextChange {
  readonly field: WritableField;
  readonly value: unknown;
}

async function toTextChange(
  context: JiraContext,
  name: string,
  value: unknown,
): Promise<TextChange | undefined> {
  // These names stand for fields of a fixed type, on whatever id the site has them.
  if (/^(parent|epic)/i.test(name)) return undefined;
  const field = await requireField(context, name);
  return isRichText(field) ? { field, value } : undefined;
}

/** Texts are written over what is stored: its placeholders are exchanged, and what would vanish is refused. */
async function writeTexts(
  context: JiraContext,
  texts: readonly TextChange[],
  { key, allowContentLoss }: UpdateIssueOptions,
): Promise<Record<string, unknown>> {
  if (texts.length === 0) return {};
  const ids = texts.map(({ field }) => field.id).join(",");
  const request = {
    path: context.dialect.path`/issue/${key}`,
    query: { fields: ids, updateHistory: false },
  };
  const current = await naming(`Issue ${key}`, ask(context, request, issueSchema, "issue"));
  const values: Record<string, unknown> = {};
  for (const { field, value } of texts) {
    const before = context.dialect.readText(current.fields?.[field.id]);
    const scope = { originals: before.originals };
    const written = await toJiraValue(context, field, value, scope);
    if (allowContentLoss !== true) {
      refuseContentLoss(context, before, written, `${field.name} of ${key}`);
    }
    values[field.id] = written;
  }
  return values;
}

async function readBack(
  context: JiraContext,
  { key, returnFields }: UpdateIssueOptions,
  warnings: string[],
): Promise<IssueModel> {
  try {
    return await getIssue(context, { key, fields: returnFields, updateHistory: false });
  } catch (error) {
    if (!isOurs(error)) throw error;
    warnings.push(`${key} was updated, but could not be read back: ${error.message}`);
    return { id: "", key, browse_url: issueUrl(context, key) };
  }
}

function statusName(status: unknown): string {
  if (typeof status === "string") return status;
  if (typeof status === "object" && status !== null && "name" in status) return String(status.name);
  throw new AtlassianMcpError("input", "status must be the name of a status.", {
    fields: { status: "takes the name of a status or transition" },
  });
}

function tellFailure({ operation, error }: Outcome["failed"][number]): FailedOperation {
  const { next } = error.details;
  const told = { operation, code: error.code, error: error.message };
  return next === undefined ? told : { ...told, next };
}

function totalFailure(key: string, { failed }: Outcome): AtlassianMcpError {
  const [first] = failed;
  if (first === undefined)
    return new AtlassianMcpError("upstream", `Nothing was changed on ${key}.`);
  if (failed.length === 1) return first.error;
  const list = failed.map(({ operation, error }) => `${operation}: ${error.message}`).join(" | ");
  return first.error.with({}, `Nothing was changed on ${key}. ${list}`);
}
