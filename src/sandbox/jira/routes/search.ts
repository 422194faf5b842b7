import type { SandboxAnswer } from "../../types.ts";
import {
  bodyOf,
  type Call,
  type Json,
  listOf,
  numberOf,
  ok,
  pageOf,
  textOf,
  wordsOf,
} from "../call.ts";
import {
  expandSet,
  type IssueView,
  issueBean,
  namesOf,
  schemasOf,
  selectFields,
} from "../issue-bean.ts";
import { parseJql } from "../jql/parse.ts";
import { problemsOf, searchIssues } from "../jql/search.ts";
import { structureOf } from "../jql/structure.ts";
import type { Issue } from "../model.ts";
import { JiraRefusal, refusal } from "../refusal.ts";
import type { Operation } from "../route.ts";

/** JQL searches: token pages on Cloud, offset pages on Data Center. */
export const searchOperations: readonly Operation[] = [
  {
    method: "GET",
    path: "/search/jql",
    on: "cloud",
    run: (call) => searchByToken(call, fromQuery(call)),
  },
  {
    method: "POST",
    path: "/search/jql",
    on: "cloud",
    run: (call) => searchByToken(call, fromBody(call)),
  },
  { method: "POST", path: "/search/approximate-count", on: "cloud", run: approximateCount },
  { method: "GET", path: "/search", on: "cloud", run: removedSearch },
  { method: "POST", path: "/search", on: "cloud", run: removedSearch },
  { method: "POST", path: "/jql/parse", on: "cloud", run: parseQueries },
  {
    method: "GET",
    path: "/search",
    on: "datacenter",
    run: (call) => searchByOffset(call, offsetFromQuery(call)),
  },
  {
    method: "POST",
    path: "/search",
    on: "datacenter",
    run: (call) => searchByOffset(call, offsetFromBody(call)),
  },
];

interface TokenSearch {
  readonly jql: string;
  readonly fields: readonly string[];
  readonly expand: string;
  readonly properties: readonly string[];
  readonly maxResults: number;
  readonly token: string | undefined;
  readonly reconcile: readonly string[];
}

function fromQuery(call: Call): TokenSearch {
  return {
    jql: call.query.get("jql") ?? "",
    fields: wordsOf(call, "fields"),
    expand: call.query.get("expand") ?? "",
    properties: wordsOf(call, "properties"),
    maxResults: numberOf(call, "maxResults", 50),
    token: call.query.get("nextPageToken") ?? undefined,
    reconcile: wordsOf(call, "reconcileIssues"),
  };
}

const searchMembers = [
  "jql",
  "fields",
  "expand",
  "properties",
  "maxResults",
  "nextPageToken",
  "reconcileIssues",
  "fieldsByKeys",
  "failFast",
];

function fromBody(call: Call): TokenSearch {
  const body = bodyOf(call);
  const unknown = Object.keys(body).find((name) => !searchMembers.includes(name));
  if (unknown !== undefined) {
    throw refusal(
      400,
      "Invalid request payload. Refer to the REST API documentation and try again.",
    );
  }
  const size = body["maxResults"];
  return {
    jql: textOf(body, "jql") ?? "",
    fields: listOf(body, "fields"),
    expand: textOf(body, "expand") ?? "",
    properties: listOf(body, "properties"),
    maxResults: typeof size === "number" ? size : 50,
    token: textOf(body, "nextPageToken"),
    reconcile: listOf(body, "reconcileIssues"),
  };
}

async function searchByToken(call: Call, search: TokenSearch): Promise<SandboxAnswer> {
  if (search.reconcile.length > 50) {
    throw refusal(400, "The reconcileIssues parameter takes at most 50 issue ids.");
  }
  const issues = await searchIssues(call, search.jql, {
    mustBeBounded: true,
    reconcile: search.reconcile.map(Number),
  });
  // Only ids and keys come in large pages.
  const small = search.fields.every((field) => field === "id" || field === "key");
  const { page, next } = tokenPage(issues, search.token, search.maxResults, small ? 5000 : 100);
  const view: IssueView = {
    fields: search.fields,
    expand: expandSet(search.expand),
    properties: search.properties,
  };
  const onlyId = search.fields.every((field) => field === "id") && search.properties.length === 0;
  return ok({
    issues: page.map((issue) => (onlyId ? { id: String(issue.id) } : bareBean(call, issue, view))),
    ...(next === undefined ? { isLast: true } : { nextPageToken: next, isLast: false }),
    ...legend(call, view),
  });
}

/** Names and schemas stand beside the issues, not in each of them. */
function bareBean(call: Call, issue: Issue, view: IssueView): Json {
  const inner = new Set([...view.expand].filter((word) => word !== "names" && word !== "schema"));
  return issueBean(call, issue, { ...view, expand: inner });
}

function legend(call: Call, view: IssueView): Json {
  const shown = selectFields(call.world, view.fields);
  return {
    ...(view.expand.has("names") ? { names: namesOf(shown) } : {}),
    ...(view.expand.has("schema") ? { schema: schemasOf(shown) } : {}),
  };
}

/**
 * One page of a token-paged list. The token holds the id of the last issue seen, so that a page does not shift when
 * issues are created in between. Throws 400 for a token that is none.
 */
function tokenPage(
  issues: readonly Issue[],
  token: string | undefined,
  wanted: number,
  limit: number,
): { readonly page: readonly Issue[]; readonly next: string | undefined } {
  const size = Math.min(Math.max(1, wanted), limit);
  const start = token === undefined ? 0 : startAfter(issues, token);
  const page = issues.slice(start, start + size);
  const last = page.at(-1);
  const more = start + page.length < issues.length && last !== undefined;
  return { page, next: more ? Buffer.from(`after:${last.id}`).toString("base64url") : undefined };
}

function startAfter(issues: readonly Issue[], token: string): number {
  const [, id] = /^after:(\d+)$/.exec(Buffer.from(token, "base64url").toString()) ?? [];
  if (id === undefined) throw refusal(400, "The provided next page token is invalid.");
  return issues.findIndex((issue) => issue.id === Number(id)) + 1;
}

async function approximateCount(call: Call): Promise<SandboxAnswer> {
  const jql = textOf(bodyOf(call), "jql") ?? "";
  const issues = await searchIssues(call, jql, { mustBeBounded: true });
  return ok({ count: issues.length });
}

function removedSearch(): SandboxAnswer {
  const message =
    "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046";
  return { status: 410, json: { errorMessages: [message], errors: {} } };
}

async function parseQueries(call: Call): Promise<SandboxAnswer> {
  const validation = call.query.get("validation") ?? "strict";
  const queries: Json[] = [];
  for (const query of listOf(bodyOf(call), "queries")) {
    const parsed = await parseJql(query);
    const errors = validation === "none" ? parsed.errors : await problemsOf(call, query);
    const shown = parsed.errors.length === 0 && (errors.length === 0 || validation !== "strict");
    queries.push({
      query,
      ...(shown && parsed.query !== undefined ? { structure: structureOf(parsed.query) } : {}),
      ...(errors.length > 0 ? { errors } : {}),
    });
  }
  return ok({ queries });
}

interface OffsetSearch {
  readonly jql: string;
  readonly fields: readonly string[];
  readonly expand: ReadonlySet<string>;
  readonly startAt: number;
  readonly maxResults: number;
  readonly strict: boolean;
}

function offsetFromQuery(call: Call): OffsetSearch {
  return {
    jql: call.query.get("jql") ?? "",
    fields: wordsOf(call, "fields"),
    expand: expandSet(call.query.get("expand")),
    startAt: numberOf(call, "startAt", 0),
    maxResults: numberOf(call, "maxResults", 50),
    strict: call.query.get("validateQuery") !== "false",
  };
}

function offsetFromBody(call: Call): OffsetSearch {
  const body = bodyOf(call);
  const number = (name: string, fallback: number) => {
    const value = body[name];
    return typeof value === "number" ? value : fallback;
  };
  return {
    jql: textOf(body, "jql") ?? "",
    fields: listOf(body, "fields"),
    expand: expandSet(...listOf(body, "expand")),
    startAt: number("startAt", 0),
    maxResults: number("maxResults", 50),
    strict: body["validateQuery"] !== false,
  };
}

async function searchByOffset(call: Call, search: OffsetSearch): Promise<SandboxAnswer> {
  const { startAt } = search;
  const maxResults = Math.min(Math.max(0, search.maxResults), 1000);
  let issues: Issue[] = [];
  let warningMessages: readonly string[] = [];
  try {
    issues = await searchIssues(call, search.jql);
  } catch (error) {
    if (search.strict || !(error instanceof JiraRefusal)) throw error;
    warningMessages = await problemsOf(call, search.jql);
  }
  const view: IssueView = {
    fields: search.fields.length === 0 ? ["*navigable"] : search.fields,
    expand: search.expand,
    properties: [],
  };
  const page = issues.slice(Math.max(0, startAt), Math.max(0, startAt) + maxResults);
  return ok({
    expand: "schema,names",
    startAt,
    maxResults,
    total: issues.length,
    issues: page.map((issue) => bareBean(call, issue, view)),
    ...legend(call, view),
    ...(warningMessages.length > 0 ? { warningMessages } : {}),
  });
}

/** A page of issues of the agile API, which pages by offset on both deployments. */
export function agilePage(call: Call, issues: readonly Issue[]): SandboxAnswer {
  const fields = wordsOf(call, "fields");
  const view: IssueView = {
    fields: fields.length === 0 ? ["*navigable"] : fields,
    expand: expandSet(call.query.get("expand")),
    properties: [],
  };
  const { startAt, maxResults, total, items } = pageOf(call, issues, 50, 100);
  return ok({
    expand: "schema,names",
    startAt,
    maxResults,
    total,
    issues: items.map((issue) => bareBean(call, issue, view)),
    ...legend(call, view),
  });
}

/** A page of issues of `/rest/software/1.0`. */
export function softwarePage(call: Call, issues: readonly Issue[]): SandboxAnswer {
  const fields = wordsOf(call, "fields");
  const view: IssueView = {
    fields: fields.length === 0 ? ["*navigable"] : fields,
    expand: expandSet(call.query.get("expand")),
    properties: [],
  };
  const token = call.query.get("nextPageToken") ?? undefined;
  const { page, next } = tokenPage(issues, token, numberOf(call, "maxResults", 50), 5000);
  return ok({
    expand: "schema,names",
    issues: page.map((issue) => bareBean(call, issue, view)),
    ...(next === undefined ? { isLast: true } : { nextPageToken: next, isLast: false }),
    ...legend(call, view),
  });
}
