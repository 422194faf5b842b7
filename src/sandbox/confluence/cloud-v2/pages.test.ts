import { beforeEach, describe, expect, it } from "vitest";
import { type TestSites, testSites } from "../testing.ts";
import { latest } from "../world.ts";

let sites: TestSites;
beforeEach(() => {
  sites = testSites();
});

const pages = "/wiki/api/v2/pages";
const storage = (value: string) => ({ representation: "storage", value });
const id = (title: string): string => sites.titled(title).id;

function refused(status: number, code: string) {
  return { status, json: { errors: [{ status, code, detail: null }] } };
}

describe("reading a page", () => {
  it("gives the body in the format that was asked for, and none unasked", async () => {
    const path = `${pages}/${id("Restore a backup")}`;
    const plain = await sites.cloud(`GET ${path}`);
    expect(plain.json.body).toEqual({});
    const read = await sites.cloud(`GET ${path}?body-format=storage`);
    expect(read.json).toMatchObject({
      title: "Restore a backup",
      status: "current",
      parentId: id("Runbooks"),
      parentType: "folder",
      version: { number: 1 },
      body: { storage: { representation: "storage" } },
      _links: { base: "http://127.0.0.1:4000/wiki" },
    });
    expect(read.json.body?.storage?.value).toContain("35&nbsp;days");
    const adf = await sites.cloud(`GET ${path}?body-format=atlas_doc_format`);
    expect(JSON.parse(String(adf.json.body?.atlas_doc_format?.value))).toMatchObject({
      type: "doc",
      version: 1,
    });
    const view = await sites.cloud(`GET ${path}?body-format=export_view`);
    expect(view.json.body?.export_view?.value).toContain("<li><p>Stop the writers</p></li>");
  });

  it("gives an old version as historical", async () => {
    const path = `${pages}/${id("Checkout API")}`;
    const old = await sites.cloud(`GET ${path}?version=1&body-format=storage`);
    expect(old.json).toMatchObject({ status: "historical", version: { number: 1 } });
    expect(old.json.body?.storage?.value).not.toContain("Refunds create");
    expect(await sites.cloud(`GET ${path}?version=9`)).toMatchObject(refused(404, "NOT_FOUND"));
  });

  it("hides drafts unless they are asked for, and from everyone but their author", async () => {
    const path = `${pages}/${id("Payment provider comparison")}`;
    expect((await sites.cloud(`GET ${path}`)).status).toBe(404);
    expect((await sites.cloud(`GET ${path}?status=draft`)).json.status).toBe("draft");
    expect((await sites.cloud(`GET ${path}?get-draft=true`)).json.status).toBe("draft");
    const as = sites.world.cloud.users[1];
    expect((await sites.cloud(`GET ${path}?get-draft=true`, undefined, { as })).status).toBe(404);
  });

  it("answers 404 for folders, hidden pages and unknown ids, 400 for what is no id", async () => {
    const as = sites.world.cloud.users[1];
    const hidden = `GET ${pages}/${id("Salary bands")}`;
    expect((await sites.cloud(hidden)).status).toBe(200);
    expect(await sites.cloud(hidden, undefined, { as })).toMatchObject(refused(404, "NOT_FOUND"));
    expect((await sites.cloud(`GET ${pages}/${id("Runbooks")}`)).status).toBe(404);
    expect((await sites.cloud(`GET ${pages}/1`)).status).toBe(404);
    expect(await sites.cloud(`GET ${pages}/abc`)).toMatchObject(
      refused(400, "INVALID_REQUEST_PARAMETER"),
    );
    expect((await sites.cloud(`GET ${pages}/${id("Decisions")}?body-format=html`)).status).toBe(
      400,
    );
  });

  it("adds the parts that are included", async () => {
    const { json } = await sites.cloud(
      `GET ${pages}/${id("Checkout API")}?include-labels=true&include-properties=true&include-versions=true&include-version=false`,
    );
    expect(json.labels?.results).toMatchObject([{ name: "api" }, { name: "checkout" }]);
    expect(json.properties?.results).toMatchObject([{ key: "review-state" }]);
    expect(json.versions?.results).toMatchObject([{ number: 3 }, { number: 2 }, { number: 1 }]);
    expect(json.version).toBeUndefined();
  });
});

describe("listing pages", () => {
  it("narrows by space, title and status", async () => {
    const space = sites.spaceId("ENG");
    const titled = await sites.cloud(`GET ${pages}?space-id=${space}&title=checkout%20api`);
    expect(titled.results).toMatchObject([{ title: "Checkout API" }]);
    const trashed = await sites.cloud(`GET ${pages}?status=trashed`);
    expect(trashed.results).toMatchObject([{ title: "Old deploy script" }]);
    expect((await sites.cloud(`GET ${pages}?status=draft`)).status).toBe(400);
    expect((await sites.cloud(`GET ${pages}?space-id=ENG`)).status).toBe(400);
    expect((await sites.cloud(`GET ${pages}?body-format=view`)).status).toBe(400);
  });

  it("leaves out what the person may not see", async () => {
    const as = sites.world.cloud.users[1];
    const [all, some] = await Promise.all([
      sites.cloud(`GET ${pages}?limit=250`),
      sites.cloud(`GET ${pages}?limit=250`, undefined, { as }),
    ]);
    const titles = some.results.map(({ title }) => title);
    expect(all.results.length - some.results.length).toBe(3);
    expect(titles).not.toContain("Hiring plan");
  });
});

describe("creating a page", () => {
  const create = (more: object) =>
    sites.cloud(`POST ${pages}`, {
      spaceId: sites.spaceId("ENG"),
      status: "current",
      title: "New",
      body: storage("<p>x</p>"),
      ...more,
    });

  it("puts it below the home page, below its parent, or at the root", async () => {
    expect((await create({})).json.parentId).toBe(id("Engineering Home"));
    const parentId = id("Runbooks");
    expect((await create({ title: "Below", parentId })).json).toMatchObject({
      parentId,
      parentType: "folder",
    });
    const body = { spaceId: sites.spaceId("ENG"), title: "Root" };
    const root = await sites.cloud(`POST ${pages}?root-level=true`, body);
    expect(root.json.parentId).toBeNull();
  });

  it("answers with the body as written, version 1 and the author", async () => {
    const value = JSON.stringify({ type: "doc", version: 1, content: [{ type: "rule" }] });
    const { status, json } = await create({ body: { representation: "atlas_doc_format", value } });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      authorId: sites.world.cloud.users[0]?.accountId,
      version: { number: 1 },
      body: { atlas_doc_format: { value } },
    });
    const wiki = await create({ title: "W", body: { representation: "wiki", value: "h1. T" } });
    expect(wiki.json.body?.storage?.value).toBe("<h1>T</h1>");
  });

  it.each<[string, () => object, number]>([
    ["a taken title in any case", () => ({ title: "CHECKOUT api" }), 400],
    ["an empty title", () => ({ title: "  " }), 400],
    ["a title of 256 characters", () => ({ title: "x".repeat(256) }), 400],
    ["an unknown space", () => ({ spaceId: "1" }), 404],
    ["no space", () => ({ spaceId: undefined }), 400],
    ["an unknown parent", () => ({ parentId: "1" }), 404],
    ["a parent in another space", () => ({ parentId: id("Roadmap 2027") }), 400],
    ["a trashed parent", () => ({ parentId: id("Old deploy script") }), 404],
    ["storage format that is not well-formed", () => ({ body: storage("<p>") }), 400],
    [
      "an unknown representation",
      () => ({ body: { representation: "markdown", value: "x" } }),
      400,
    ],
    [
      "ADF as an object",
      () => ({ body: { representation: "atlas_doc_format", value: { type: "doc" } } }),
      400,
    ],
    [
      "ADF that is not in the schema",
      () => ({
        body: {
          representation: "atlas_doc_format",
          value: '{"type":"doc","version":1,"content":[{"type":"bogus"}]}',
        },
      }),
      400,
    ],
  ])("refuses %s and keeps nothing", async (_name, more, status) => {
    const before = sites.world.cloud.contents.size;
    expect((await create(more())).status).toBe(status);
    expect(sites.world.cloud.contents.size).toBe(before);
  });

  it("lets another space have the same title", async () => {
    expect((await create({ spaceId: sites.spaceId("SHOP"), title: "Checkout API" })).status).toBe(
      200,
    );
  });

  it("does not show on Data Center", async () => {
    await create({ title: "Only here" });
    const found = await sites.datacenter("GET /rest/api/content?spaceKey=ENG&title=Only%20here");
    expect(found.results).toEqual([]);
  });
});

describe("updating a page", () => {
  const update = (title: string, more: object = {}) => {
    const content = sites.titled(title);
    return sites.cloud(`PUT ${pages}/${content.id}`, {
      id: content.id,
      status: "current",
      title,
      body: storage("<p>new</p>"),
      version: { number: latest(content).number + 1, message: "why" },
      ...more,
    });
  };

  it("makes the next version", async () => {
    const { status, json } = await update("Service map");
    expect([status, json.version]).toMatchObject([200, { number: 2, message: "why" }]);
    expect(json.body?.storage?.value).toBe("<p>new</p>");
  });

  it.each([1, 3, 99])("refuses version %i of a page at version 1", async (number) => {
    expect(await update("Service map", { version: { number } })).toMatchObject(
      refused(409, "CONFLICT"),
    );
    expect(latest(sites.titled("Service map")).number).toBe(1);
  });

  it("lets one of two writers through", async () => {
    const answers = await Promise.all([update("Service map"), update("Service map")]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it.each<[string, object, number]>([
    ["no title", { title: undefined }, 400],
    ["a taken title", { title: "Checkout API" }, 400],
    ["no body", { body: undefined }, 400],
    ["no version", { version: undefined }, 400],
    ["another id", { id: "1" }, 400],
    ["another space", { spaceId: "98302" }, 400],
    ["an unknown owner", { ownerId: "nobody" }, 400],
    ["broken markup", { body: storage("<p>a</b>") }, 400],
  ])("refuses %s", async (_name, more, status) => {
    expect((await update("Service map", more)).status).toBe(status);
    expect(latest(sites.titled("Service map")).number).toBe(1);
  });

  it("moves the page, but not below itself", async () => {
    const moved = await update("Service map", { parentId: id("Decisions") });
    expect(moved.json.parentId).toBe(id("Decisions"));
    const circle = await update("Decisions", { parentId: id("ADR 2: One event bus") });
    expect(circle.status).toBe(400);
  });

  it("keeps a draft beside the page until it is published or discarded", async () => {
    const path = `${pages}/${id("Service map")}`;
    expect((await update("Service map", { status: "draft", title: "Map 2" })).json.status).toBe(
      "draft",
    );
    expect((await sites.cloud(`GET ${path}`)).json).toMatchObject({
      title: "Service map",
      version: { number: 1 },
    });
    expect((await sites.cloud(`GET ${path}?get-draft=true`)).json.title).toBe("Map 2");
    expect((await sites.cloud(`DELETE ${path}?draft=true`)).status).toBe(204);
    expect((await sites.cloud(`GET ${path}?get-draft=true`)).json.title).toBe("Service map");
    expect((await sites.cloud(`DELETE ${path}?draft=true`)).status).toBe(404);
  });

  it("publishes a draft with version 1", async () => {
    const title = "Payment provider comparison";
    const { json } = await update(title, { version: { number: 1 } });
    expect(json).toMatchObject({ status: "current", version: { number: 1 } });
    expect((await sites.cloud(`GET ${pages}/${id(title)}`)).status).toBe(200);
  });

  it("restores a page from the trash", async () => {
    expect((await update("Old deploy script")).json).toMatchObject({
      status: "current",
      version: { number: 2 },
    });
  });

  it("changes a title alone as a version of its own", async () => {
    const path = `PUT ${pages}/${id("Service map")}/title`;
    const { json } = await sites.cloud(path, { status: "current", title: "Map" });
    expect(json).toMatchObject({ title: "Map", version: { number: 2 } });
    expect((await sites.cloud(path, { status: "current", title: "Checkout API" })).status).toBe(
      400,
    );
    expect((await sites.cloud(path, { status: "draft", title: "Map 3" })).status).toBe(400);
  });
});

describe("deleting a page", () => {
  it("goes to the trash first, and then away for good", async () => {
    const path = `${pages}/${id("Checkout API")}`;
    expect((await sites.cloud(`DELETE ${path}?purge=true`)).status).toBe(400);
    expect((await sites.cloud(`DELETE ${path}`)).status).toBe(204);
    expect((await sites.cloud(`GET ${path}`)).json.status).toBe("trashed");
    expect((await sites.cloud(`DELETE ${path}`)).status).toBe(404);
    expect((await sites.cloud(`DELETE ${path}?purge=true`)).status).toBe(204);
    expect((await sites.cloud(`GET ${path}`)).status).toBe(404);
    const comments = await sites.cloud("GET /wiki/api/v2/footer-comments");
    expect(comments.results.filter(({ pageId }) => pageId !== undefined)).toHaveLength(1);
  });

  it("hands the pages below to the parent", async () => {
    const [home, child] = [id("Engineering Home"), id("Release 2026.11")];
    await sites.cloud(`DELETE ${pages}/${id("Release notes")}`);
    expect((await sites.cloud(`GET ${pages}/${child}`)).json.parentId).toBe(home);
  });

  it("needs draft=true for a draft, which is gone then", async () => {
    const path = `${pages}/${id("Payment provider comparison")}`;
    expect((await sites.cloud(`DELETE ${path}`)).status).toBe(404);
    expect((await sites.cloud(`DELETE ${path}?draft=true`)).status).toBe(204);
    expect((await sites.cloud(`GET ${path}?get-draft=true`)).status).toBe(404);
  });
});
