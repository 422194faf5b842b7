import { AtlassianMcpError, isOurs } from "../errors.ts";
import { addComment, guardComment, writeBody } from "./comments.ts";
import type { JiraContext } from "./context.ts";
import { toJiraValue } from "./field-values.ts";
import { requireField } from "./fields.ts";
import { getIssue } from "./get-issue.ts";
import type { ScreenField } from "./models/field.ts";
import type { IssueModel } from "./models/issue.ts";
import {
  type JiraTransition,
  type TransitionModel,
  transitionFields,
} from "./models/transition.ts";
import { guardIssue } from "./policy.ts";
import { requestTransitions, transitionsOf } from "./sections.ts";

export interface TransitionOptions {
  readonly key: string;
  /** Id, name, or name of the status to reach. */
  readonly to: string;
  readonly fields?: Readonly<Record<string, unknown>> | undefined;
  /** Markdown. */
  readonly comment?: string | undefined;
}

export interface TransitionResult {
  readonly message: string;
  readonly issue: IssueModel;
  readonly warnings?: readonly string[] | undefined;
}

/** Moves that are possible now, with the fields of their screens. @throws AtlassianMcpError `not_found` */
export async function getTransitions(
  context: JiraContext,
  issueKey: string,
): Promise<TransitionModel[]> {
  await guardIssue(context, issueKey);
  return transitionsOf(context, issueKey);
}

/**
 * Moves an issue through its workflow and reads back where it stands.
 *
 * @throws AtlassianMcpError `input` listing the possible moves when none or several fit; `invalid` from the site.
 */
export async function transitionIssue(
  context: JiraContext,
  options: TransitionOptions,
): Promise<TransitionResult> {
  const { key } = options;
  await guardIssue(context, key);
  const { transition, warnings } = await performTransition(context, options);
  const issue = await getIssue(context, {
    key,
    fields: ["summary", "status", "resolution", "assignee", "updated"],
    updateHistory: false,
  });
  const message = `${key} moved to ${transition.to.name}.`;
  const result = { message, issue };
  return warnings.length > 0 ? { ...result, warnings } : result;
}

/** The move itself, for an issue that has been checked. */
export async function performTransition(
  context: JiraContext,
  { key, to, fields = {}, comment }: TransitionOptions,
): Promise<{ transition: JiraTransition; warnings: string[] }> {
  if (comment !== undefined) await guardComment(context, key);
  const transition = pickTransition(await requestTransitions(context, key), to);
  const screen = transitionFields(transition);
  const values = await formatFields(context, key, screen, fields);
  // Without a comment field on the screen Jira drops the comment without a word: it is sent on its own.
  const goesAlong = comment !== undefined && screen.some((field) => field.id === "comment");
  const json = {
    transition: { id: transition.id },
    fields: Object.keys(values).length > 0 ? values : undefined,
    update: goesAlong ? { comment: [{ add: { body: writeBody(context, comment) } }] } : undefined,
  };
  await postTransition(context, key, json, screen);
  const warnings: string[] = [];
  if (comment !== undefined && !goesAlong) await addAfterwards(context, key, comment, warnings);
  return { transition, warnings };
}

async function postTransition(
  context: JiraContext,
  key: string,
  json: unknown,
  screen: readonly ScreenField[],
): Promise<void> {
  const path = context.dialect.path`/issue/${key}/transitions`;
  try {
    await context.send({ method: "POST", path, order: key, json });
  } catch (error) {
    if (!isOurs(error, "invalid")) throw error;
    const required = screen.filter((field) => field.required).map(({ id }) => id);
    const fields = required.length > 0 ? ` (${required.join(", ")})` : "";
    const next = `Give the fields of this move${fields} in fields; jira_get_transitions shows them.`;
    throw error.with({ next });
  }
}

async function formatFields(
  context: JiraContext,
  issueKey: string,
  screen: readonly ScreenField[],
  fields: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    const field = await requireField(context, name, screen);
    values[field.id] = await toJiraValue(context, field, value, { issueKey });
  }
  return values;
}

async function addAfterwards(
  context: JiraContext,
  key: string,
  body: string,
  warnings: string[],
): Promise<void> {
  try {
    await addComment(context, { key, body });
  } catch (error) {
    if (!isOurs(error)) throw error;
    warnings.push(`The issue was moved, but the comment was not added: ${error.message}`);
  }
}

function pickTransition(transitions: readonly JiraTransition[], wanted: string): JiraTransition {
  const text = wanted.trim().toLowerCase();
  const tests: ((each: JiraTransition) => boolean)[] = [
    (each) => each.id === wanted.trim(),
    (each) => each.name.toLowerCase() === text,
    (each) => each.to.name.toLowerCase() === text,
  ];
  for (const test of tests) {
    const found = transitions.filter(test);
    if (found.length > 1) throw noTransition(`Several transitions fit "${wanted}"`, found);
    if (found[0] !== undefined) return found[0];
  }
  throw noTransition(`No transition "${wanted}" is possible now`, transitions);
}

function noTransition(problem: string, choice: readonly JiraTransition[]): AtlassianMcpError {
  const list = choice.map(({ id, name, to }) => `${id} ${name} → ${to.name}`).join("; ") || "none";
  return new AtlassianMcpError("input", `${problem}. Possible: ${list}.`, {
    fields: { transition_id: `one of ${choice.map(({ id }) => id).join(", ") || "none"}` },
    next: "Give one of these ids, or see jira_get_transitions.",
  });
}
