import { type Call, isObject, type Json } from "./call.ts";
import { linkTypes } from "./catalog.ts";
import { readVisibility } from "./discussion.ts";
import { fieldIds } from "./fields.ts";
import type {
  Change,
  FieldDefinition,
  Issue,
  IssueType,
  LinkType,
  Project,
  RichText,
  Value,
  Visibility,
} from "./model.ts";
import { cannotBeSet, FieldProblem, readRichText, readValue } from "./read-value.ts";
import { fieldRefusal, JiraRefusal, refusal } from "./refusal.ts";
import { describeValue } from "./show-value.ts";
import { type AdfCheck, loadAdfCheck } from "./text/adf-check.ts";
import { findIssue, setValue, typeOf } from "./world.ts";

/** What a create, edit or transition is going to do, checked as a whole before anything changes. */
export interface EditPlan {
  readonly values: ReadonlyMap<FieldDefinition, Value | undefined>;
  readonly comments: readonly {
    readonly body: RichText;
    readonly visibility?: Visibility | undefined;
  }[];
  readonly links: readonly {
    readonly type: LinkType;
    readonly other: Issue;
    readonly outward: boolean;
  }[];
}

export interface EditTarget {
  readonly project: Project;
  readonly type: IssueType;
  /** Absent on create. */
  readonly issue?: Issue | undefined;
  /** Fields of the screen. */
  readonly screen: readonly FieldDefinition[];
  /** Whether the screen takes comments; where it does not, they are dropped without a word. */
  readonly takesComments: boolean;
  /** Whether a required field may be left out because the issue has it already. */
  readonly partial: boolean;
}

/** The schema check where the API version takes ADF; loads nothing for wiki markup. */
export async function adfCheckFor(call: Call): Promise<AdfCheck> {
  return call.format === "adf" ? loadAdfCheck() : (_document): _document is never => false;
}

/** Reads `fields` and `update` of a body. Throws one 400 with every problem. */
export function planEdit(call: Call, adf: AdfCheck, target: EditTarget, body: Json): EditPlan {
  const fields = isObject(body["fields"]) ? body["fields"] : {};
  const update = isObject(body["update"]) ? body["update"] : {};
  const values = new Map<FieldDefinition, Value | undefined>();
  const problems: Record<string, string> = {};
  const attempt = (id: string, read: (field: FieldDefinition) => Value | undefined) => {
    const field = target.screen.find((candidate) => candidate.id === id);
    if (field === undefined) {
      problems[id] = cannotBeSet(id);
      return;
    }
    try {
      values.set(field, read(field));
    } catch (error) {
      if (!(error instanceof FieldProblem)) throw error;
      problems[id] = error.message;
    }
  };
  const { project, type, issue } = target;
  const context = (id: string) => ({ call, project, type, adf, current: issue?.values.get(id) });
  for (const [id, input] of Object.entries(fields)) {
    if (id === "project" && issue === undefined) continue;
    attempt(id, (field) => readValue(context(id), field, input));
  }
  for (const [id, operations] of Object.entries(update)) {
    if (id === "comment" || id === "issuelinks") continue;
    if (id in fields) {
      throw refusal(400, `Field '${id}' cannot appear in both 'fields' and 'update'`);
    }
    attempt(id, (field) => {
      const read = (input: unknown) =>
        isNoParent(call, id, input) ? undefined : readValue(context(id), field, input);
      return operate(context(id).current, operations, read);
    });
  }
  addMissing(call, target, values, problems);
  if (Object.keys(problems).length > 0) throw fieldRefusal(problems);
  return {
    values,
    comments: target.takesComments ? readComments(call, adf, update["comment"]) : [],
    links: readLinks(call, update["issuelinks"]),
  };
}

/** Cloud's word for taking an issue out from under its parent; only an operation takes it. */
function isNoParent(call: Call, id: string, input: unknown): boolean {
  const isParent = id === "parent" && call.deployment === "cloud";
  return isParent && isObject(input) && input["none"] === true;
}

function addMissing(
  call: Call,
  target: EditTarget,
  values: ReadonlyMap<FieldDefinition, Value | undefined>,
  problems: Record<string, string>,
): void {
  for (const field of target.screen) {
    if (field.id === "project" || field.id in problems) continue;
    if (field.required?.(target.project, target.type) !== true) continue;
    const left = values.has(field) ? values.get(field) : target.issue?.values.get(field.id);
    if (left !== undefined || (target.partial && !values.has(field))) continue;
    if (field.id === "summary") problems["summary"] = "You must specify a summary of the issue.";
    else if (field.id !== "parent") problems[field.id] = `${field.name} is required.`;
    else if (call.deployment === "cloud") {
      problems["parentId"] = "Please specify the parent work item for the subtask.";
    } else {
      problems["issuetype"] = "Issue type is a sub-task but parent issue key or id not specified.";
    }
  }
}

/** Applies `add`, `remove`, `set` and, for estimates, `edit` one after another. */
function operate(
  current: Value | undefined,
  operations: unknown,
  read: (input: unknown) => Value | undefined,
): Value | undefined {
  if (!Array.isArray(operations)) throw new FieldProblem("data was not an array");
  let value = current;
  for (const operation of operations) {
    const [verb, input] = Object.entries(isObject(operation) ? operation : {})[0] ?? [];
    if (verb === "set") value = read(input);
    else if (verb === "add") value = join(value, read([input]));
    else if (verb === "edit") value = withEstimates(value, read(input), input);
    else if (verb === "remove") value = without(value, read([input]));
    else throw new FieldProblem(`The operation '${String(verb)}' is not supported.`);
  }
  return value;
}

/** An edit leaves the estimate alone that it does not name, an absent remaining one too. */
function withEstimates(
  value: Value | undefined,
  edited: Value | undefined,
  input: unknown,
): Value | undefined {
  if (edited?.kind !== "time") throw new FieldProblem("The operation 'edit' is not supported.");
  if (isObject(input) && "remainingEstimate" in input) return edited;
  return { ...edited, remaining: value?.kind === "time" ? value.remaining : undefined };
}

function join(value: Value | undefined, more: Value | undefined): Value | undefined {
  return value === undefined
    ? more
    : relist(value, more, (list, items) => [...new Set([...list, ...items])]);
}

function without(value: Value | undefined, less: Value | undefined): Value | undefined {
  return (
    value && relist(value, less, (list, items) => list.filter((item) => !items.includes(item)))
  );
}

function relist(
  value: Value,
  other: Value | undefined,
  combine: <T>(list: readonly T[], items: readonly T[]) => T[],
): Value | undefined {
  const { kind } = value;
  if (kind === "strings" && other?.kind === kind) {
    return { kind, list: combine(value.list, other.list) };
  }
  if (kind === "options" && other?.kind === kind) {
    return { kind, list: combine(value.list, other.list) };
  }
  if (kind === "components" && other?.kind === kind) {
    return { kind, list: combine(value.list, other.list) };
  }
  if (kind === "versions" && other?.kind === kind) {
    return { kind, list: combine(value.list, other.list) };
  }
  throw new FieldProblem("The operation is not supported for this field.");
}

function additions(input: unknown): Json[] {
  const operations: readonly unknown[] = Array.isArray(input) ? input : [];
  return operations.flatMap((operation) => {
    const add = isObject(operation) ? operation["add"] : undefined;
    return isObject(add) ? [add] : [];
  });
}

function readComments(call: Call, adf: AdfCheck, input: unknown): EditPlan["comments"] {
  return additions(input).map((add) => {
    const body = readRichText(call, adf, add["body"]);
    if (body === undefined) throw fieldRefusal({ comment: "Comment body is not valid!" });
    return { body, visibility: readVisibility(add) };
  });
}

function readLinks(call: Call, input: unknown): EditPlan["links"] {
  return additions(input).map((add) => {
    const type = readLinkType(add["type"]);
    const outward = isObject(add["outwardIssue"]);
    const reference = add[outward ? "outwardIssue" : "inwardIssue"];
    const wanted = isObject(reference) ? (reference["key"] ?? reference["id"]) : "";
    const other = findIssue(call.world, call.user, String(wanted));
    if (other === undefined) throw fieldRefusal({ issuelinks: "Issue does not exist." });
    return { type, other, outward };
  });
}

/** A link type by id or name. Throws 404 for an unknown one. */
export function readLinkType(input: unknown): LinkType {
  const { id, name }: Json = isObject(input) ? input : {};
  const type = linkTypes.find(
    (candidate) => candidate.id === String(id) || (id === undefined && candidate.name === name),
  );
  if (type === undefined) {
    throw new JiraRefusal({
      status: 404,
      json: {
        errorMessages: [`No issue link type with name '${String(name ?? id)}' found.`],
        errors: {},
      },
    });
  }
  return type;
}

/** Carries a plan out on an issue and writes one history entry; `silent` for a new issue. */
export function applyEdit(call: Call, issue: Issue, plan: EditPlan, silent = false): void {
  const { world, user } = call;
  const now = world.now();
  const changes: Change[] = [];
  for (const [field, value] of plan.values) {
    const before = describeValue(call, issue.values.get(field.id));
    const kept =
      value !== undefined && "list" in value && value.list.length === 0 ? undefined : value;
    setValue(issue, field.id, kept);
    const after = describeValue(call, kept);
    if (before.id === after.id && before.text === after.text) continue;
    changes.push({
      field: historyName(call, field),
      fieldId: field.id,
      custom: field.custom,
      from: before.id,
      fromString: before.text,
      to: after.id,
      toString: after.text,
    });
  }
  for (const { body, visibility } of plan.comments) {
    issue.comments.push({
      id: world.nextId(),
      author: user,
      created: now,
      updated: now,
      updatedBy: user,
      body,
      visibility,
      properties: [],
    });
  }
  for (const { type, other, outward } of plan.links) {
    const id = world.nextId();
    const [source, target] = outward ? [issue.id, other.id] : [other.id, issue.id];
    world.links.set(id, { id, type, source, target });
  }
  issue.updated = now;
  if (changes.length > 0 && !silent) {
    issue.history.push({ id: world.nextId(), author: user, created: now, changes });
  }
}

/** History entry for changes made outside an edit screen. */
export function record(call: Call, issue: Issue, changes: readonly Change[]): void {
  const created = call.world.now();
  issue.updated = created;
  issue.history.push({ id: call.world.nextId(), author: call.user, created, changes });
}

const historyNames: Readonly<Record<string, string>> = {
  fixVersions: "Fix Version",
  versions: "Version",
  components: "Component",
  timetracking: "timeoriginalestimate",
};

function historyName(call: Call, field: FieldDefinition): string {
  if (field.custom) return field.name;
  if (field.id === "parent" && call.deployment === "cloud") return "IssueParentAssociation";
  return historyNames[field.id] ?? field.id;
}

/** Values that come and go with the status: resolution and its date. */
export function settleResolution(call: Call, issue: Issue, done: boolean): void {
  if (!done) {
    setValue(issue, "resolution", undefined);
    setValue(issue, "resolutiondate", undefined);
    return;
  }
  setValue(issue, "resolutiondate", { kind: "datetime", at: call.world.now() });
}

/** Takes an issue away with everything that points to it. */
export function removeIssue(call: Call, issue: Issue): void {
  const { world } = call;
  const epicLink = fieldIds(world.deployment).epicLink ?? "parent";
  for (const other of world.issues.values()) {
    const value = other.values.get(epicLink);
    if (value?.kind === "issue" && value.id === issue.id && !typeOf(other).subtask) {
      setValue(other, epicLink, undefined);
    }
  }
  for (const link of world.links.values()) {
    if (link.source === issue.id || link.target === issue.id) world.links.delete(link.id);
  }
  world.issues.delete(issue.id);
  world.keys.delete(issue.key);
}
