import { beforeEach, describe, expect, it } from "vitest";
import { type Asked, type TestSites, testSites } from "../testing.ts";

let sites: TestSites;
beforeEach(() => {
  sites = testSites();
});

const api = "/rest/api";
const id = (title: string): string => sites.titled(title, "datacenter").id;
const titles = ({ results }: Asked): unknown[] => results.map(({ title }) => title);
const storage = (value: string) => ({ storage: { value, representation: "storage" } });
const get = (path: string) => sites.datacenter(`GET ${api}${path}`);

describe("reading content", () => {
  it("opens what is expanded and names the rest", async () => {
    const { json } = await get(
      `/content/${id("Checkout API")}?expand=body.storage,version,ancestors,metadata.labels`,
    );
    expect(json).toMatchObject({
      type: "page",
      version: { number: 3, by: { username: "ada", userKey: "JIRAUSER10100" } },
      ancestors: [{ title: "Engineering Home" }, { title: "Architecture" }],
      _expandable: { history: "", space: "" },
      _links: { base: "http://127.0.0.1:4002/confluence", context: "/confluence" },
    });
    expect(json.body?.storage?.value).toContain('ri:userkey="JIRAUSER10101"');
    expect(json.space).toBeUndefined();
    expect(json.body?.view).toBeUndefined();
  });

  it("has pages where Cloud has folders, and numbers as attachment ids", async () => {
    expect((await get(`/content/${id("Architecture")}`)).json.type).toBe("page");
    expect(id("service-map.png")).toMatch(/^\d+$/);
  });

  it("finds a page by space and title", async () => {
    expect(titles(await get("/content?spaceKey=ENG&title=Checkout%20API"))).toEqual([
      "Checkout API",
    ]);
    expect(titles(await get("/content?spaceKey=SHOP&title=Checkout%20API"))).toEqual([]);
    expect(titles(await get("/content?type=blogpost"))).toEqual(["Ready for the winter sale"]);
    expect(titles(await get("/content?status=trashed"))).toEqual(["Old deploy script"]);
  });

  it("gives old versions as historical", async () => {
    const { json } = await get(
      `/content/${id("Checkout API")}?status=historical&version=1&expand=body.storage,version`,
    );
    expect(json).toMatchObject({ status: "historical", version: { number: 1 } });
    expect(json.body?.storage?.value).not.toContain("Refunds");
    expect((await get(`/content/${id("Checkout API")}?status=historical&version=8`)).status).toBe(
      404,
    );
  });

  it("answers 404 for what is hidden, trashed or unknown", async () => {
    const path = `GET ${api}/content/${id("Salary bands")}`;
    expect((await sites.datacenter(path)).status).toBe(200);
    const hidden = await sites.datacenter(path, undefined, { as: sites.world.datacenter.users[1] });
    expect(hidden).toMatchObject({
      status: 404,
      json: {
        statusCode: 404,
        reason: "Not Found",
        data: { authorized: false, successful: false },
      },
    });
    const trashed = `/content/${id("Old deploy script")}`;
    expect((await get(trashed)).status).toBe(404);
    expect((await get(`${trashed}?status=trashed`)).status).toBe(200);
    expect((await get("/content/1")).status).toBe(404);
  });

  it("pages by offset and lowers the limit when bodies are expanded", async () => {
    const first = await get("/content?spaceKey=ENG&limit=10&start=0");
    expect(first.json).toMatchObject({ start: 0, limit: 10, size: 10 });
    const second = await sites.datacenter(`GET ${first.json._links?.next}`);
    expect(second.json.start).toBe(10);
    const all = await get("/content?spaceKey=ENG&limit=1000");
    expect([...titles(first), ...titles(second)]).toEqual(titles(all).slice(0, 20));
    expect(all.json.limit).toBe(200);
    expect(all.json._links?.next).toBeUndefined();
    expect((await get("/content?limit=1000&expand=body.view")).json.limit).toBe(50);
  });
});

describe("children", () => {
  it("are pages, comments and attachments", async () => {
    const at = `/content/${id("Checkout API")}`;
    expect(titles(await get(`/content/${id("Release notes")}/child/page`))).toEqual([
      "Release 2026.10",
      "Release 2026.11",
    ]);
    expect(titles(await get(`${at}/child/attachment`))).toEqual(["checkout-flow.pdf"]);
    expect((await get(`${at}/child/attachment?filename=x`)).results).toEqual([]);
    expect((await get(`${at}/child/whiteboard`)).status).toBe(404);
    const { json } = await get(`${at}/child?expand=comment.body.view,attachment`);
    expect(json.comment?.results).toHaveLength(3);
    expect(json.page).toBeUndefined();
  });

  it.each([
    ["", 3],
    ["location=footer", 2],
    ["location=footer&depth=all", 4],
    ["location=resolved", 1],
    ["location=inline", 0],
    ["depth=all", 5],
    ["location=footer&location=resolved&depth=all", 5],
  ])("comments with %j are %i", async (query, count) => {
    expect(
      (await get(`/content/${id("Checkout API")}/child/comment?${query}`)).results,
    ).toHaveLength(count);
  });

  it("of a comment are its replies, all of them on request", async () => {
    const comments = await get(`/content/${id("Checkout API")}/child/comment?location=footer`);
    const at = `/content/${comments.results[0]?.id}/child/comment`;
    expect((await get(at)).results).toHaveLength(1);
    expect((await get(`${at}?depth=all`)).results).toHaveLength(2);
  });

  it("at all depths are descendants", async () => {
    const found = titles(await get(`/content/${id("Engineering Home")}/descendant/page?limit=100`));
    expect(found).toContain("Checkout API");
    expect(found).not.toContain("Engineering Home");
    expect(found).not.toContain("Old deploy script");
  });
});

describe("writing content", () => {
  const post = (body: object) => sites.datacenter(`POST ${api}/content`, body);
  const page = { type: "page", title: "New", space: { key: "ENG" }, body: storage("<p>x</p>") };

  it("makes a page below its last ancestor", async () => {
    const { status, json } = await post({
      ...page,
      ancestors: [{ id: id("Engineering Home") }, { id: id("Decisions") }],
    });
    expect(status).toBe(200);
    expect(json).toMatchObject({ version: { number: 1 }, space: { key: "ENG" } });
    expect(titles(await get(`/content/${id("Decisions")}/child/page`))).toContain("New");
    const wiki = await post({
      ...page,
      title: "W",
      body: { wiki: { value: "h1. T", representation: "wiki" } },
    });
    expect(wiki.json.body?.storage?.value).toBe("<h1>T</h1>");
  });

  it.each<[string, object, number]>([
    ["a taken title", { title: "checkout api" }, 400],
    ["no title", { title: undefined }, 400],
    ["no space", { space: undefined }, 400],
    ["an unknown space", { space: { key: "NONE" } }, 404],
    ["an unknown type", { type: "folder" }, 400],
    ["an unknown ancestor", { ancestors: [{ id: "1" }] }, 404],
    ["broken markup", { body: storage("<p>") }, 400],
    ["ADF", { body: { storage: { value: "{}", representation: "adf" } } }, 400],
  ])("refuses %s", async (_name, more, status) => {
    const { json, status: answered } = await post({ ...page, ...more });
    expect([answered, json.statusCode]).toEqual([status, status]);
    expect(json.reason).toBeDefined();
  });

  it("makes comments, replies and inline comments", async () => {
    const container = { id: id("Decisions"), type: "page" };
    const first = await post({ type: "comment", container, body: storage("<p>a</p>") });
    expect(first.json).toMatchObject({
      type: "comment",
      title: "Re: Decisions",
      extensions: { location: "footer" },
    });
    const reply = await post({
      type: "comment",
      container,
      ancestors: [{ id: first.json.id }],
      body: storage("<p>b</p>"),
    });
    expect(reply.json.ancestors).toMatchObject([{ id: first.json.id }]);
    const extensions = {
      location: "inline",
      inlineProperties: { originalSelection: "Short records" },
    };
    const inline = await post({
      type: "comment",
      container,
      extensions,
      body: storage("<p>c</p>"),
    });
    expect(inline.json.extensions).toMatchObject({
      location: "inline",
      resolution: { status: "open" },
    });
    expect((await post({ type: "comment", body: storage("<p>d</p>") })).status).toBe(400);
    expect((await post({ type: "comment", container })).status).toBe(400);
    expect(
      (await post({ type: "comment", container: { id: "1" }, body: storage("<p/>") })).status,
    ).toBe(404);
  });

  const put = (title: string, body: object) =>
    sites.datacenter(`PUT ${api}/content/${id(title)}`, body);

  it("updates with the next version only, keeping the body when none is given", async () => {
    const stale = await put("Service map", {
      type: "page",
      title: "Service map",
      version: { number: 1 },
    });
    expect(stale).toMatchObject({ status: 409, json: { statusCode: 409, reason: "Conflict" } });
    const { json } = await put("Service map", {
      type: "page",
      title: "Map",
      version: { number: 2, message: "why" },
    });
    expect(json).toMatchObject({ title: "Map", version: { number: 2, message: "why" } });
    expect(json.body?.storage?.value).toContain("ac:layout");
  });

  it("moves by ancestors, restores by status, and keeps the type", async () => {
    await put("Service map", { version: { number: 2 }, ancestors: [{ id: id("Decisions") }] });
    expect(titles(await get(`/content/${id("Decisions")}/child/page`))).toContain("Service map");
    const restored = await put("Old deploy script", { version: { number: 2 }, status: "current" });
    expect(restored.json.status).toBe("current");
    expect((await put("Decisions", { type: "blogpost", version: { number: 2 } })).status).toBe(400);
  });

  it("deletes into the trash and out of it", async () => {
    const path = `${api}/content/${id("Release 2026.11")}`;
    expect((await sites.datacenter(`DELETE ${path}?status=trashed`)).status).toBe(404);
    expect((await sites.datacenter(`DELETE ${path}`)).status).toBe(204);
    expect((await sites.datacenter(`DELETE ${path}?status=trashed`)).status).toBe(204);
    expect((await sites.datacenter(`GET ${path}?status=any`)).status).toBe(404);
  });

  it("keeps properties by key and version", async () => {
    const at = `${api}/content/${id("Decisions")}/property`;
    const write = (number: number) =>
      sites.datacenter(`PUT ${at}/k`, { value: { n: number }, version: { number } });
    expect((await write(1)).json).toMatchObject({ key: "k", version: { number: 1 } });
    expect((await write(1)).status).toBe(409);
    expect((await write(2)).json.value).toEqual({ n: 2 });
    expect((await sites.datacenter(`POST ${at}`, { key: "k", value: 1 })).status).toBe(409);
    expect((await sites.datacenter(`GET ${at}`)).results).toHaveLength(1);
    expect((await sites.datacenter(`DELETE ${at}/k`)).status).toBe(204);
    expect((await sites.datacenter(`GET ${at}/k`)).status).toBe(404);
  });

  it("reads, adds and removes labels", async () => {
    const at = `${api}/content/${id("Checkout API")}/label`;
    await sites.datacenter(`POST ${at}`, [{ prefix: "my", name: "mine" }]);
    expect((await sites.datacenter(`GET ${at}?prefix=my`)).results).toMatchObject([
      { name: "mine", label: "mine" },
    ]);
    expect((await sites.datacenter(`DELETE ${at}/mine`)).status).toBe(204);
    expect((await sites.datacenter(`GET ${at}`)).results).toHaveLength(2);
  });
});

describe("search, spaces and people", () => {
  it("searches by CQL with offsets and a plain error", async () => {
    const { json, results } = await get(
      "/search?cql=type=page%20order%20by%20title&limit=2&start=2",
    );
    expect(results).toHaveLength(2);
    expect(json._links?.next).toMatch(/^\/rest\/api\/search\?.*start=4/);
    expect(results[0]?.url).toMatch(/^\/pages\/viewpage\.action\?pageId=\d+$/);
    const bad = await get("/content/search?cql=foo");
    expect(bad.json).toMatchObject({ statusCode: 400, message: "Could not parse cql : foo" });
  });

  it("shows the spaces one may see", async () => {
    expect((await get("/space?type=global")).results.map(({ key }) => key)).toEqual([
      "ENG",
      "SHOP",
      "HR",
    ]);
    expect((await get("/space?spaceKey=ENG&spaceKey=SHOP")).results).toHaveLength(2);
    expect((await get("/space/ENG?expand=homepage")).json).toMatchObject({
      homepage: { title: "Engineering Home" },
    });
    const as = sites.world.datacenter.users[1];
    expect((await sites.datacenter(`GET ${api}/space/HR`, undefined, { as })).status).toBe(404);
    expect(titles(await get("/space/SHOP/content/page?depth=root"))).toEqual(["Storefront Home"]);
  });

  it("knows people by username or key, and lists them by group", async () => {
    expect((await get("/user?username=ben")).json.userKey).toBe("JIRAUSER10101");
    expect((await get("/user?key=JIRAUSER10101")).json.username).toBe("ben");
    expect((await get("/user?username=JIRAUSER10101")).status).toBe(404);
    expect((await get("/user")).status).toBe(400);
    expect((await get("/group/confluence-users/member")).results).toHaveLength(7);
    expect((await get("/group/member?groupName=confluence-administrators")).results).toHaveLength(
      1,
    );
    expect((await get("/group/none/member")).status).toBe(404);
    const as = sites.world.datacenter.users[1];
    expect((await sites.datacenter(`GET ${api}/user/list`, undefined, { as })).status).toBe(403);
    expect(
      (await sites.datacenter(`GET ${api}/user/current`, undefined, { as })).json.username,
    ).toBe("ben");
  });

  it("says which Confluence it is", async () => {
    expect((await get("/server-information")).json).toMatchObject({
      version: "10.2.14",
      baseUrl: "http://127.0.0.1:4002/confluence",
    });
  });
});
