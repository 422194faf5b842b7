import { z } from "zod";
import { parseAnswer } from "../../atlassian/parse.ts";
import { isoDate } from "../dates.ts";
import type { JiraDialect } from "../dialect/types.ts";
import { commentPageSchema, toIssueComment } from "./comment.ts";
import { compact } from "./compact.ts";
import { toCustomValue } from "./custom-value.ts";
import type { FieldDefinition } from "./field.ts";
import {
  attachmentSchema,
  issueLinkSchema,
  issueStubSchema,
  statusSchema,
  toAttachment,
  toIssueLink,
  toIssueStub,
  toStatus,
} from "./issue-parts.ts";
import { jiraUserSchema, toUser } from "./user.ts";
import { toWorklog, worklogPageSchema } from "./worklog.ts";

export const issueSchema = z.looseObject({
  id: z.string(),
  key: z.string(),
  fields: z.record(z.string(), z.unknown()).nullish(),
  names: z.record(z.string(), z.string()).nullish(),
  properties: z.record(z.string(), z.unknown()).nullish(),
});

export type JiraIssue = z.output<typeof issueSchema>;

/** Id, key and link, then what was asked for, in the order of the site. Empty values are left out. */
export interface IssueModel {
  readonly id: string;
  readonly key: string;
  readonly [field: string]: unknown;
}

export interface IssueReading {
  readonly dialect: JiraDialect;
  readonly browseBase: string;
  /** Needed where {@link JiraDialect.readsByDefinition}. */
  readonly definitions: readonly FieldDefinition[];
  /** Names of custom fields by id, where the caller wants them instead of ids. */
  readonly names?: Readonly<Record<string, string>> | undefined;
  /** False for issues of which no more than the key may be shown. */
  readonly isInReach: (key: string) => boolean;
}

/** @throws AtlassianMcpError `shape` naming the field. */
export function toIssue(raw: JiraIssue, reading: IssueReading): IssueModel {
  const model: Record<string, unknown> = {
    id: raw.id,
    key: raw.key,
    browse_url: `${reading.browseBase}/browse/${encodeURIComponent(raw.key)}`,
  };
  const custom: [string, unknown][] = [];
  const fields = raw.fields ?? {};
  for (const [id, value] of Object.entries(fields)) {
    if (id === "assignee" && value === null) model["assignee"] = { display_name: "Unassigned" };
    if (value === null || value === undefined) continue;
    const reader = readers.get(id);
    if (reader !== undefined) Object.assign(model, compact(reader(value, reading)));
    else if (id.startsWith("customfield_")) custom.push([id, value]);
  }
  const epic = reading.dialect.readEpic(fields, reading.definitions);
  if (epic !== undefined) {
    const epicName = reading.isInReach(epic.key) ? epic.name : undefined;
    Object.assign(model, compact({ epic_key: epic.key, epic_name: epicName }));
  }
  for (const [id, value] of custom) addCustomField(model, id, value, reading);
  return { ...model, id: raw.id, key: raw.key };
}

type Reader = (value: unknown, reading: IssueReading) => Record<string, unknown>;

const named = z.looseObject({ name: z.string() });

function read<Schema extends z.ZodType>(
  field: string,
  key: string,
  schema: Schema,
  present: (value: z.output<Schema>, reading: IssueReading) => unknown,
): [string, Reader] {
  return [
    field,
    (value, reading) => ({ [key]: present(parseAnswer(schema, value, `field ${field}`), reading) }),
  ];
}

const date = (field: string, key: string) => read(field, key, z.string(), isoDate);
const text = (field: string, key = field) => read(field, key, z.string(), (value) => value);
const name = (field: string, key: string) =>
  read(field, key, named, (value) => ({ name: value.name }));
const names = (field: string, key: string) =>
  read(field, key, z.array(named), (value) => value.map((each) => each.name));
const user = (field: string) => read(field, field, jiraUserSchema, (value) => toUser(value));
const rich = (field: string) =>
  read(field, field, z.unknown(), (value, { dialect }) => dialect.readText(value).markdown);

const readers: ReadonlyMap<string, Reader> = new Map([
  text("summary"),
  rich("description"),
  rich("environment"),
  read("status", "status", statusSchema, toStatus),
  name("issuetype", "issue_type"),
  name("priority", "priority"),
  read(
    "project",
    "project",
    z.looseObject({ key: z.string(), name: z.string().optional() }),
    ({ key, name: projectName }) => compact({ key, name: projectName }),
  ),
  read("resolution", "resolution", named, (value) =>
    compact({ name: value.name, id: value["id"] }),
  ),
  text("duedate"),
  date("resolutiondate", "resolutiondate"),
  read("parent", "parent", issueStubSchema, (value, { isInReach }) =>
    toIssueStub(value, isInReach),
  ),
  read("subtasks", "subtasks", z.array(issueStubSchema), (value, { isInReach }) =>
    value.map((each) => toIssueStub(each, isInReach)),
  ),
  name("security", "security"),
  user("assignee"),
  user("reporter"),
  user("creator"),
  read("labels", "labels", z.array(z.string()), (value) => value),
  names("components", "components"),
  names("fixVersions", "fix_versions"),
  names("versions", "versions"),
  read("timetracking", "timetracking", z.looseObject({}), (value) =>
    compact({
      original_estimate: value["originalEstimate"],
      remaining_estimate: value["remainingEstimate"],
      time_spent: value["timeSpent"],
    }),
  ),
  date("created", "created"),
  date("updated", "updated"),
  read("comment", "comments", commentPageSchema, (value, { dialect }) =>
    value.comments.map((comment) => toIssueComment(dialect, comment)),
  ),
  read("worklog", "worklogs", worklogPageSchema, (value, { dialect }) =>
    value.worklogs.map((entry) => toWorklog(dialect, entry)),
  ),
  read("attachment", "attachments", z.array(attachmentSchema), (value, { browseBase }) =>
    value.map((each) => toAttachment(each, browseBase)),
  ),
  read("issuelinks", "issuelinks", z.array(issueLinkSchema), (value, { isInReach }) =>
    value.map((each) => toIssueLink(each, isInReach)),
  ),
]);

function addCustomField(
  model: Record<string, unknown>,
  id: string,
  value: unknown,
  { dialect, definitions, names: fieldNames }: IssueReading,
): void {
  const toText = (stored: unknown) => dialect.readText(stored).markdown;
  const definition = definitions.find((field) => field.id === id);
  const isRich = typeof value === "string" && definition?.schema?.custom?.endsWith(":textarea");
  const shown = isRich ? toText(value) || undefined : toCustomValue(value, toText);
  if (shown === undefined) return;
  const fieldName = fieldNames?.[id];
  if (fieldName === undefined) {
    model[id] = { value: shown };
    return;
  }
  const isFree = !Object.hasOwn(model, fieldName);
  model[isFree ? fieldName : id] = {
    value: shown,
    ...(isFree ? { field_id: id } : { name: fieldName }),
  };
}
