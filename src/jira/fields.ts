import { z } from "zod";
import { AtlassianMcpError } from "../errors.ts";
import { ask, type JiraContext } from "./context.ts";
import { closestNames, rankFields } from "./field-search.ts";
import { type FieldDefinition, fieldDefinitionSchema, type WritableField } from "./models/field.ts";

/** Custom field types that are recognised wherever they are and whatever they are called. */
export const fieldTypes = {
  sprint: "com.pyxis.greenhopper.jira:gh-sprint",
  epicLink: "com.pyxis.greenhopper.jira:gh-epic-link",
  epicName: "com.pyxis.greenhopper.jira:gh-epic-label",
  epicColor: "com.pyxis.greenhopper.jira:gh-epic-color",
} as const;

/** Names of results and common spellings → ids of system fields. */
const systemIds: ReadonlyMap<string, string> = new Map(
  Object.entries({
    issue_type: "issuetype",
    type: "issuetype",
    fix_versions: "fixVersions",
    fixversion: "fixVersions",
    affects_versions: "versions",
    due_date: "duedate",
    due: "duedate",
    resolution_date: "resolutiondate",
    comments: "comment",
    attachments: "attachment",
    worklogs: "worklog",
    issue_links: "issuelinks",
    links: "issuelinks",
    time_tracking: "timetracking",
  }),
);

/** Fields that a site knows without listing them. */
const unlisted = new Set([
  ...["parent", "subtasks", "project", "timetracking", "security", "comment", "attachment"],
  ...["worklog", "issuelinks", "status", "statuscategory", "url", "browse_url"],
]);

/** The site's fields, kept after the first request. */
export function listFields(context: JiraContext, refresh = false): Promise<FieldDefinition[]> {
  const request = { path: context.dialect.path`/field` };
  const schema = z.array(fieldDefinitionSchema);
  return context.cache.remember("fields", () => ask(context, request, schema, "field list"), {
    refresh,
  });
}

/** The field of a given custom type, where the site has one. */
export function fieldOfType(
  definitions: readonly WritableField[],
  type: string,
): WritableField | undefined {
  return definitions.find((field) => field.schema?.custom === type);
}

/**
 * Finds a field by id, id spelling (`cf[10010]`, `issue_type`) or name in any case.
 *
 * @param preferred fields of the screen at hand: they win over others of the same name.
 * @returns undefined for an unknown name.
 * @throws AtlassianMcpError `input` listing the ids when several fields have the name.
 */
export function findField(
  name: string,
  definitions: readonly FieldDefinition[],
  preferred: readonly WritableField[] = [],
): WritableField | undefined {
  const id = toFieldId(name);
  const byId = (field: WritableField) => field.id.toLowerCase() === id.toLowerCase();
  const direct = preferred.find(byId) ?? definitions.find(byId);
  if (direct !== undefined) return direct;
  for (const fields of [preferred, definitions]) {
    const named = fields.filter((field) => sameName(field.name, name));
    if (named.length > 1) throw ambiguousField(name, named);
    if (named[0] !== undefined) return named[0];
  }
  return unlisted.has(id.toLowerCase()) ? { id, name: id } : undefined;
}

/** Like {@link findField} over the site's list, which is read again before a name counts as unknown. */
export async function requireField(
  context: JiraContext,
  name: string,
  preferred: readonly WritableField[] = [],
): Promise<WritableField> {
  const onScreen = findField(name, [], preferred);
  if (onScreen !== undefined && onScreen.schema !== undefined) return onScreen;
  const known = findField(name, await listFields(context), preferred);
  if (known !== undefined) return known;
  const definitions = await listFields(context, true);
  const found = findField(name, definitions, preferred);
  if (found === undefined) throw unknownField(name, definitions);
  return found;
}

/**
 * Field names as callers write them → ids for a request; `*all`, `-comment` and the like stay, `epic`, `epic_key` and
 * `epic_name` become the fields that tell the epic, `id` and `self` become `key`.
 */
export async function fieldIds(context: JiraContext, names: readonly string[]): Promise<string[]> {
  const { dialect } = context;
  const ids: string[] = [];
  for (const name of names) {
    // Sites answer key, id and self whatever is asked for; the word keeps a list of nothing else from meaning "all".
    if (/^(?:(?:issue_?)?key|id|self)$/i.test(name)) ids.push("key");
    else if (/^[*-]/.test(name)) ids.push(name);
    else if (/^epic(_key|_name)?$/i.test(name)) {
      ids.push(...dialect.epicFields(dialect.readsByDefinition ? await listFields(context) : []));
    } else if (isPlainId(name)) ids.push(toFieldId(name));
    else ids.push((await requireField(context, name)).id);
  }
  return [...new Set(ids)];
}

export interface FieldSearch {
  readonly keyword: string;
  readonly limit: number;
  /** Ask the site again instead of using what is remembered. */
  readonly refresh: boolean;
}

/** @returns definitions that fit the words, best first; all of them for no words. */
export async function searchFields(
  context: JiraContext,
  { keyword, limit, refresh }: FieldSearch,
): Promise<FieldDefinition[]> {
  const definitions = await listFields(context, refresh);
  return rankFields(definitions, keyword).slice(0, limit);
}

const systemFields = new Set([
  ...["summary", "description", "status", "assignee", "reporter", "creator", "labels", "priority"],
  ...["created", "updated", "issuetype", "versions", "fixVersions", "components", "project"],
  ...["resolution", "resolutiondate", "duedate", "environment", "parent", "subtasks", "comment"],
  ...["attachment", "worklog", "issuelinks", "timetracking", "security", "votes", "watches"],
  ...["progress", "aggregateprogress", "timespent", "timeestimate", "timeoriginalestimate"],
  ...["lastViewed", "workratio", "statuscategorychangedate", "statusCategory", "issuerestriction"],
]);

function isPlainId(name: string): boolean {
  const id = toFieldId(name);
  return systemFields.has(id) || /^customfield_\d+$/.test(id);
}

function toFieldId(name: string): string {
  const trimmed = name.trim();
  const custom = /^(?:cf[_[]|customfield[_[])(\d+)\]?$/i.exec(trimmed)?.[1];
  if (custom !== undefined) return `customfield_${custom}`;
  return systemIds.get(trimmed.toLowerCase()) ?? trimmed;
}

function sameName(left: string, right: string): boolean {
  return left.trim().toLowerCase() === right.trim().toLowerCase();
}

function ambiguousField(name: string, fields: readonly WritableField[]): AtlassianMcpError {
  const ids = fields.map((field) => field.id).join(", ");
  return new AtlassianMcpError("input", `Several fields are called "${name}": ${ids}.`, {
    fields: { [name]: `is one of ${ids}` },
    next: "Name the field by its id.",
  });
}

function unknownField(name: string, definitions: readonly FieldDefinition[]): AtlassianMcpError {
  const close = closestNames(definitions, name).map((field) => `${field.name} (${field.id})`);
  const hint = close.length > 0 ? ` Similar: ${close.join(", ")}.` : "";
  return new AtlassianMcpError("input", `There is no field "${name}" on this site.${hint}`, {
    fields: { [name]: "is not a field of this site" },
    next: "jira_search_fields finds fields and their ids.",
  });
}
