import { parseAnswer } from "../atlassian/parse.ts";
import { isOurs } from "../errors.ts";
import { ask, type JiraContext, naming } from "./context.ts";
import { fieldIds, fieldOfType, fieldTypes, listFields } from "./fields.ts";
import { issueReading } from "./issue-reading.ts";
import { compact } from "./models/compact.ts";
import { type IssueModel, type IssueReading, issueSchema, toIssue } from "./models/issue.ts";
import { changelogSchema, toChangelog } from "./models/issue-parts.ts";
import { guardKey } from "./policy.ts";
import { allWorklogs, newestComments, remoteLinks, transitionsOf, watchers } from "./sections.ts";

export interface GetIssueOptions {
  readonly key: string;
  /** Ids or names; `*all`. */
  readonly fields: readonly string[];
  /** No field list was asked for: comments and the epic come along. */
  readonly isDefaultFields?: boolean | undefined;
  readonly expand?: readonly string[] | undefined;
  /** Newest comments, 0 none. */
  readonly commentLimit?: number | undefined;
  readonly properties?: readonly string[] | undefined;
  readonly updateHistory?: boolean | undefined;
  /** Names of sections (`comments`, `worklogs`, …), their synonyms, `all`. */
  readonly include?: readonly string[] | undefined;
  readonly useDisplayNames?: boolean | undefined;
}

const sectionNames: readonly string[] = [
  ...["remote_links", "transitions", "watchers", "changelog", "comments", "worklogs"],
];

const synonyms: ReadonlyMap<string, string> = new Map(
  Object.entries({
    comment: "comments",
    worklog: "worklogs",
    changelogs: "changelog",
    remotelinks: "remote_links",
  }),
);

/** Expansions whose answer is passed on as the site gives it, and the key they appear under. */
const rawExpansions: ReadonlyMap<string, string> = new Map(
  Object.entries({
    renderedFields: "rendered_fields",
    editmeta: "editmeta",
    operations: "operations",
    schema: "schema",
    versionedRepresentations: "versioned_representations",
  }),
);

/**
 * Reads one issue and, in parallel, the sections asked for. A section that fails is left out and named in `warnings`.
 *
 * @throws AtlassianMcpError `not_found`, `forbidden` for projects outside the filter, `input` for unknown field names.
 */
export async function getIssue(
  context: JiraContext,
  options: GetIssueOptions,
): Promise<IssueModel> {
  const { key, commentLimit = 0 } = options;
  guardKey(context, key);
  const wanted = sectionsOf(options);
  const definitions = context.dialect.readsByDefinition ? await listFields(context) : [];
  const names = options.isDefaultFields === true ? [...options.fields, "epic"] : options.fields;
  const fields = await fieldIds(context, names);
  const wantsComments =
    wanted.known.has("comments") ||
    (wanted.comments && commentLimit > 0) ||
    fields.some((field) => field === "comment" || field === "*all");
  const request = {
    path: context.dialect.path`/issue/${key}`,
    query: {
      fields: fields.filter((field) => field !== "comment").join(",") || "summary",
      expand: expansions(options, wanted.known).join(",") || undefined,
      properties: options.properties?.join(",") || undefined,
      updateHistory: options.updateHistory ?? true,
    },
  };
  const [raw, ...sections] = await Promise.all([
    naming(`Issue ${key}`, ask(context, request, issueSchema, "issue")),
    wantsComments && commentLimit > 0 ? commentSection(context, key, commentLimit) : nothing,
    ...optionalSections(context, key, wanted.known),
  ]);
  guardKey(context, raw.key);
  const displayNames = options.useDisplayNames ? (raw.names ?? {}) : undefined;
  const reading = issueReading(context, definitions, displayNames);
  const issue = toIssue(raw, reading);
  const model = wantsComments ? withoutComments(issue) : issue;
  const withEpic = await addEpicName(context, model, reading);
  const warnings = [...wanted.warnings, ...sections.flatMap((section) => section.warnings)];
  return {
    ...withEpic,
    ...(fields.includes("url") ? { url: withEpic["browse_url"] } : {}),
    ...Object.assign({}, ...sections.map((section) => section.values)),
    ...changelogOf(raw, warnings),
    ...rawParts(context, raw, options.expand ?? []),
    ...compact({ properties: options.properties?.length ? raw.properties : undefined, warnings }),
    id: raw.id,
    key: raw.key,
  };
}

function withoutComments({ comments: _, ...rest }: IssueModel): IssueModel {
  return rest;
}

interface Section {
  readonly values: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
}

const nothing: Section = { values: {}, warnings: [] };

function sectionsOf({ include = [], expand = [], isDefaultFields }: GetIssueOptions) {
  const asked = [...include, ...expand.filter((word) => word === "transitions")];
  const words = asked.map((word) => synonyms.get(word.toLowerCase()) ?? word.toLowerCase());
  const known = new Set(
    words.includes("all") ? sectionNames : sectionNames.filter((name) => words.includes(name)),
  );
  const unknown = words.filter((word) => word !== "all" && !sectionNames.includes(word));
  const warnings = unknown.map(
    (word) => `include: "${word}" is not known; there are ${sectionNames.join(", ")}, all.`,
  );
  return { known, warnings, comments: isDefaultFields === true };
}

function expansions(options: GetIssueOptions, sections: ReadonlySet<string>): string[] {
  return [
    ...new Set([
      ...(options.expand ?? []).filter((word) => word !== "transitions"),
      ...(sections.has("changelog") ? ["changelog"] : []),
      ...(options.useDisplayNames ? ["names"] : []),
    ]),
  ];
}

function optionalSections(
  context: JiraContext,
  key: string,
  wanted: ReadonlySet<string>,
): Promise<Section>[] {
  const loaders: Readonly<Record<string, () => Promise<unknown>>> = {
    remote_links: () => remoteLinks(context, key),
    transitions: () => transitionsOf(context, key),
    watchers: () => watchers(context, key),
    worklogs: () => allWorklogs(context, key),
  };
  return Object.entries(loaders)
    .filter(([name]) => wanted.has(name))
    .map(([name, load]) => section(name, async () => ({ [name]: await load() })));
}

function commentSection(context: JiraContext, key: string, limit: number): Promise<Section> {
  return section("comments", async () => {
    const { comments, total } = await newestComments(context, key, limit);
    return { comments, ...(total > comments.length ? { comments_total: total } : {}) };
  });
}

async function section(
  name: string,
  load: () => Promise<Readonly<Record<string, unknown>>>,
): Promise<Section> {
  try {
    return { values: await load(), warnings: [] };
  } catch (error) {
    if (!isOurs(error)) throw error;
    return { values: {}, warnings: [`${name} could not be read: ${error.message}`] };
  }
}

/** Where the epic's name is not part of the issue, it is looked up; without success, or out of reach, the key has to do. */
async function addEpicName(
  context: JiraContext,
  issue: IssueModel,
  { definitions, isInReach }: IssueReading,
): Promise<IssueModel> {
  const epicKey = issue["epic_key"];
  if (typeof epicKey !== "string" || issue["epic_name"] !== undefined) return issue;
  if (!isInReach(epicKey)) return issue;
  const nameField = fieldOfType(definitions, fieldTypes.epicName)?.id;
  const request = {
    path: context.dialect.path`/issue/${epicKey}`,
    query: { fields: ["summary", nameField].filter(Boolean).join(","), updateHistory: false },
  };
  try {
    const { key, fields } = await ask(context, request, issueSchema, "epic");
    // An epic that has moved away still answers to its old key.
    if (!isInReach(key)) return issue;
    const name = (nameField && fields?.[nameField]) || fields?.["summary"];
    return typeof name === "string" ? { ...issue, epic_name: name } : issue;
  } catch (error) {
    if (isOurs(error)) return issue;
    throw error;
  }
}

function changelogOf(raw: Readonly<Record<string, unknown>>, warnings: string[]) {
  if (raw["changelog"] === undefined) return {};
  const changelog = parseAnswer(changelogSchema, raw["changelog"], "changelog");
  const { total = 0, histories } = changelog;
  if (total > histories.length) {
    warnings.push(
      `changelog: ${histories.length} of ${total} changes; jira_batch_get_changelogs has all.`,
    );
  }
  return { changelogs: toChangelog(changelog) };
}

function rawParts(
  { policy }: JiraContext,
  raw: Readonly<Record<string, unknown>>,
  expand: readonly string[],
) {
  const parts = expand.flatMap((word) => {
    const name = rawExpansions.get(word);
    const part = rawPart(raw[word], policy.projects !== undefined);
    return name !== undefined && part !== undefined ? [[name, part] as const] : [];
  });
  return Object.fromEntries(parts);
}

/** Fields that tell of other issues, which may be outside the projects that this server may use. */
const relatives = new Set(["parent", "subtasks", "issuelinks"]);

function rawPart(part: unknown, isFiltered: boolean): unknown {
  if (typeof part !== "object" || part === null) return part;
  const entries = Object.entries(part).filter(
    ([id, value]) => value !== null && !(isFiltered && relatives.has(id)),
  );
  return Object.fromEntries(entries);
}
