import { z } from "zod";
import { parseAnswer } from "../../atlassian/parse.ts";
import { bareIdentifier } from "../../atlassian/user.ts";
import { markdownToWiki, wikiToMarkdown } from "../../content/wiki/convert.ts";
import { AtlassianMcpError } from "../../errors.ts";
import type { FieldDefinition } from "../models/field.ts";
import { noOriginals, rootedPath } from "./shared.ts";
import type { JiraDialect } from "./types.ts";

const path = rootedPath("/rest/api/2");

const EPIC_LINK = "com.pyxis.greenhopper.jira:gh-epic-link";

const mentions = ["user"] as const;

const searchPageSchema = z.looseObject({
  issues: z.array(z.unknown()).default([]),
  startAt: z.number().default(0),
  total: z.number().optional(),
  names: z.record(z.string(), z.string()).nullish(),
  warningMessages: z.array(z.string()).nullish(),
});

/** Jira Data Center: wiki markup through v2, usernames, offset paging, epics through a custom field. */
export const dataCenterDialect: JiraDialect = {
  path,
  hasFieldContexts: false,
  needsBoundedJql: false,
  readsByDefinition: true,
  userQueryName: "username",
  automaticAssignee: { name: "-1" },
  noAssignee: { name: null },
  mentions,

  readText(stored) {
    if (typeof stored !== "string") return { markdown: "", originals: noOriginals };
    return wikiToMarkdown(stored);
  },
  writeText: (markdown, originals) => markdownToWiki(markdown, { originals, mentions }),
  isStoredText: () => false,

  userReference: (user) => ({ name: user.name ?? "" }),
  directReference: () => undefined,
  userLookups(identifier) {
    const id = bareIdentifier(identifier);
    // Names with blanks are display names: no login has one.
    if (/\s/.test(id)) return [];
    return /^JIRAUSER\d+$/i.test(id)
      ? [{ key: id.toUpperCase() }, { username: id }]
      : [{ username: id }];
  },

  firstCursor(startAt, pageToken) {
    if (pageToken === undefined) return startAt === 0 ? undefined : String(startAt);
    if (/^\d+$/.test(pageToken)) return pageToken;
    throw new AtlassianMcpError("input", "The page token is not one of this site.", {
      fields: { page_token: "must be the next_page_token of the previous result" },
      next: "Pass the next_page_token of the previous result, or start_at.",
    });
  },
  searchRequest: ({ jql, fields, expand, maxResults, cursor }) => ({
    method: "POST",
    idempotent: true,
    path: path`/search`,
    json: {
      jql,
      fields,
      maxResults,
      startAt: Number(cursor ?? 0),
      expand: expand.length > 0 ? expand : undefined,
    },
  }),
  readSearchPage(answer) {
    const page = parseAnswer(searchPageSchema, answer, "search result");
    const end = page.startAt + page.issues.length;
    const isLast = page.issues.length === 0 || (page.total !== undefined && end >= page.total);
    return {
      issues: page.issues,
      next: isLast ? undefined : String(end),
      total: page.total,
      names: page.names ?? {},
      warnings: page.warningMessages ?? [],
    };
  },

  projectList: (_startAt, _maxResults, includeArchived) => ({
    isWhole: true,
    request: {
      path: path`/project`,
      query: {
        expand: "description,lead",
        includeArchived: includeArchived ? true : undefined,
      },
    },
  }),

  epicFields(definitions) {
    const id = epicLinkId(definitions);
    return id === undefined ? ["parent"] : ["parent", id];
  },
  readEpic(fields, definitions) {
    const id = epicLinkId(definitions);
    const key = id === undefined ? undefined : fields[id];
    return typeof key === "string" && key !== "" ? { key } : undefined;
  },
  parentField(isSubtask, definitions) {
    if (isSubtask) return { id: "parent", takesObject: true };
    const id = epicLinkId(definitions);
    if (id !== undefined) return { id, takesObject: false };
    throw new AtlassianMcpError("input", "This site has no Epic Link field.", {
      fields: { parent: "only subtasks have a parent here" },
      next: "Create a subtask, or connect the issues with jira_create_issue_link.",
    });
  },
};

function epicLinkId(definitions: readonly FieldDefinition[]): string | undefined {
  return definitions.find((field) => field.schema?.custom === EPIC_LINK)?.id;
}
