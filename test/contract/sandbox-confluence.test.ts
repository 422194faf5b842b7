import { describe, expect, it } from "vitest";
import { type Asked, testSites } from "../../src/sandbox/confluence/testing.ts";
import { loadOpenApi, type OpenApi, type OpenApiName, type ResponseFix } from "../fakes/openapi.ts";

const names = ["confluence-cloud-v1", "confluence-cloud-v2", "confluence-dc-10.2.14"] as const;
const documents = new Map<OpenApiName, OpenApi>();
for (const name of names) {
  const document = loadOpenApi(name);
  if (document !== undefined) documents.set(name, document);
}
const absent = documents.size < names.length;
if (absent) {
  process.stderr.write("Skipped: the published API descriptions are not beside the repository.\n");
}

/** Where the published descriptions are wrong, and why the sandbox does not follow them. */
const fixes: readonly { operation: RegExp; fix: ResponseFix; reason: string }[] = [
  {
    operation: /\/api\/v2\/spaces(\/\{id\})?$/,
    fix: { ignore: [/(icon|description) must be object/] },
    reason: "Cloud writes null for what was not asked for",
  },
  {
    operation: /\/api\/v2\/(spaces\/\{id\}\/|labels\/\{id\}\/)?(pages|folders)/,
    fix: { ignore: [/parent(Id|Type) (must be string|must be equal)/] },
    reason: "Cloud writes null for the parent of a page at the top of its space",
  },
  {
    operation: /child\/attachment$/,
    fix: { ignore: [/status 200 is not declared/] },
    reason: "The list is described with the status of an upload",
  },
];

const sites = testSites();
const id = (title: string): string => sites.titled(title).id;
const dcId = (title: string): string => sites.titled(title, "datacenter").id;
const fileId = id("service-map.png");
const space = sites.spaceId("ENG");
const [page, moved] = [id("Checkout API"), id("Search index")];
const folder = id("Architecture");
const dcPage = dcId("Checkout API");
const storage = (value: string) => ({ representation: "storage", value });

interface Case {
  readonly line: string;
  readonly body?: unknown;
  readonly status?: number;
}

const v2 = (line: string, body?: unknown, status?: number): Case => ({
  line: line.replace(" /", " /wiki/api/v2/"),
  body,
  ...(status === undefined ? {} : { status }),
});
const v1 = (line: string, body?: unknown, status?: number): Case => ({
  line: line.replace(" /", " /wiki/rest/api/"),
  body,
  ...(status === undefined ? {} : { status }),
});
const dc = (line: string, body?: unknown, status?: number): Case => ({
  line: line.replace(" /", " /rest/api/"),
  body,
  ...(status === undefined ? {} : { status }),
});

const footer = () => commentId(false);
const inline = () => commentId(true);
function commentId(isInline: boolean): string {
  const found = [...sites.world.cloud.contents.values()].find(
    ({ kind, inline: anchor, parentId }) =>
      kind === "comment" && (anchor !== undefined) === isInline && parentId === undefined,
  );
  return found?.id ?? "";
}
const property = sites.titled("Checkout API").properties[0]?.id;
const label = sites.titled("Checkout API").labels[0]?.id;
const includes = ["labels", "properties", "versions", "likes", "operations"];
const everything = includes.map((name) => `include-${name}=true`).join("&");
const blog = id("Ready for the winter sale");

const cloudV2: readonly Case[] = [
  v2("GET /pages?limit=3&body-format=storage&sort=-modified-date"),
  v2(`GET /pages?space-id=${space}&title=Checkout%20API&status=current`),
  v2(`GET /pages/${page}?body-format=storage&${everything}`),
  v2(`GET /pages/${page}?body-format=atlas_doc_format&version=1`),
  v2(`GET /pages/${id("Payment provider comparison")}?get-draft=true&body-format=view`),
  v2("POST /pages", {
    spaceId: space,
    status: "current",
    title: "From a contract",
    body: storage("<p>x</p>"),
  }),
  v2("POST /pages", { spaceId: space, status: "draft", title: "" }),
  v2(`PUT /pages/${moved}`, {
    id: moved,
    status: "current",
    title: "Search index",
    body: { storage: storage("<p>new</p>") },
    version: { number: 2, message: "why" },
  }),
  v2(`PUT /pages/${moved}/title`, { status: "current", title: "Search indexes" }),
  v2(`GET /pages/${folder}/direct-children`, undefined, 404),
  v2(`GET /pages/${id("Engineering Home")}/direct-children?limit=2`),
  v2(`GET /pages/${id("Engineering Home")}/children`),
  v2(`GET /pages/${id("Engineering Home")}/descendants?depth=3&limit=5`),
  v2(`GET /pages/${page}/ancestors`),
  v2(`GET /folders/${folder}`),
  v2(`GET /folders/${folder}/direct-children`),
  v2(`GET /folders/${folder}/descendants`),
  v2(`GET /folders/${folder}/ancestors`),
  v2("POST /folders", { spaceId: space, title: "New folder", parentId: folder }),
  v2("POST /content/convert-ids-to-types", {
    contentIds: [page, folder, fileId, footer(), inline(), blog],
  }),
  v2("GET /blogposts?body-format=storage"),
  v2(`GET /blogposts/${blog}?body-format=storage`),
  v2(`GET /blogposts/${blog}/labels`),
  v2(`GET /blogposts/${blog}/attachments`),
  v2(`GET /blogposts/${blog}/versions?body-format=storage`),
  v2(`GET /blogposts/${blog}/footer-comments`),
  v2(`GET /blogposts/${blog}/inline-comments`),
  v2(`GET /pages/${page}/labels`),
  v2(`GET /pages/${page}/attachments`),
  v2(`GET /attachments/${fileId}`),
  v2(`GET /attachments/${fileId}/labels`),
  v2(`GET /pages/${page}/versions?body-format=storage`),
  v2(`GET /pages/${page}/versions/2`),
  v2(`GET /pages/${page}/properties?key=review-state`),
  v2(`GET /pages/${page}/properties/${property}`),
  v2(`PUT /pages/${page}/properties/${property}`, {
    key: "review-state",
    value: { reviewed: false },
    version: { number: 2 },
  }),
  v2(`POST /pages/${page}/properties`, { key: "other", value: [1] }),
  v2(`DELETE /pages/${page}/properties/${property}`, undefined, 204),
  v2("GET /spaces?limit=2&description-format=plain"),
  v2("GET /spaces?keys=ENG,SHOP&sort=-key"),
  v2(`GET /spaces/${space}?include-labels=true`),
  v2(`GET /spaces/${space}/pages?depth=root`),
  v2(`GET /spaces/${space}/blogposts`),
  v2(`GET /labels/${label}/pages`),
  v2("POST /users-bulk", { accountIds: sites.world.cloud.users.map(({ accountId }) => accountId) }),
  v2("GET /footer-comments?body-format=storage"),
  v2("GET /inline-comments?limit=1"),
  v2(`GET /pages/${page}/footer-comments?body-format=atlas_doc_format`),
  v2(`GET /pages/${page}/inline-comments?resolution-status=resolved`),
  v2("POST /footer-comments", { pageId: page, body: storage("<p>hi</p>") }, 201),
  v2(
    "POST /footer-comments",
    { parentCommentId: footer(), body: { storage: storage("<p>re</p>") } },
    201,
  ),
  v2(
    "POST /inline-comments",
    {
      pageId: id("Decisions"),
      body: storage("<p>?</p>"),
      inlineCommentProperties: {
        textSelection: "Short records",
        textSelectionMatchCount: 1,
        textSelectionMatchIndex: 0,
      },
    },
    201,
  ),
  v2(`GET /footer-comments/${footer()}?body-format=view`),
  v2(`GET /inline-comments/${inline()}?body-format=storage`),
  v2(`GET /footer-comments/${footer()}/children?body-format=storage`),
  v2(`GET /inline-comments/${inline()}/children`),
  v2(`PUT /footer-comments/${footer()}`, { version: { number: 2 }, body: storage("<p>b</p>") }),
  v2(`PUT /inline-comments/${inline()}`, { version: { number: 2 }, resolved: false }),
  v2(`DELETE /footer-comments/${footer()}`, undefined, 204),
  v2(`DELETE /inline-comments/${inline()}`, undefined, 204),
  v2(`DELETE /attachments/${fileId}`, undefined, 204),
  v2(`DELETE /folders/${id("Runbooks")}`, undefined, 204),
  v2(`DELETE /pages/${id("Release 2026.10")}`, undefined, 204),
];

const opened =
  "content.space,content.version,content.body.view,content.history.lastUpdated,content.history.contributors,content.metadata.labels,content.ancestors,content.container,content.children.page";
const account = sites.world.cloud.users[0]?.accountId;
const cql = encodeURIComponent('type in (page, comment, attachment) and text ~ "order*"');

const cloudV1: readonly Case[] = [
  v1(`GET /search?cql=${cql}&limit=2&expand=${opened}`),
  v1("GET /search?cql=type=space&excerpt=none"),
  v1("GET /search/user?cql=user.fullname~%22chloe*%22"),
  v1(`GET /content/search?cql=${cql}&expand=${opened.replaceAll("content.", "")},operations`),
  v1(`GET /user?accountId=${account}`),
  v1("GET /user/current"),
  v1(`GET /user/bulk?accountId=${account}`),
  v1(`POST /content/${page}/label`, [{ prefix: "global", name: "fresh" }]),
  v1(`DELETE /content/${page}/label?name=fresh`, undefined, 204),
  v1(`DELETE /content/${page}/label/api`, undefined, 204),
  v1(`PUT /content/${page}/move/append/${id("Decisions")}`),
];

const dcOpened =
  "body.storage,body.view,version,space,ancestors,metadata.labels,history.lastUpdated,history.contributors,children.comment.body.view,children.page,children.attachment,container,operations";

const dataCenter: readonly Case[] = [
  dc(`GET /content?spaceKey=ENG&title=Checkout%20API&expand=${dcOpened}`),
  dc(`GET /content/${dcPage}?expand=${dcOpened}`),
  dc(`GET /content/${dcPage}?status=historical&version=1&expand=body.storage,version`),
  dc("POST /content", {
    type: "page",
    title: "From a contract",
    space: { key: "ENG" },
    ancestors: [{ id: dcPage }],
    body: { storage: { value: "<p>x</p>", representation: "storage" } },
  }),
  dc("POST /content", {
    type: "comment",
    container: { id: dcPage, type: "page" },
    body: { storage: { value: "<p>x</p>", representation: "storage" } },
  }),
  dc(`PUT /content/${dcPage}`, { type: "page", title: "Checkout API", version: { number: 4 } }),
  dc(`GET /content/${dcPage}/history?expand=lastUpdated,previousVersion`),
  dc(`GET /content/${dcPage}/child?expand=page,comment,attachment`),
  dc(`GET /content/${dcPage}/child/page`),
  dc(`GET /content/${dcPage}/child/comment?location=footer&depth=all&expand=body.view`),
  dc(`GET /content/${dcPage}/child/attachment?filename=checkout-flow.pdf`),
  dc(`GET /content/${dcId("Engineering Home")}/descendant/page?limit=5`),
  dc(`GET /content/${dcPage}/label`),
  dc(`POST /content/${dcPage}/label`, [{ prefix: "global", name: "fresh" }]),
  dc(`DELETE /content/${dcPage}/label?name=fresh`, undefined, 204),
  dc(`DELETE /content/${dcPage}/label/api`, undefined, 204),
  dc(`GET /content/${dcPage}/property`),
  dc(`POST /content/${dcPage}/property`, { key: "other", value: { a: 1 } }),
  dc(`GET /content/${dcPage}/property/review-state`),
  dc(`PUT /content/${dcPage}/property/other`, { key: "other", value: {}, version: { number: 2 } }),
  dc(`DELETE /content/${dcPage}/property/other`, undefined, 204),
  dc(`GET /search?cql=${cql}&expand=${opened}`),
  dc(`GET /content/search?cql=${cql}&expand=body.storage`),
  dc("GET /space?limit=2&expand=description,homepage,creator"),
  dc("GET /space/ENG?expand=description"),
  dc("GET /space/ENG/content/page?depth=root"),
  dc("GET /user?username=ada"),
  dc("GET /user/current"),
  dc("GET /user/list"),
  dc("GET /group"),
  dc("GET /group/member?groupName=confluence-users"),
  dc("GET /group/confluence-users/member"),
  dc("GET /server-information"),
  dc(`DELETE /content/${dcId("Release 2026.10")}`, undefined, 204),
];

const visited = new Set<string>();

function problemsOf(name: OpenApiName, { line, body }: Case, asked: Asked): string[] {
  const [method = "", target = ""] = line.split(" ");
  const [path = "", query] = target.split("?");
  const operation = documents.get(name)?.find(method, path);
  if (operation === undefined) return [`${line} is not described`];
  const rule = fixes.find((known) => known.operation.test(operation.name));
  return [
    ...operation.checkRequest({ query: new URLSearchParams(query), body }),
    ...(asked.status < 400 ? operation.checkResponse(asked.status, asked.json, rule?.fix) : []),
  ];
}

describe.skipIf(absent).each([
  ["confluence-cloud-v2", "cloud", cloudV2],
  ["confluence-cloud-v1", "cloud", cloudV1],
  ["confluence-dc-10.2.14", "datacenter", dataCenter],
] as const)("%s", (name, deployment, cases) => {
  it.each(cases)("answers $line as described", async (one) => {
    const asked = await sites[deployment](one.line, one.body);
    visited.add(`${deployment} ${asked.route.method} ${asked.route.pattern}`);
    expect({ status: asked.status, json: asked.json }).toMatchObject({ status: one.status ?? 200 });
    expect(problemsOf(name, one, asked)).toEqual([]);
  });
});

describe.skipIf(absent)("the routes of the pretend Confluence", () => {
  const described = sites.routes.filter(({ scopes }) => scopes?.[0]?.length !== 0);

  it("have all been asked above", () => {
    const routes = described.map(
      ({ deployment, method, pattern }) => `${deployment} ${method} ${pattern}`,
    );
    expect(routes.filter((route) => !visited.has(route))).toEqual([]);
  });

  it("ask for the scopes that the descriptions name", () => {
    const wrong = described.flatMap(({ deployment, method, pattern, scopes = [] }) => {
      const name =
        deployment === "datacenter"
          ? "confluence-dc-10.2.14"
          : pattern.includes("/v2/")
            ? "confluence-cloud-v2"
            : "confluence-cloud-v1";
      const operation = documents.get(name)?.find(method, pattern);
      const [has, wants] = [scopes, operation?.scopes ?? []].map((sets) =>
        sets.map((set) => [...set].sort().join(" ")).sort(),
      );
      return JSON.stringify(has) === JSON.stringify(wants) ? [] : [{ method, pattern, has, wants }];
    });
    expect(wrong).toEqual([]);
  });

  it("that were removed from Cloud are not described any more, and answer 410", async () => {
    const removed = sites.routes.filter(({ scopes }) => scopes?.[0]?.length === 0);
    const document = documents.get("confluence-cloud-v1");
    for (const { method, pattern } of removed) {
      const operation = document?.find(method, pattern);
      expect(operation?.name).not.toBe(`${method} ${pattern}`);
      const { status, json } = await sites.cloud(`${method} ${pattern}`);
      expect([status, json.statusCode]).toEqual([410, 410]);
    }
  });
});
