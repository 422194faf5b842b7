import { userBean } from "./beans.ts";
import type { Call, Json } from "./call.ts";
import { derivedValue } from "./derived.ts";
import { jiraDate } from "./duration.ts";
import { fieldMeta } from "./field-meta.ts";
import type { FieldDefinition, History, Issue, JiraWorld } from "./model.ts";
import { showValue } from "./show-value.ts";
import { htmlText } from "./text/rich.ts";
import { transitionBeans } from "./transitions.ts";
import { screenFields, statusOf, typeOf } from "./world.ts";

/** What a caller wants to see of an issue. */
export interface IssueView {
  /** As in the `fields` parameter: ids, `*all`, `*navigable`, `-id`. */
  readonly fields: readonly string[];
  readonly expand: ReadonlySet<string>;
  /** Keys of issue properties. */
  readonly properties: readonly string[];
}

/** Reads a comma separated `expand`. */
export function expandSet(...texts: readonly (string | null)[]): ReadonlySet<string> {
  return new Set(texts.flatMap((text) => (text ?? "").split(",")).map((word) => word.trim()));
}

/** An issue as `GET /issue/{key}` and searches show it. */
export function issueBean(call: Call, issue: Issue, view: IssueView): Json {
  const self = `${call.api}/issue/${issue.id}`;
  const shown = shownFields(call.world, issue, view.fields);
  const fields: Record<string, unknown> = {};
  for (const field of shown) fields[field.id] = fieldValue(call, issue, field);
  const { expand } = view;
  return {
    expand: "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations",
    id: String(issue.id),
    self,
    key: issue.key,
    ...(expand.has("renderedFields") ? { renderedFields: rendered(issue, shown, fields) } : {}),
    ...(expand.has("names") ? { names: namesOf(shown) } : {}),
    ...(expand.has("schema") ? { schema: schemasOf(shown) } : {}),
    ...(expand.has("transitions") ? { transitions: transitionBeans(call, issue, expand) } : {}),
    ...(expand.has("editmeta") ? { editmeta: editMeta(call, issue) } : {}),
    ...(expand.has("changelog") ? { changelog: changelogOf(call, issue) } : {}),
    ...(view.properties.length > 0 ? { properties: propertiesOf(issue, view.properties) } : {}),
    ...(shown.length > 0 ? { fields } : {}),
  };
}

/** Labels of the shown fields. */
export function namesOf(fields: readonly FieldDefinition[]): Json {
  return Object.fromEntries(fields.map(({ id, name }) => [id, name]));
}

/** Schemas of the shown fields. */
export function schemasOf(fields: readonly FieldDefinition[]): Json {
  return Object.fromEntries(fields.map(({ id, schema }) => [id, schema ?? { type: "any" }]));
}

/** Field definitions that a `fields` parameter selects, whatever the issue. */
export function selectFields(world: JiraWorld, wanted: readonly string[]): FieldDefinition[] {
  const plus = new Set(wanted.filter((word) => !word.startsWith("-")));
  const minus = new Set(wanted.filter((word) => word.startsWith("-")).map((word) => word.slice(1)));
  const all = plus.has("*all") || (plus.size === 0 && minus.size > 0);
  return world.fields.filter(
    (field) =>
      !minus.has(field.id) &&
      (all || plus.has(field.id) || (plus.has("*navigable") && field.navigable)),
  );
}

function shownFields(world: JiraWorld, issue: Issue, wanted: readonly string[]): FieldDefinition[] {
  const type = typeOf(issue);
  return selectFields(world, wanted).filter((field) => {
    if (issue.values.has(field.id) || !field.custom)
      return field.id !== "parent" || hasParent(issue);
    return field.screen === undefined || field.screen(issue.project, type);
  });
}

function hasParent(issue: Issue): boolean {
  return issue.values.has("parent");
}

function fieldValue(call: Call, issue: Issue, field: FieldDefinition): unknown {
  if (field.kind === "derived") return derivedValue(call, issue, field.id);
  return showValue(call, issue, field, issue.values.get(field.id));
}

function rendered(
  issue: Issue,
  shown: readonly FieldDefinition[],
  fields: Readonly<Record<string, unknown>>,
): Json {
  const html: Record<string, unknown> = {};
  for (const field of shown) {
    const value = issue.values.get(field.id);
    if (value?.kind === "rich") html[field.id] = htmlText(value.content);
    else if (field.kind === "rich") html[field.id] = "";
    else if (field.id === "comment") html[field.id] = renderedComments(issue, fields["comment"]);
    else html[field.id] = null;
  }
  return html;
}

function renderedComments(issue: Issue, page: unknown): unknown {
  if (typeof page !== "object" || page === null || !("comments" in page)) return null;
  const shown = Array.isArray(page.comments) ? page.comments : [];
  const comments = shown.map((bean: Json) => {
    const stored = issue.comments.find(({ id }) => String(id) === bean["id"]);
    return { ...bean, body: stored === undefined ? "" : htmlText(stored.body) };
  });
  return { ...page, comments };
}

/** What may be changed on the edit screen. */
export function editMeta(call: Call, issue: Issue): Json {
  const type = typeOf(issue);
  const fields = screenFields(call.world, issue.project, type)
    .filter((field) => field.createOnly !== true)
    .map((field) => [field.id, fieldMeta(call, field, issue.project, type, "edit")]);
  return { fields: Object.fromEntries(fields) };
}

/** The history inside an issue: newest first on Cloud, oldest first on Data Center. */
function changelogOf(call: Call, issue: Issue): Json {
  const newestFirst = call.deployment === "cloud";
  const ordered = newestFirst ? [...issue.history].reverse() : issue.history;
  const histories = ordered.slice(0, 100).map((history) => historyBean(call, history));
  return { startAt: 0, maxResults: histories.length, total: issue.history.length, histories };
}

export function historyBean(call: Call, history: History): Json {
  const items = history.changes.map(({ custom, fieldId, ...change }) => ({
    ...change,
    fieldtype: custom ? "custom" : "jira",
    ...(call.deployment === "cloud" ? { fieldId } : {}),
  }));
  return {
    id: String(history.id),
    author: userBean(call, history.author),
    created: jiraDate(history.created),
    items,
  };
}

function propertiesOf(issue: Issue, wanted: readonly string[]): Json {
  const all = wanted.includes("*all");
  const found = [...issue.properties].filter(([key]) => all || wanted.includes(key));
  return Object.fromEntries(found);
}

/** True when the issue is in a status of the category Done. */
export function isDone(issue: Issue): boolean {
  return statusOf(issue).category.key === "done";
}
