import { describe, expect, it } from "vitest";
import { inTurn } from "../../test/fakes/fake-site.ts";
import { answerError, cloud, dataCenter, notFound } from "./dialect/test-sites.ts";

const whole = { metadata: true, markdown: true };

describe.each([cloud, dataCenter])("reading pages on $deployment", (site) => {
  it("gives metadata and Markdown with names of mentioned people", async () => {
    const body = `<p>Ask ${site.mention}.</p>`;
    const { confluence } = site.open(site.readPage({ body }));
    expect(await confluence.pages.get({ page: "123", ...whole })).toEqual({
      metadata: {
        id: "123",
        title: "Road map",
        type: "page",
        url: "https://acme.example/wiki/spaces/DEV/pages/123/Road+map",
        space: { key: "DEV", name: "Development" },
        parent_id: "100200",
        created: "2026-01-05T09:00:00.000Z",
        updated: "2026-11-02T10:30:00.000Z",
        author: "Ada Lovelace",
        version: 7,
        version_author: "Ada Lovelace",
        version_date: "2026-11-02T10:30:00.000Z",
        labels: ["plan"],
        ancestors: [{ id: "100200", title: "Home" }],
        emoji: "🚀",
        attachments: [],
        content: { value: `Ask ${site.mentionMarkdown}.`, format: "markdown" },
      },
    });
  });

  it("lists attachments with their address on the site", async () => {
    const { confluence, sent } = site.open(site.readPage({ files: ["Größe 1.pdf"] }));
    const result = await confluence.pages.get({ page: "123", ...whole });
    expect(result).toMatchObject({
      metadata: {
        attachments: [
          {
            id: expect.stringContaining("1"),
            type: "attachment",
            status: "current",
            title: "Größe 1.pdf",
            media_type: "application/pdf",
            file_size: 2048,
            download_url:
              "https://acme.example/wiki/download/attachments/123/Gr%C3%B6%C3%9Fe%201.pdf?version=2&api=v2",
            version_number: 2,
            created: "2026-02-03T08:00:00.000Z",
            author_display_name: "Ada Lovelace",
          },
        ],
      },
    });
    expect(result).not.toHaveProperty("metadata.attachments_hint");
    const lists = sent().filter((line) => /attachments\?limit=25$|children.attachment/.test(line));
    expect(lists).toHaveLength(1);
  });

  it("lists at most 25 attachments and says how to find the others", async () => {
    const files = Array.from({ length: 26 }, (_, index) => `${index}.pdf`);
    const { confluence } = site.open(site.readPage({ files }));
    const result = await confluence.pages.get({ page: "123", ...whole });
    expect(result).toMatchObject({
      metadata: { attachments_hint: expect.stringContaining("container = 123") },
    });
    expect(result).toHaveProperty("metadata.attachments.length", 25);
  });

  it("does not ask for attachments when only the body is wanted", async () => {
    const { confluence, sent } = site.open(site.readPage({ files: ["a.pdf"] }));
    await confluence.pages.get({ page: "123", metadata: false, markdown: true });
    expect(sent().filter((line) => line.includes("attachment"))).toEqual([]);
  });

  it("asks for people at most once", async () => {
    const body = `<p>${site.mention} ${site.mention}</p>`;
    const { confluence, requests } = site.open(site.readPage({ body }));
    await confluence.pages.get({ page: "123", ...whole });
    expect(requests.filter(({ path }) => path.includes("user"))).toHaveLength(1);
  });

  it("gives storage format byte for byte", async () => {
    const body = '<p>a&nbsp;b<br/></p>\r\n<ac:structured-macro ac:name="toc" />';
    const { confluence } = site.open(site.readPage({ body }));
    expect(await confluence.pages.get({ page: "123", metadata: false, markdown: false })).toEqual({
      content: { value: body, format: "storage" },
    });
  });

  it("reads on where it stopped and never cuts a character in two", async () => {
    const body = "<p>ab🚀cd</p>";
    const { confluence } = site.open(site.readPage({ body }));
    const part = { page: "123", metadata: false, markdown: false };
    const first = await confluence.pages.get({ ...part, maxCharacters: 6 });
    expect(first).toMatchObject({
      content: { value: "<p>ab🚀", next_offset: 7, total_characters: 13 },
    });
    const second = await confluence.pages.get({ ...part, offset: 7 });
    expect(second).toMatchObject({ content: { value: "cd</p>" } });
    expect(second).not.toHaveProperty("content.next_offset");
  });

  it("says how long the text is when the offset is behind its end", async () => {
    const { confluence } = site.open(site.readPage({ body: "<p>Hello</p>" }));
    const part = { page: "123", metadata: false, markdown: true, offset: 50 };
    expect(await confluence.pages.get(part)).toEqual({
      content: {
        value: "",
        format: "markdown",
        total_characters: 5,
        hint: "There is nothing at offset 50: the text has 5 characters.",
      },
    });
  });

  it("finds a page by title and space", async () => {
    const { confluence, sent } = site.open({
      ...site.readPage(),
      ...site.space,
      ...site.titles({ title: "Road map" }),
    });
    const found = { title: "Road map", spaceKey: "DEV", metadata: false, markdown: true };
    expect(await confluence.pages.get(found)).toEqual({
      content: { value: "Hello", format: "markdown" },
    });
    expect(sent().some((line) => line.includes("title=Road+map"))).toBe(true);
  });

  it("finds the space of a key in small letters", async () => {
    const exact = site === cloud ? {} : { "GET /rest/api/space/dev": notFound };
    const { confluence, requests } = site.open({
      ...site.readPage(),
      ...site.space,
      ...exact,
      ...site.titles({ title: "Road map" }),
    });
    const found = { title: "Road map", spaceKey: "dev", metadata: false, markdown: true };
    expect(await confluence.pages.get(found)).toHaveProperty("content");
    const asked = requests.filter(({ path }) => /\/spaces?(?:\/dev)?$/i.test(path));
    expect(JSON.stringify(asked)).toMatch(/"dev".*"DEV"|space\/dev".*space\/DEV"/);
  });

  it("says that an attachment is no page", async () => {
    const file = { id: "att5", type: "attachment", title: "a.png" };
    const { confluence } = site.open({ "GET /rest/api/content/att5": file });
    await expect(confluence.pages.get({ page: "att5", ...whole })).rejects.toMatchObject({
      code: "not_found",
      message: expect.stringContaining("attachment"),
    });
  });

  it("says that a title is unknown", async () => {
    const { confluence } = site.open({ ...site.space, ...site.titles() });
    await expect(
      confluence.pages.get({ title: "Nope", spaceKey: "DEV", ...whole }),
    ).rejects.toMatchObject({ code: "not_found", details: { next: expect.any(String) } });
  });

  it("needs an id or a title", async () => {
    const { confluence } = site.open({});
    await expect(confluence.pages.get({ title: "x", ...whole })).rejects.toMatchObject({
      code: "input",
    });
  });

  it("reads the draft of a page that was never published", async () => {
    const { confluence, requests } = site.open({
      ...site.readPage(),
      [site.pageRoute]: inTurn(notFound, site.page({ status: "draft" })),
    });
    const { metadata } = {
      metadata: undefined,
      ...(await confluence.pages.get({ page: "123", ...whole })),
    };
    expect(metadata).toMatchObject({ status: "draft" });
    expect(JSON.stringify(requests[1]?.query)).toContain("draft");
  });

  it("names the page that is absent or hidden", async () => {
    const { confluence } = site.open({
      [site.pageRoute]: notFound,
      "POST /api/v2/content/convert-ids-to-types": { results: { "123": null } },
    });
    await expect(confluence.pages.get({ page: "123", ...whole })).rejects.toMatchObject({
      code: "not_found",
      message: expect.stringContaining("123"),
      details: { next: expect.stringContaining("confluence_search") },
    });
  });

  it("refuses a page outside the allowed spaces", async () => {
    const { confluence } = site.open(site.readPage({ space: "SECRET" }), { spaces: ["dev"] });
    await expect(confluence.pages.get({ page: "123", ...whole })).rejects.toMatchObject({
      code: "forbidden",
      details: { setting: "CONFLUENCE_SPACES_FILTER" },
    });
  });

  it("reports an answer of unknown form", async () => {
    const { confluence } = site.open({ ...site.readPage(), [site.pageRoute]: { id: "123" } });
    await expect(confluence.pages.get({ page: "123", ...whole })).rejects.toMatchObject({
      code: expect.stringMatching(/shape|input/),
    });
  });

  it("passes other errors on", async () => {
    const { confluence } = site.open({ [site.pageRoute]: answerError("auth", 401) });
    await expect(confluence.pages.get({ page: "123", ...whole })).rejects.toMatchObject({
      code: "auth",
    });
  });
});

describe("reading pages on cloud", () => {
  it("reads a blog post by its id", async () => {
    const { confluence } = cloud.open({
      ...cloud.readPage(),
      [cloud.pageRoute]: notFound,
      "POST /api/v2/content/convert-ids-to-types": { results: { "123": "blogpost" } },
      "GET /api/v2/blogposts/123": cloud.page(),
      "GET /api/v2/blogposts/123/attachments": { results: [], _links: {} },
    });
    expect(await confluence.pages.get({ page: "123", ...whole })).toMatchObject({
      metadata: { type: "blogpost", attachments: [] },
    });
  });

  it("tells the titles of folders above, as far as they are visible", async () => {
    const { confluence } = cloud.open({
      ...cloud.readPage(),
      "GET /api/v2/pages/{}/ancestors": {
        results: [
          { id: "1", type: "folder" },
          { id: "2", type: "folder" },
        ],
      },
      "GET /api/v2/folders/1": { id: "1", title: "Plans" },
      "GET /api/v2/folders/2": notFound,
    });
    expect(await confluence.pages.get({ page: "123", ...whole })).toMatchObject({
      metadata: {
        ancestors: [
          { id: "1", title: "Plans", type: "folder" },
          { id: "2", type: "folder" },
        ],
      },
    });
  });

  it("says that the pages above take a scope of their own", async () => {
    const { confluence } = cloud.open({
      ...cloud.readPage(),
      "GET /api/v2/pages/{}/ancestors": answerError("scope", 401, "scope does not match"),
    });
    const result = await confluence.pages.get({ page: "123", ...whole });
    expect(result).toMatchObject({
      metadata: { warnings: [expect.stringContaining("scope does not match")] },
    });
    expect(result).not.toHaveProperty("metadata.ancestors");
  });

  it("says that attachments take a scope of their own, beside other warnings", async () => {
    const { confluence } = cloud.open({
      ...cloud.readPage(),
      "GET /api/v2/pages/{}/ancestors": answerError("scope", 401, "no ancestors"),
      "GET /api/v2/pages/{}/attachments": answerError("scope", 401, "no attachments"),
    });
    const result = await confluence.pages.get({ page: "123", ...whole });
    expect(result).toMatchObject({
      metadata: {
        warnings: [
          expect.stringContaining("no ancestors"),
          expect.stringContaining("no attachments"),
        ],
      },
    });
    expect(result).not.toHaveProperty("metadata.attachments");
  });

  it("says that an id belongs to a folder", async () => {
    const { confluence } = cloud.open({
      [cloud.pageRoute]: notFound,
      "POST /api/v2/content/convert-ids-to-types": { results: { "123": "folder" } },
    });
    await expect(confluence.pages.get({ page: "123", ...whole })).rejects.toMatchObject({
      code: "not_found",
      message: expect.stringContaining("folder"),
    });
  });

  it("shows the page without names when people may not be looked up", async () => {
    const { confluence } = cloud.open({
      ...cloud.readPage(),
      "GET /rest/api/user/bulk": answerError("scope", 401),
    });
    expect(await confluence.pages.get({ page: "123", ...whole })).toMatchObject({
      metadata: { author: "5b10a2844c20165700ede21g" },
    });
  });
});

const listing = {
  start: 0,
  limit: 2,
  folders: true,
  content: false,
  markdown: true,
  expand: ["version", "history"],
};

describe("children on cloud", () => {
  const nodes = ["page", "folder", "whiteboard", "page", "page"].map((type, at) => ({
    id: String(at + 1),
    type,
    title: `Child ${at + 1}`,
    status: "current",
    spaceId: "100",
  }));
  const routes = {
    ...cloud.readPage(),
    "GET /api/v2/pages/9/direct-children": { results: nodes, _links: {} },
    "GET /api/v2/pages": { results: [cloud.page({ id: "1", title: "Child 1" })], _links: {} },
  };

  it("lists pages and folders, with details of all pages in one request", async () => {
    const { confluence, sent } = cloud.open(routes);
    const result = await confluence.pages.children("9", listing);
    expect(result).toMatchObject({ parent_id: "9", count: 2, next_start: 2 });
    expect(result.results[0]).toMatchObject({ id: "1", version: 7, author: "Ada Lovelace" });
    expect(result.results[1]).toEqual({
      id: "2",
      title: "Child 2",
      type: "folder",
      url: "https://acme.example/wiki/spaces/DEV/folder/2",
    });
    expect(sent().filter((line) => line.startsWith("GET /api/v2/pages?"))).toHaveLength(1);
  });

  it("continues at start and leaves folders out when told", async () => {
    const { confluence } = cloud.open(routes);
    const query = { ...listing, start: 1, folders: false, expand: [] };
    const { results, next_start } = await confluence.pages.children("9", query);
    expect(results.map(({ id }) => id)).toEqual(["4", "5"]);
    expect(next_start).toBeUndefined();
  });

  it("lists the children of a folder", async () => {
    const { confluence } = cloud.open({
      "GET /api/v2/pages/9/direct-children": notFound,
      "POST /api/v2/content/convert-ids-to-types": { results: { "9": "folder" } },
      "GET /api/v2/folders/9/direct-children": { results: [nodes[0]], _links: {} },
    });
    const { results } = await confluence.pages.children("9", { ...listing, expand: [] });
    expect(results.map(({ id }) => id)).toEqual(["1"]);
  });

  it("refuses a parent outside the allowed spaces", async () => {
    const { confluence } = cloud.open(cloud.readPage({ space: "SECRET" }), { spaces: ["DEV"] });
    await expect(confluence.pages.children("123", listing)).rejects.toMatchObject({
      code: "forbidden",
    });
  });
});

describe("children on datacenter", () => {
  const children = [1, 2, 3].map((id) => dataCenter.page({ id: String(id) }));

  it("asks for the wanted expansions and tells where to go on", async () => {
    const { confluence, requests } = dataCenter.open({
      "GET /rest/api/content/9/child/page": { results: children, _links: {} },
    });
    const result = await confluence.pages.children("9", { ...listing, content: true });
    expect(requests[0]?.query).toEqual({
      start: "0",
      limit: "3",
      expand: "version,history,body.storage",
    });
    expect(result).toMatchObject({ count: 2, next_start: 2 });
    expect(result.results[0]).toMatchObject({ id: "1", content: { value: "Hello" } });
  });

  it("keeps within the operator's limit", async () => {
    const { confluence, requests } = dataCenter.open(
      { "GET /rest/api/content/9/child/page": { results: children, _links: {} } },
      { maxResults: 1 },
    );
    expect(await confluence.pages.children("9", listing)).toMatchObject({ count: 1 });
    expect(requests[0]?.query["limit"]).toBe("2");
  });
});
