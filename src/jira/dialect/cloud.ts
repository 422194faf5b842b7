import { z } from "zod";
import { parseAnswer } from "../../atlassian/parse.ts";
import { bareIdentifier, looksLikeAccountId } from "../../atlassian/user.ts";
import { adfToMarkdown, markdownToAdf } from "../../content/adf/convert.ts";
import { AtlassianMcpError } from "../../errors.ts";
import { noOriginals, rootedPath } from "./shared.ts";
import type { JiraDialect } from "./types.ts";

const path = rootedPath("/rest/api/3");

const mentions = ["accountid"] as const;

const searchPageSchema = z.looseObject({
  issues: z.array(z.unknown()).default([]),
  nextPageToken: z.string().nullish(),
  isLast: z.boolean().optional(),
  names: z.record(z.string(), z.string()).nullish(),
  warnings: z.array(z.unknown()).nullish(),
});

const epicSchema = z.looseObject({
  key: z.string(),
  fields: z
    .looseObject({
      summary: z.string().optional(),
      issuetype: z
        .looseObject({ name: z.string().optional(), hierarchyLevel: z.number().optional() })
        .optional(),
    })
    .optional(),
});

/** Jira Cloud: ADF through v3 in every path, account ids, token paging, `parent` at every level. */
export const cloudDialect: JiraDialect = {
  path,
  hasFieldContexts: true,
  needsBoundedJql: true,
  readsByDefinition: false,
  userQueryName: "query",
  automaticAssignee: { accountId: "-1" },
  noAssignee: { accountId: null },
  mentions,

  readText(stored) {
    if (stored === null || stored === undefined) return { markdown: "", originals: noOriginals };
    if (typeof stored === "string") return { markdown: stored, originals: noOriginals };
    return adfToMarkdown(stored);
  },
  writeText: (markdown, originals) => markdownToAdf(markdown, { originals, mentions }),
  isStoredText: (value) =>
    typeof value === "object" && value !== null && "type" in value && value.type === "doc",

  userReference: (user) => ({ accountId: user.accountId ?? "" }),
  directReference(identifier) {
    const id = bareIdentifier(identifier);
    return looksLikeAccountId(id) ? { accountId: id } : undefined;
  },
  userLookups: (identifier) => (looksLikeAccountId(identifier) ? [{ accountId: identifier }] : []),

  firstCursor(startAt, pageToken) {
    if (startAt === 0 || pageToken !== undefined) return pageToken;
    throw new AtlassianMcpError(
      "input",
      "This site pages through searches by token, not by offset.",
      {
        fields: { start_at: "must be 0 here" },
        next: "Leave out start_at and pass the next_page_token of the previous result as page_token.",
      },
    );
  },
  searchRequest: ({ jql, fields, expand, maxResults, cursor }) => ({
    method: "POST",
    idempotent: true,
    path: path`/search/jql`,
    json: {
      jql,
      fields,
      maxResults,
      nextPageToken: cursor,
      expand: expand.length > 0 ? expand.join(",") : undefined,
    },
  }),
  readSearchPage(answer) {
    const page = parseAnswer(searchPageSchema, answer, "search result");
    return {
      issues: page.issues,
      next: page.isLast === true ? undefined : (page.nextPageToken ?? undefined),
      names: page.names ?? {},
      warnings: (page.warnings ?? []).map(tellWarning),
    };
  },

  projectList: (startAt, maxResults, includeArchived) => ({
    isWhole: false,
    request: {
      path: path`/project/search`,
      query: {
        expand: "description,lead",
        startAt,
        maxResults,
        status: includeArchived ? ["live", "archived"] : undefined,
      },
    },
  }),

  epicFields: () => ["parent"],
  readEpic(fields) {
    const parsed = epicSchema.safeParse(fields["parent"]);
    if (!parsed.success) return undefined;
    const { key, fields: parent } = parsed.data;
    const level = parent?.issuetype?.hierarchyLevel;
    const isEpic = level === undefined ? parent?.issuetype?.name === "Epic" : level === 1;
    return isEpic ? { key, name: parent?.summary } : undefined;
  },
  parentField: () => ({ id: "parent", takesObject: true }),
};

function tellWarning(warning: unknown): string {
  if (typeof warning === "string") return warning;
  if (typeof warning === "object" && warning !== null && "message" in warning) {
    return String(warning.message);
  }
  return JSON.stringify(warning);
}
