import { z } from "zod";
import { collectOffset } from "../atlassian/paging.ts";
import { AtlassianMcpError } from "../errors.ts";
import type { ApiPath } from "../http/path.ts";
import { ask, type JiraContext, naming } from "./context.ts";
import { type ScreenField, screenFieldSchema, toScreenField } from "./models/field.ts";

const issueTypeSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  untranslatedName: z.string().optional(),
  description: z.string().optional(),
  subtask: z.boolean().default(false),
  hierarchyLevel: z.number().optional(),
});

export type IssueType = z.output<typeof issueTypeSchema>;

const PAGE_SIZE = 200;

/** Issue types that this account may create in a project. @throws AtlassianMcpError `not_found` */
export function issueTypesOf(context: JiraContext, projectKey: string): Promise<IssueType[]> {
  return context.cache.remember(`create-meta ${projectKey}`, () =>
    allOf(
      context,
      context.dialect.path`/issue/createmeta/${projectKey}/issuetypes`,
      issueTypeSchema,
      `Project ${projectKey}`,
    ),
  );
}

/** Fields of the create screen of an issue type. @throws AtlassianMcpError `not_found` */
export function createFieldsOf(
  context: JiraContext,
  projectKey: string,
  typeId: string,
): Promise<ScreenField[]> {
  return context.cache.remember(`create-meta ${projectKey} ${typeId}`, async () => {
    const fields = await allOf(
      context,
      context.dialect.path`/issue/createmeta/${projectKey}/issuetypes/${typeId}`,
      screenFieldSchema,
      `Issue type ${typeId} of project ${projectKey}`,
    );
    return fields.map((field) => toScreenField(field));
  });
}

/**
 * Finds an issue type by id or name: exact, in any case, untranslated, and without signs (`subtask` = `Sub-task`).
 *
 * @throws AtlassianMcpError `input` listing the types.
 */
export function pickIssueType(types: readonly IssueType[], wanted: string): IssueType {
  const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  const tests: ((type: IssueType) => boolean)[] = [
    (type) => type.name === wanted || type.id === wanted,
    (type) => type.name.toLowerCase() === wanted.trim().toLowerCase(),
    (type) => plain(type.name) === plain(wanted),
    (type) => plain(type.untranslatedName ?? "") === plain(wanted),
  ];
  for (const test of tests) {
    const found = types.find(test);
    if (found !== undefined) return found;
  }
  const names = types.map((type) => type.name).join(", ");
  throw new AtlassianMcpError(
    "input",
    `There is no issue type "${wanted}" here. Types: ${names}.`,
    {
      fields: { issue_type: `one of ${names}` },
      next: "Give one of these issue types.",
    },
  );
}

/** Both kinds of site page this list, under different names. */
async function allOf<Schema extends z.ZodType>(
  context: JiraContext,
  path: ApiPath,
  schema: Schema,
  thing: string,
): Promise<z.output<Schema>[]> {
  const list = z.array(schema).optional();
  const pageSchema = z.looseObject({
    issueTypes: list,
    fields: list,
    values: list,
    total: z.number().optional(),
    isLast: z.boolean().optional(),
  });
  const { items } = await collectOffset({
    pageSize: PAGE_SIZE,
    fetch: async (startAt, maxResults) => {
      const request = { path, query: { startAt, maxResults } };
      const page = await naming(thing, ask(context, request, pageSchema, "create metadata"));
      const found = page.issueTypes ?? page.fields ?? page.values ?? [];
      return { items: found, total: page.total, isLast: page.isLast };
    },
  });
  return [...items];
}
