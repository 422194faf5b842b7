import type { SandboxUser } from "../../types.ts";
import { issueTypes, linkTypes, priorities, resolutions, statuses } from "../catalog.ts";
import { type FieldIds, fieldIds } from "../fields.ts";
import type {
  Change,
  Issue,
  JiraWorld,
  Option,
  Project,
  RichText,
  Sprint,
  Status,
  Value,
} from "../model.ts";
import { wikiToAdf } from "../text/wiki-input.ts";
import { addIssue, findField, setValue } from "../world.ts";
import { type SeedIssue, seedLinks } from "./seed-issue.ts";

const dayMs = 86_400_000;

/** Writes seed issues into a world whose dates count back from `base`. */
export function growIssues(
  world: JiraWorld,
  base: Date,
  project: Project,
  seeds: readonly SeedIssue[],
): void {
  const ids = fieldIds(world.deployment);
  seeds.forEach((seed, index) => {
    const minutes = index * 7;
    const at = (daysAgo: number, hour: number) =>
      new Date(base.getTime() - daysAgo * dayMs + (hour * 60 + minutes) * 60_000);
    const issue = addIssue(world, project, person(world, seed.by), at(seed.created, 8));
    for (const [field, value] of initialValues(world, ids, project, seed, base)) {
      setValue(issue, field, value);
    }
    issue.watchers.add(issue.creator);
    placeInHierarchy(world, ids, issue, seed);
    addTalk(world, issue, seed, at);
    moveThroughWorkflow(world, issue, seed, at);
  });
}

/** Links between the seeded issues. */
export function growLinks(world: JiraWorld): void {
  for (const [source, name, target] of seedLinks) {
    const type = linkTypes.find((candidate) => candidate.name === name);
    const [from, to] = [world.keys.get(source), world.keys.get(target)];
    if (type === undefined || from === undefined || to === undefined) continue;
    const id = world.nextId();
    world.links.set(id, { id, type, source: from.id, target: to.id });
  }
}

function initialValues(
  world: JiraWorld,
  ids: FieldIds,
  project: Project,
  seed: SeedIssue,
  base: Date,
): [string, Value][] {
  const values: [string, Value | undefined][] = [
    ["summary", { kind: "string", text: seed.summary }],
    ["issuetype", { kind: "type", type: issueTypes[seed.type] }],
    ["status", { kind: "status", status: statuses.todo }],
    ["priority", priority(seed.priority ?? "Medium")],
    ["reporter", { kind: "user", user: person(world, seed.by) }],
    ["assignee", seed.assignee === undefined ? undefined : userValue(world, seed.assignee)],
    ["description", seed.text === undefined ? undefined : rich(world, seed.text)],
    [ids.releaseNotes, seed.notes === undefined ? undefined : rich(world, seed.notes)],
    ["labels", seed.labels === undefined ? undefined : { kind: "strings", list: seed.labels }],
    ["components", { kind: "components", list: named(project.components, seed.component) }],
    ["fixVersions", { kind: "versions", list: named(project.versions, seed.fix) }],
    ["versions", { kind: "versions", list: named(project.versions, seed.affects) }],
    ["duedate", seed.due === undefined ? undefined : { kind: "date", date: day(base, seed.due) }],
    [pointsField(ids, project), points(seed.points)],
    [ids.severity, seed.severity === undefined ? undefined : severity(world, ids, seed.severity)],
    [ids.area, seed.area === undefined ? undefined : area(world, ids, seed.area)],
    [ids.sprint, sprints(world, seed.sprints)],
    ["timetracking", estimate(seed)],
  ];
  return values.filter((entry): entry is [string, Value] => {
    const value = entry[1];
    return value !== undefined && !("list" in value && value.list.length === 0);
  });
}

function placeInHierarchy(world: JiraWorld, ids: FieldIds, issue: Issue, seed: SeedIssue): void {
  const parent = world.keys.get(seed.parent ?? "");
  if (seed.type === "epic" && ids.epicName !== undefined) {
    setValue(issue, ids.epicName, { kind: "string", text: seed.summary });
  }
  if (parent === undefined) return;
  const field = seed.type === "subtask" ? "parent" : (ids.epicLink ?? "parent");
  setValue(issue, field, { kind: "issue", id: parent.id });
}

function addTalk(
  world: JiraWorld,
  issue: Issue,
  seed: SeedIssue,
  at: (daysAgo: number, hour: number) => Date,
): void {
  for (const [by, daysAgo, text] of seed.comments ?? []) {
    const author = person(world, by);
    const created = at(daysAgo, 10);
    issue.comments.push({
      id: world.nextId(),
      author,
      created,
      updated: created,
      updatedBy: author,
      body: store(world, text),
      properties: [],
    });
    issue.watchers.add(author);
  }
  for (const [by, daysAgo, hours, text] of seed.work ?? []) {
    const started = at(daysAgo, 9);
    issue.worklogs.push({
      id: world.nextId(),
      author: person(world, by),
      created: started,
      updated: started,
      started,
      seconds: hours * 3600,
      comment: text === undefined ? undefined : store(world, text),
    });
  }
}

const paths: Readonly<Record<SeedIssue["state"], readonly Status[]>> = {
  todo: [],
  doing: [statuses.doing],
  review: [statuses.doing, statuses.review],
  done: [statuses.doing, statuses.review, statuses.done],
};

function moveThroughWorkflow(
  world: JiraWorld,
  issue: Issue,
  seed: SeedIssue,
  at: (daysAgo: number, hour: number) => Date,
): void {
  const end = seed.updated ?? seed.created;
  const path = paths[seed.state];
  const author = person(world, seed.assignee ?? seed.by);
  let from: Status = statuses.todo;
  path.forEach((to, index) => {
    const share = (index + 1) / path.length;
    const daysAgo = Math.round(seed.created + (end - seed.created) * share);
    const changes = [statusChange(from, to)];
    if (to === statuses.done) changes.push(resolve(issue, seed, at(daysAgo, 14 + index)));
    issue.history.push({ id: world.nextId(), author, created: at(daysAgo, 14 + index), changes });
    setValue(issue, "status", { kind: "status", status: to });
    from = to;
  });
  const lastComment = issue.comments.at(-1)?.created ?? issue.created;
  const lastMove = issue.history.at(-1)?.created ?? issue.created;
  issue.updated = lastMove > lastComment ? lastMove : lastComment;
}

function statusChange(from: Status, to: Status): Change {
  return {
    field: "status",
    fieldId: "status",
    custom: false,
    from: from.id,
    fromString: from.name,
    to: to.id,
    toString: to.name,
  };
}

function resolve(issue: Issue, seed: SeedIssue, at: Date): Change {
  const wanted = seed.resolution ?? "Done";
  const resolution = resolutions.find(({ name }) => name === wanted);
  if (resolution === undefined) throw new Error(`no resolution ${wanted}`);
  setValue(issue, "resolution", { kind: "resolution", resolution });
  setValue(issue, "resolutiondate", { kind: "datetime", at });
  const { id, name } = resolution;
  const nothing = { from: null, fromString: null };
  return {
    field: "resolution",
    fieldId: "resolution",
    custom: false,
    ...nothing,
    to: id,
    toString: name,
  };
}

function person(world: JiraWorld, name: string): SandboxUser {
  const found = world.users.find((user) => user.name === name);
  if (found === undefined) throw new Error(`no user ${name}`);
  return found;
}

function userValue(world: JiraWorld, name: string): Value {
  return { kind: "user", user: person(world, name) };
}

function priority(name: string): Value | undefined {
  const found = priorities.find((candidate) => candidate.name === name);
  return found && { kind: "priority", priority: found };
}

function store(world: JiraWorld, wiki: string): RichText {
  if (world.deployment === "datacenter") return wiki;
  const mentions = wiki.replace(/\[~([\w.]+)\]/g, (_all, name: string) => {
    return `[~accountid:${person(world, name).accountId}]`;
  });
  return wikiToAdf(mentions);
}

function rich(world: JiraWorld, wiki: string): Value {
  return { kind: "rich", content: store(world, wiki) };
}

function named<T extends { readonly name: string }>(all: readonly T[], name?: string): T[] {
  return all.filter((item) => item.name === name);
}

function day(base: Date, days: number): string {
  return new Date(base.getTime() + days * dayMs).toISOString().slice(0, 10);
}

function pointsField(ids: FieldIds, project: Project): string {
  return (project.teamManaged ? ids.storyPointEstimate : undefined) ?? ids.storyPoints;
}

function points(number: number | undefined): Value | undefined {
  return number === undefined ? undefined : { kind: "number", number };
}

function optionOf(options: readonly Option[] | undefined, value: string | undefined) {
  return options?.find((option) => option.value === value);
}

function severity(world: JiraWorld, ids: FieldIds, value: string): Value | undefined {
  const option = optionOf(findField(world, ids.severity)?.options, value);
  return option && { kind: "option", option };
}

function area(
  world: JiraWorld,
  ids: FieldIds,
  [value, below]: readonly [string, string?],
): Value | undefined {
  const option = optionOf(findField(world, ids.area)?.options, value);
  return option && { kind: "cascade", option, child: optionOf(option.children, below) };
}

function sprints(world: JiraWorld, names: readonly string[] = []): Value {
  const list = names.flatMap((name): Sprint[] => named(world.sprints, name));
  return { kind: "sprints", list };
}

function estimate(seed: SeedIssue): Value | undefined {
  if (seed.estimate === undefined) return undefined;
  const spent = (seed.work ?? []).reduce((sum, [, , hours]) => sum + hours, 0);
  const remaining = Math.max(0, seed.estimate - spent) * 3600;
  return { kind: "time", original: seed.estimate * 3600, remaining };
}
