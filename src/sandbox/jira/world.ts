import type { SandboxDeployment, SandboxUser } from "../types.ts";
import { statuses } from "./catalog.ts";
import { fieldIds } from "./fields.ts";
import type {
  FieldDefinition,
  Issue,
  IssueType,
  JiraWorld,
  Project,
  Sprint,
  Status,
  Value,
} from "./model.ts";

/** True when the project exists for this person. */
export function canSee(user: SandboxUser, project: Project): boolean {
  return !project.hiddenFrom.includes(user.name);
}

/** By key (any case, moved keys not kept) or numeric id; `undefined` when absent or hidden. */
export function findIssue(world: JiraWorld, user: SandboxUser, idOrKey: string): Issue | undefined {
  const issue = /^\d+$/.test(idOrKey)
    ? world.issues.get(Number(idOrKey))
    : world.keys.get(idOrKey.toUpperCase());
  return issue !== undefined && canSee(user, issue.project) ? issue : undefined;
}

export function findProject(
  world: JiraWorld,
  user: SandboxUser,
  idOrKey: string,
): Project | undefined {
  const wanted = idOrKey.toUpperCase();
  return world.projects.find(
    (project) => (project.key === wanted || project.id === idOrKey) && canSee(user, project),
  );
}

export function findField(world: JiraWorld, id: string): FieldDefinition | undefined {
  return world.fields.find((field) => field.id === id);
}

export function typeOf(issue: Issue): IssueType {
  const value = issue.values.get("issuetype");
  if (value?.kind !== "type") throw new Error(`${issue.key} has no issue type`);
  return value.type;
}

export function statusOf(issue: Issue): Status {
  const value = issue.values.get("status");
  return value?.kind === "status" ? value.status : statuses.todo;
}

export function summaryOf(issue: Issue): string {
  const value = issue.values.get("summary");
  return value?.kind === "string" ? value.text : "";
}

/** The issue one level up: epic or, for a sub-task, its parent. */
export function parentOf(world: JiraWorld, issue: Issue): Issue | undefined {
  const value =
    issue.values.get("parent") ?? issue.values.get(fieldIds(world.deployment).epicLink ?? "");
  return value?.kind === "issue" ? world.issues.get(value.id) : undefined;
}

function childrenOf(world: JiraWorld, issue: Issue): Issue[] {
  return [...world.issues.values()].filter((child) => parentOf(world, child) === issue);
}

export function subtasksOf(world: JiraWorld, issue: Issue): Issue[] {
  return childrenOf(world, issue).filter((child) => typeOf(child).subtask);
}

export function sprintsOf(world: JiraWorld, issue: Issue): readonly Sprint[] {
  const value = issue.values.get(fieldIds(world.deployment).sprint);
  return value?.kind === "sprints" ? value.list : [];
}

/** Seconds worked on the issue. */
export function spentOn(issue: Issue): number {
  return issue.worklogs.reduce((sum, worklog) => sum + worklog.seconds, 0);
}

/** Sets a field, or empties it, without a trace in the history. */
export function setValue(issue: Issue, field: string, value: Value | undefined): void {
  if (value === undefined) issue.values.delete(field);
  else issue.values.set(field, value);
}

/** Fields of the create or edit screen of this type, in screen order. */
export function screenFields(
  world: JiraWorld,
  project: Project,
  type: IssueType,
): readonly FieldDefinition[] {
  return world.fields.filter((field) => field.screen?.(project, type) === true);
}

/** By what each deployment calls a person: account id, or login name and key. */
export function findUser(
  world: { readonly users: readonly SandboxUser[]; readonly deployment: SandboxDeployment },
  id: string,
): SandboxUser | undefined {
  return world.users.find((user) =>
    world.deployment === "cloud" ? user.accountId === id : user.name === id || user.key === id,
  );
}

/** An issue without any field set, known to the world. */
export function addIssue(
  world: JiraWorld,
  project: Project,
  creator: SandboxUser,
  created: Date,
): Issue {
  project.lastNumber += 1;
  const issue: Issue = {
    id: world.nextId(),
    key: `${project.key}-${project.lastNumber}`,
    project,
    creator,
    created,
    updated: created,
    values: new Map(),
    comments: [],
    worklogs: [],
    attachments: [],
    history: [],
    remoteLinks: [],
    watchers: new Set(),
    properties: new Map(),
    rank: world.issues.size,
  };
  world.issues.set(issue.id, issue);
  world.keys.set(issue.key, issue);
  return issue;
}
