/**
 * One made-up page, comment and person as each deployment answers them, for tests. Shapes follow Atlassian's published
 * API descriptions; the data is invented.
 */
import type { FakeAnswer, FakeSite } from "../../../test/fakes/fake-site.ts";
import { fakeSite } from "../../../test/fakes/fake-site.ts";
import type { Deployment } from "../../atlassian/site.ts";
import { AtlassianMcpError, type ErrorCode } from "../../errors.ts";
import { type ConfluenceClient, type ConfluencePolicy, createConfluenceClient } from "../client.ts";

export type Routes = Readonly<Record<string, FakeAnswer>>;

export interface TestPage {
  readonly id?: string;
  readonly title?: string;
  readonly body?: string;
  readonly version?: number;
  readonly status?: string;
  readonly space?: "DEV" | "SECRET";
  /** Names of its attachments, at most 25 of which a site lists. */
  readonly files?: readonly string[];
}

export interface OpenSite {
  readonly confluence: ConfluenceClient;
  readonly requests: FakeSite["requests"];
  /** `METHOD /path?query` of what was sent so far. */
  sent(): readonly string[];
}

export interface TestSite {
  readonly deployment: Deployment;
  /** Storage format of a mention of Ada. */
  readonly mention: string;
  /** How her mention reads in Markdown. */
  readonly mentionMarkdown: string;
  /** The answer for one page. */
  page(page?: TestPage): object;
  /** Everything that reading the page asks for. */
  readPage(page?: TestPage): Routes;
  /** `METHOD /path` of page 123. */
  readonly pageRoute: string;
  readonly createRoute: string;
  readonly updateRoute: string;
  readonly deleteRoute: string;
  /** The route that finds a page by its title, answering with these. */
  titles(...pages: TestPage[]): Routes;
  /** The lookup of space DEV. */
  readonly space: Routes;
  open(routes: Routes, policy?: ConfluencePolicy): OpenSite;
}

export const browseBase = "https://acme.example/wiki";

export function answerError(
  code: ErrorCode,
  status: number,
  message = "refused",
): AtlassianMcpError {
  return new AtlassianMcpError(code, message, { status });
}

export const notFound = answerError("not_found", 404, "GET answered 404");

const ada = "5b10a2844c20165700ede21g";
const webui = (id: string) => `/spaces/DEV/pages/${id}/Road+map`;
const downloadPath = (title: string) =>
  `/download/attachments/123/${encodeURIComponent(title)}?version=2&api=v2`;
const spaceIds = { DEV: "100", SECRET: "200" };
const spaceNames = { DEV: "Development", SECRET: "Secret plans" };

function opener(deployment: Deployment): TestSite["open"] {
  return (routes, policy) => {
    const fake = fakeSite({ routes });
    const site = { product: "confluence", deployment, browseBase } as const;
    const confluence = createConfluenceClient({ api: fake.client, site, policy });
    return { confluence, requests: fake.requests, sent: () => fake.sent };
  };
}

function cloudPage(page: TestPage = {}): object {
  const { id = "123", title = "Road map", body = "<p>Hello</p>", version = 7 } = page;
  return {
    id,
    status: page.status ?? "current",
    title,
    spaceId: spaceIds[page.space ?? "DEV"],
    parentId: "100200",
    parentType: "page",
    authorId: ada,
    createdAt: "2026-01-05T09:00:00.000Z",
    version: { number: version, createdAt: "2026-11-02T10:30:00.000Z", authorId: ada, message: "" },
    body: { storage: { representation: "storage", value: body } },
    labels: { results: [{ id: "1", name: "plan", prefix: "global" }], meta: { hasMore: false } },
    properties: {
      results: [{ id: "9", key: "emoji-title-published", value: "1f680", version: { number: 1 } }],
    },
    _links: { webui: webui(id), base: browseBase },
  };
}

const cloudSpaces: Routes = {
  "GET /api/v2/spaces/100": { id: "100", key: "DEV", name: spaceNames.DEV },
  "GET /api/v2/spaces/200": { id: "200", key: "SECRET", name: spaceNames.SECRET },
  "GET /api/v2/spaces": { results: [{ id: "100", key: "DEV", name: spaceNames.DEV }] },
};

function cloudFiles({ files = [] }: TestPage): object {
  const results = files.slice(0, 25).map((title, index) => ({
    id: `att${index + 1}`,
    status: "current",
    title,
    createdAt: "2026-02-03T08:00:00.000Z",
    pageId: "123",
    mediaType: "application/pdf",
    fileSize: 2048,
    downloadLink: downloadPath(title),
    version: { number: 2, createdAt: "2026-03-04T08:00:00.000Z", authorId: ada },
  }));
  const next = "/wiki/api/v2/pages/123/attachments?cursor=abc";
  return { results, _links: files.length > 25 ? { next } : {} };
}

export const cloudNames: Routes = {
  "GET /rest/api/user/bulk": { results: [{ accountId: ada, displayName: "Ada Lovelace" }] },
};

/** Confluence Cloud. */
export const cloud: TestSite = {
  deployment: "cloud",
  mention: `<ac:link><ri:user ri:account-id="${ada}" /></ac:link>`,
  mentionMarkdown: `@[Ada Lovelace](accountid:${ada})`,
  page: cloudPage,
  pageRoute: "GET /api/v2/pages/123",
  createRoute: "POST /api/v2/pages",
  updateRoute: "PUT /api/v2/pages/123",
  deleteRoute: "DELETE /api/v2/pages/123",
  readPage: (page = {}) => ({
    ...cloudSpaces,
    ...cloudNames,
    [`GET /api/v2/pages/${page.id ?? "123"}`]: cloudPage(page),
    "GET /api/v2/pages/{}/ancestors": { results: [{ id: "100200", type: "page" }], _links: {} },
    "GET /api/v2/pages": { results: [{ id: "100200", title: "Home" }], _links: {} },
    "GET /api/v2/pages/{}/attachments": cloudFiles(page),
  }),
  titles: (...pages) => ({ "GET /api/v2/pages": { results: pages.map(cloudPage), _links: {} } }),
  space: cloudSpaces,
  open: opener("cloud"),
};

const adaUser = {
  type: "known",
  username: "ada",
  userKey: "JIRAUSER10100",
  displayName: "Ada Lovelace",
};

function dataCenterPage(page: TestPage = {}): object {
  const { id = "123", title = "Road map", body = "<p>Hello</p>", version = 7 } = page;
  const key = page.space ?? "DEV";
  return {
    id,
    type: "page",
    status: page.status ?? "current",
    title,
    space: { id: Number(spaceIds[key]), key, name: spaceNames[key] },
    history: { createdBy: adaUser, createdDate: "2026-01-05T09:00:00.000Z" },
    version: { number: version, by: adaUser, when: "2026-11-02T10:30:00.000Z", minorEdit: false },
    ancestors: [{ id: "100200", type: "page", title: "Home" }],
    body: { storage: { value: body, representation: "storage" } },
    metadata: {
      labels: { results: [{ id: "1", name: "plan", prefix: "global", label: "plan" }] },
      properties: {
        "emoji-title-published": { id: "9", key: "emoji-title-published", value: "1f680" },
        _expandable: {},
      },
    },
    children: { attachment: dataCenterFiles(page), _links: {} },
    _links: { webui: webui(id), base: browseBase },
  };
}

function dataCenterFiles({ files = [] }: TestPage): object {
  const results = files.slice(0, 25).map((title, index) => ({
    id: String(index + 1),
    type: "attachment",
    status: "current",
    title,
    history: { createdBy: adaUser, createdDate: "2026-02-03T08:00:00.000Z" },
    version: { number: 2, by: adaUser, when: "2026-03-04T08:00:00.000Z" },
    metadata: { mediaType: "application/pdf" },
    extensions: { mediaType: "application/pdf", fileSize: 2048, comment: "" },
    _links: { webui: "/pages/viewpage.action?pageId=123", download: downloadPath(title) },
  }));
  return { results, start: 0, limit: 25, size: results.length, _links: {} };
}

/** Confluence Data Center. */
export const dataCenter: TestSite = {
  deployment: "datacenter",
  mention: '<ac:link><ri:user ri:userkey="JIRAUSER10100" /></ac:link>',
  mentionMarkdown: "@[Ada Lovelace](userkey:JIRAUSER10100)",
  page: dataCenterPage,
  pageRoute: "GET /rest/api/content/123",
  createRoute: "POST /rest/api/content",
  updateRoute: "PUT /rest/api/content/123",
  deleteRoute: "DELETE /rest/api/content/123",
  readPage: (page = {}) => ({
    [`GET /rest/api/content/${page.id ?? "123"}`]: dataCenterPage(page),
    "GET /rest/api/user": adaUser,
  }),
  titles: (...pages) => ({
    "GET /rest/api/content": { results: pages.map(dataCenterPage), size: pages.length },
  }),
  space: { "GET /rest/api/space/DEV": { id: 100, key: "DEV", name: spaceNames.DEV } },
  open: opener("datacenter"),
};
