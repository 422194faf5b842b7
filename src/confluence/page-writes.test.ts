import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inTurn, type RecordedRequest } from "../../test/fakes/fake-site.ts";
import { answerError, cloud, dataCenter, notFound } from "./dialect/test-sites.ts";

const markdown = { format: "markdown", headingAnchors: false, includeContent: false } as const;
const creation = { ...markdown, spaceKey: "DEV", title: "Road map", content: "Hello **you**" };
const update = {
  ...markdown,
  page: "123",
  title: "Road map",
  minorEdit: false,
  allowContentLoss: false,
};
const toc = '<ac:structured-macro ac:name="toc" />';
const jira =
  '<ac:structured-macro ac:name="jira"><ac:parameter ac:name="key">A-1</ac:parameter></ac:structured-macro>';

function write(requests: readonly RecordedRequest[], method: "POST" | "PUT") {
  return requests.find(
    (request) => request.method === method && /(pages|content)(\/123)?$/.test(request.path),
  );
}

/** Storage format that was sent, wherever the deployment puts it. */
function sentBody(requests: readonly RecordedRequest[], method: "POST" | "PUT"): string {
  const text = JSON.stringify(write(requests, method)?.json);
  return (
    /"value":("(?:[^"\\]|\\.)*")/
      .exec(text)
      ?.slice(1)
      .map((value) => JSON.parse(value))
      .join("") ?? ""
  );
}

describe.each([cloud, dataCenter])("creating pages on $deployment", (site) => {
  const routes = { ...site.space, [site.createRoute]: site.page({ version: 1 }) };

  it("refuses people named as the other deployment names them", async () => {
    const { confluence, requests } = site.open(routes);
    const content = site === cloud ? "Hi [~ada]" : "Hi @[Ada](accountid:5b10)";
    const refused = { code: "input" };
    await expect(confluence.pages.create({ ...creation, content })).rejects.toMatchObject(refused);
    await expect(confluence.comments.add("123", content)).rejects.toMatchObject(refused);
    expect(requests).toEqual([]);
  });

  it("sends storage format and tells id, version and link", async () => {
    const { confluence, requests } = site.open(routes);
    expect(await confluence.pages.create({ ...creation, parentId: "55" })).toEqual({
      message: 'Page "Road map" was created.',
      page: {
        id: "123",
        title: "Road map",
        type: "page",
        url: "https://acme.example/wiki/spaces/DEV/pages/123/Road+map",
        space: { key: "DEV", name: "Development" },
        parent_id: "100200",
        updated: "2026-11-02T10:30:00.000Z",
        version: 1,
        version_date: "2026-11-02T10:30:00.000Z",
      },
    });
    expect(sentBody(requests, "POST")).toBe("<p>Hello <strong>you</strong></p>");
    expect(JSON.stringify(write(requests, "POST")?.json)).toContain('"55"');
  });

  it("asks for nothing more once the page is there", async () => {
    const { confluence, requests } = site.open(routes);
    await confluence.pages.create(creation);
    expect(requests.map(({ method }) => method)).toEqual(["GET", "POST"]);
  });

  it("sends wiki markup as such", async () => {
    const { confluence, requests } = site.open(routes);
    await confluence.pages.create({ ...creation, format: "wiki", content: "h1. Hi" });
    expect(JSON.stringify(write(requests, "POST")?.json)).toContain('"representation":"wiki"');
    expect(sentBody(requests, "POST")).toBe("h1. Hi");
  });

  it.each([
    ["storage that is not well-formed", { format: "storage", content: "<p>a" }],
    ["no body", { content: undefined }],
    ["two bodies", { contentFile: "a.md" }],
    ["a placeholder that stands for nothing", { content: "{opaque:abcdefgh macro toc}" }],
  ] as const)("refuses %s before anything is sent", async (_, change) => {
    const { confluence, sent } = site.open({});
    await expect(confluence.pages.create({ ...creation, ...change })).rejects.toMatchObject({
      code: "input",
    });
    expect(sent()).toEqual([]);
  });

  it("reads the body from a file below the operator's folder only", async () => {
    const folder = await mkdtemp(join(tmpdir(), "pages-"));
    await writeFile(join(folder, "body.md"), "From a file");
    const { confluence, requests } = site.open(routes, { filesRoot: folder });
    const fromFile = { ...creation, content: undefined, contentFile: "body.md" };
    await confluence.pages.create(fromFile);
    expect(sentBody(requests, "POST")).toBe("<p>From a file</p>");
    await expect(site.open({}).confluence.pages.create(fromFile)).rejects.toMatchObject({
      code: "unsupported",
    });
    await rm(folder, { recursive: true });
  });

  it("names the page that already has the title", async () => {
    const { confluence } = site.open({
      ...site.space,
      [site.createRoute]: answerError("invalid", 400, "Titel vergeben"),
      ...site.titles({ id: "77" }),
    });
    await expect(confluence.pages.create(creation)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringMatching(/77.*https:\/\/acme\.example\/wiki\/spaces\/DEV\/pages\/77/),
    });
  });

  it("keeps upstream's words when the title is free", async () => {
    const { confluence } = site.open({
      ...site.space,
      [site.createRoute]: answerError("invalid", 400, "Parent is in the trash"),
      ...site.titles(),
    });
    await expect(confluence.pages.create(creation)).rejects.toMatchObject({
      code: "invalid",
      message: "Parent is in the trash",
    });
  });

  it("refuses a space outside the allowed ones without a request", async () => {
    const { confluence, sent } = site.open({}, { spaces: ["OPS"] });
    await expect(confluence.pages.create(creation)).rejects.toMatchObject({ code: "forbidden" });
    expect(sent()).toEqual([]);
  });

  it("refuses a parent outside the allowed spaces", async () => {
    const { confluence } = site.open(site.readPage({ id: "55", space: "SECRET" }), {
      spaces: ["DEV"],
    });
    await expect(confluence.pages.create({ ...creation, parentId: "55" })).rejects.toMatchObject({
      code: "forbidden",
    });
  });

  it("reports a later step that failed beside the created page", async () => {
    const { confluence } = site.open({
      ...routes,
      "GET /api/v2/pages/123/properties": answerError("forbidden", 403, "no rights"),
      "GET /rest/api/content/123/property/{}": answerError("forbidden", 403, "no rights"),
    });
    expect(await confluence.pages.create({ ...creation, emoji: "🚀" })).toMatchObject({
      page: { id: "123" },
      warnings: [expect.stringMatching(/emoji of page 123.*no rights/)],
    });
  });

  it("gives headings anchors and tables a width on demand", async () => {
    const { confluence, requests } = site.open(routes);
    const content = "# Über uns\n\n# Über uns\n\n| a |\n| --- |\n| b |\n";
    await confluence.pages.create({
      ...creation,
      content,
      headingAnchors: true,
      tableLayout: "full-width",
    });
    const body = sentBody(requests, "POST");
    expect(body).toContain('<ac:parameter ac:name="">über-uns</ac:parameter>');
    expect(body).toContain('<ac:parameter ac:name="">über-uns-1</ac:parameter>');
    expect(body).toContain('data-layout="full-width"');
  });
});

describe("live docs", () => {
  it("are created on cloud", async () => {
    const { confluence, requests } = cloud.open({
      ...cloud.space,
      [cloud.createRoute]: { ...cloud.page(), subtype: "live" },
    });
    await confluence.pages.create({ ...creation, subtype: "live" });
    expect(write(requests, "POST")?.json).toMatchObject({ subtype: "live", spaceId: "100" });
  });

  it("are refused on datacenter", async () => {
    const { confluence } = dataCenter.open(dataCenter.space);
    await expect(confluence.pages.create({ ...creation, subtype: "live" })).rejects.toMatchObject({
      code: "unsupported",
    });
  });
});

describe.each([cloud, dataCenter])("updating pages on $deployment", (site) => {
  const stored = (body: string, version = 7) => ({
    ...site.readPage({ body, version }),
    [site.updateRoute]: site.page({ version: version + 1 }),
  });

  it("writes the next version with comment and parent", async () => {
    const { confluence, requests } = site.open(stored("<p>Old</p>"));
    const result = await confluence.pages.update({
      ...update,
      content: "New",
      parentId: "55",
      versionComment: "why",
    });
    expect(result).toMatchObject({ page: { id: "123", version: 8 } });
    expect(write(requests, "PUT")).toMatchObject({
      idempotent: false,
      order: "page:123",
      json: { title: "Road map", version: { number: 8, message: "why" } },
    });
    expect(JSON.stringify(write(requests, "PUT")?.json)).toContain('"55"');
    expect(sentBody(requests, "PUT")).toBe("<p>New</p>");
  });

  it("puts originals back in the place of their placeholders", async () => {
    const body = `<p>Old</p>${toc}<p>${site.mention}</p>`;
    const { confluence, requests } = site.open(stored(body));
    const read = await confluence.pages.get({ page: "123", metadata: false, markdown: true });
    const text = "content" in read ? read.content.value : "";
    await confluence.pages.update({ ...update, content: text.replace("Old", "New") });
    expect(sentBody(requests, "PUT")).toContain(toc);
    expect(sentBody(requests, "PUT")).toContain("<p>New</p>");
    expect(sentBody(requests, "PUT")).toMatch(/ri:(account-id|userkey)=/);
  });

  it.each(["markdown", "wiki", "storage"] as const)(
    "refuses %s that would destroy a macro, unless told",
    async (format) => {
      const content = format === "storage" ? "<p>New</p>" : "New";
      const { confluence, requests } = site.open(stored(`<p>Old</p>${toc}`));
      await expect(confluence.pages.update({ ...update, format, content })).rejects.toMatchObject({
        code: "input",
        message: expect.stringContaining("toc"),
      });
      expect(write(requests, "PUT")).toBeUndefined();
      await confluence.pages.update({ ...update, format, content, allowContentLoss: true });
      expect(write(requests, "PUT")).toBeDefined();
    },
  );

  it("takes storage format in which a macro was changed", async () => {
    const { confluence, requests } = site.open(stored(`<p>Old</p>${jira}`));
    const content = `<p>New</p>${jira.replace("A-1", "A-2")}`;
    await confluence.pages.update({ ...update, format: "storage", content });
    expect(sentBody(requests, "PUT")).toBe(content);
  });

  it("keeps the body byte for byte when only the title changes", async () => {
    const body = `<p>a&nbsp;b<br/></p>${toc}`;
    const { confluence, requests } = site.open(stored(body));
    await confluence.pages.update({ ...update, title: "Plan" });
    expect(sentBody(requests, "PUT")).toBe(body);
    expect(write(requests, "PUT")?.json).toMatchObject({ title: "Plan" });
  });

  it("writes no version when nothing of the page changes", async () => {
    const { confluence, requests } = site.open(stored("<p>Old</p>"));
    expect(await confluence.pages.update(update)).toMatchObject({ page: { version: 7 } });
    expect(write(requests, "PUT")).toBeUndefined();
  });

  it("refuses when the page is not at the expected version", async () => {
    const { confluence, requests } = site.open(stored("<p>Old</p>"));
    await expect(
      confluence.pages.update({ ...update, content: "New", expectedVersion: 6 }),
    ).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("7") });
    expect(write(requests, "PUT")).toBeUndefined();
  });

  it("tries once more on the newest version when the body does not depend on the old one", async () => {
    const { confluence, requests } = site.open({
      ...stored("<p>Old</p>"),
      [site.pageRoute]: inTurn(site.page({ version: 7 }), site.page({ version: 8 })),
      [site.updateRoute]: inTurn(answerError("conflict", 409), site.page({ version: 9 })),
    });
    expect(await confluence.pages.update({ ...update, content: "New" })).toMatchObject({
      page: { version: 9 },
    });
    expect(requests.at(-1)?.json).toMatchObject({ version: { number: 9 } });
  });

  it.each([
    ["the caller expects a version", { expectedVersion: 7, content: "New" }],
    ["the body holds originals of the old version", {}],
  ])("reports the conflict when %s", async (_, change) => {
    const { confluence } = site.open({
      ...stored(toc),
      [site.pageRoute]: inTurn(
        site.page({ version: 7, body: toc }),
        site.page({ version: 7, body: toc }),
        site.page({ version: 8, body: toc }),
      ),
      [site.updateRoute]: answerError("conflict", 409),
    });
    const read = await confluence.pages.get({ page: "123", metadata: false, markdown: true });
    const content = "content" in read ? read.content.value : "";
    await expect(
      confluence.pages.update({ ...update, content, allowContentLoss: true, ...change }),
    ).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("version 8") });
  });

  it("refuses a page in the trash, which the write would bring back", async () => {
    const { confluence, requests } = site.open(site.readPage({ status: "trashed" }));
    await expect(confluence.pages.update({ ...update, content: "New" })).rejects.toMatchObject({
      code: "unsupported",
    });
    expect(write(requests, "PUT")).toBeUndefined();
  });

  it("replaces the one version of a draft", async () => {
    const { confluence, requests } = site.open({
      ...site.readPage({ status: "draft", version: 1 }),
      [site.updateRoute]: site.page({ status: "draft", version: 1 }),
    });
    await confluence.pages.update({ ...update, content: "New" });
    expect(write(requests, "PUT")?.json).toMatchObject({ status: "draft", version: { number: 1 } });
  });

  it("refuses a page outside the allowed spaces", async () => {
    const { confluence } = site.open(site.readPage({ space: "SECRET" }), { spaces: ["DEV"] });
    await expect(confluence.pages.update({ ...update, content: "New" })).rejects.toMatchObject({
      code: "forbidden",
    });
  });

  it("shows the stored body when asked", async () => {
    const { confluence } = site.open(stored("<p>Old</p>"));
    const result = await confluence.pages.update({
      ...update,
      content: "New",
      includeContent: true,
    });
    expect(result.page.content).toEqual({ value: "Old", format: "markdown" });
  });
});

describe("the answer to a change on datacenter", () => {
  it("need not say more than the id: the description promises no expansions", async () => {
    const { confluence, requests } = dataCenter.open({
      ...dataCenter.readPage({ version: 7 }),
      [dataCenter.updateRoute]: { id: "123", type: "page", title: "Plan" },
    });
    const { page } = await confluence.pages.update({ ...update, title: "Plan", content: "x" });
    expect(page).toMatchObject({
      ...{ id: "123", title: "Plan", version: 8, space: { key: "DEV" } },
      url: expect.stringContaining("/spaces/DEV/pages/123/"),
    });
    expect(write(requests, "PUT")?.query).toEqual({});
  });
});

describe("minor edits", () => {
  it("are passed on to datacenter", async () => {
    const { confluence, requests } = dataCenter.open({
      ...dataCenter.readPage(),
      [dataCenter.updateRoute]: dataCenter.page(),
    });
    await confluence.pages.update({ ...update, content: "New", minorEdit: true });
    expect(write(requests, "PUT")?.json).toMatchObject({ version: { minorEdit: true } });
  });

  it("are warned about on cloud, which has none", async () => {
    const { confluence } = cloud.open({ ...cloud.readPage(), [cloud.updateRoute]: cloud.page() });
    const result = await confluence.pages.update({ ...update, content: "New", minorEdit: true });
    expect(result.warnings).toHaveLength(1);
  });
});

describe.each([cloud, dataCenter])("deleting pages on $deployment", (site) => {
  it("moves the page to the trash and says where it is", async () => {
    const { confluence, sent } = site.open({ ...site.readPage(), [site.deleteRoute]: undefined });
    expect(await confluence.pages.trash("123")).toMatchObject({
      success: true,
      message: expect.stringContaining("DEV"),
      page: { id: "123" },
    });
    expect(sent().at(-1)).toBe(site.deleteRoute);
  });

  it.each([
    ["a draft, which has no way back", { status: "draft" }, "unsupported"],
    ["a page in the trash, which would be gone", { status: "trashed" }, "unsupported"],
    ["a page outside the allowed spaces", { space: "SECRET" }, "forbidden"],
  ] as const)("refuses %s", async (_, page, code) => {
    const { confluence } = site.open(site.readPage(page), { spaces: ["DEV"] });
    await expect(confluence.pages.trash("123")).rejects.toMatchObject({ code });
  });

  it("is an error when it fails", async () => {
    const { confluence } = site.open({
      ...site.readPage(),
      [site.deleteRoute]: answerError("forbidden", 403),
    });
    await expect(confluence.pages.trash("123")).rejects.toMatchObject({ code: "forbidden" });
  });
});

describe("emoji and width", () => {
  const look = { ...update, emoji: "👩‍🚀", pageWidth: "full-width" };

  it("are changed on cloud by the property's numeric id, looked up by key", async () => {
    const { confluence, requests } = cloud.open({
      ...cloud.readPage(),
      "GET /api/v2/pages/123/properties": ({ query }: RecordedRequest) => ({
        results:
          query["key"] === "emoji-title-published"
            ? [{ id: 9, key: query["key"], value: "1f680", version: { number: 4 } }]
            : [],
      }),
      "PUT /api/v2/pages/123/properties/9": {},
      "POST /api/v2/pages/123/properties": {},
    });
    expect(await confluence.pages.update(look)).not.toHaveProperty("warnings");
    const writes = requests.filter(({ method, path }) => method !== "GET" && path.includes("prop"));
    expect(writes.map(({ method, json }) => [method, json])).toEqual([
      ["PUT", { key: "emoji-title-published", value: "1f469-200d-1f680", version: { number: 5 } }],
      ["POST", { key: "emoji-title-draft", value: "1f469-200d-1f680" }],
      ["POST", { key: "content-appearance-published", value: "full-width" }],
      ["POST", { key: "content-appearance-draft", value: "full-width" }],
    ]);
  });

  it("are changed on datacenter by key and removed by an empty text", async () => {
    const { confluence, sent } = dataCenter.open({
      ...dataCenter.readPage(),
      "GET /rest/api/content/123/property/emoji-title-published": {
        value: "1f680",
        version: { number: 1 },
      },
      "GET /rest/api/content/123/property/{}": notFound,
      "DELETE /rest/api/content/123/property/emoji-title-published": undefined,
      "POST /rest/api/content/123/property": {},
    });
    await confluence.pages.update({ ...look, emoji: "" });
    expect(sent().filter((line) => !line.startsWith("GET"))).toEqual([
      "DELETE /rest/api/content/123/property/emoji-title-published",
      "POST /rest/api/content/123/property",
      "POST /rest/api/content/123/property",
    ]);
  });
});
