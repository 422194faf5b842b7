import { describe, expect, it } from "vitest";
import { cloud, cloudNames, dataCenter, notFound } from "./dialect/test-sites.ts";

const ada = "5b10a2844c20165700ede21g";

function cloudComment(id: string, more: object = {}) {
  return {
    id,
    status: "current",
    title: "Re: Road map",
    version: { number: 1, createdAt: "2026-11-03T08:00:00.000Z", authorId: ada },
    body: { storage: { representation: "storage", value: `<p>Text ${id}</p>` } },
    _links: { webui: `/spaces/DEV/pages/123/Road+map?focusedCommentId=${id}` },
    ...more,
  };
}

const inline = {
  resolutionStatus: "resolved",
  properties: { inlineOriginalSelection: "some words" },
};

function dataCenterComment(id: string, more: object = {}) {
  return {
    id,
    type: "comment",
    title: "Re: Road map",
    history: {
      createdBy: { username: "ada", displayName: "Ada Lovelace" },
      createdDate: "2026-11-03T08:00:00.000Z",
    },
    version: { number: 1, when: "2026-11-03T08:00:00.000Z" },
    container: { id: "123", type: "page" },
    ancestors: [],
    extensions: { location: "footer" },
    body: { storage: { value: `<p>Text ${id}</p>`, representation: "storage" } },
    _links: { webui: `/spaces/DEV/pages/123/Road+map?focusedCommentId=${id}` },
    ...more,
  };
}

const cloudThreads = {
  ...cloudNames,
  "GET /api/v2/pages/123/footer-comments": { results: [cloudComment("1")], _links: {} },
  "GET /api/v2/footer-comments/1/children": {
    results: [cloudComment("2", { parentCommentId: "1" })],
    _links: {},
  },
  "GET /api/v2/footer-comments/2/children": { results: [], _links: {} },
  "GET /api/v2/pages/123/inline-comments": { results: [cloudComment("3", inline)], _links: {} },
  "GET /api/v2/inline-comments/3/children": { results: [], _links: {} },
};

const dataCenterThreads = {
  "GET /rest/api/content/123/child/comment": {
    results: [
      dataCenterComment("1"),
      dataCenterComment("2", { ancestors: [{ id: "1" }] }),
      dataCenterComment("3", {
        extensions: {
          location: "resolved",
          inlineProperties: { originalSelection: "some words" },
          resolution: { status: "resolved" },
        },
      }),
    ],
    _links: {},
  },
};

describe.each([
  { site: cloud, deployment: cloud.deployment, routes: cloudThreads },
  { site: dataCenter, deployment: dataCenter.deployment, routes: dataCenterThreads },
])("comments on $deployment", ({ site, routes }) => {
  it("are listed with replies, places and the text they are anchored to", async () => {
    const { confluence } = site.open(routes);
    const common = {
      title: "Re: Road map",
      author: "Ada Lovelace",
      created: "2026-11-03T08:00:00.000Z",
      updated: "2026-11-03T08:00:00.000Z",
    };
    const url = "https://acme.example/wiki/spaces/DEV/pages/123/Road+map?focusedCommentId=";
    expect(await confluence.comments.list("123", { limit: 25 })).toEqual({
      page_id: "123",
      count: 3,
      comments: [
        { id: "1", body: "Text 1", ...common, location: "footer", url: `${url}1` },
        {
          id: "2",
          body: "Text 2",
          ...common,
          parent_comment_id: "1",
          location: "footer",
          url: `${url}2`,
        },
        {
          id: "3",
          body: "Text 3",
          ...common,
          location: "inline",
          resolution: "resolved",
          text_selection: "some words",
          url: `${url}3`,
        },
      ],
    });
  });

  it("are neither read nor written outside the allowed spaces", async () => {
    const { confluence } = site.open(site.readPage({ space: "SECRET" }), { spaces: ["DEV"] });
    await expect(confluence.comments.list("123", { limit: 5 })).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(confluence.comments.add("123", "Hi")).rejects.toMatchObject({
      code: "forbidden",
    });
  });

  it("must not be empty", async () => {
    await expect(site.open({}).confluence.comments.add("123", " ")).rejects.toMatchObject({
      code: "input",
    });
  });
});

describe("comments on cloud", () => {
  it("continue within the footer and go on to the inline ones", async () => {
    const { confluence, requests } = cloud.open({
      ...cloudThreads,
      "GET /api/v2/pages/123/footer-comments": {
        results: [cloudComment("1")],
        _links: { next: "/wiki/api/v2/pages/123/footer-comments?limit=1&cursor=abc%3D" },
      },
    });
    const first = await confluence.comments.list("123", { limit: 1 });
    expect(first).toMatchObject({ count: 2, next_cursor: "footer:abc=" });
    await confluence.comments.list("123", { limit: 1, cursor: first.next_cursor });
    expect(requests.some(({ query }) => query["cursor"] === "abc=")).toBe(true);
    const last = await confluence.comments.list("123", { limit: 5, cursor: "inline:" });
    expect(last.comments.map(({ id }) => id)).toEqual(["3"]);
    expect(last).not.toHaveProperty("next_cursor");
  });

  it("are added at the foot of a page", async () => {
    const { confluence, requests } = cloud.open({
      ...cloudNames,
      "POST /api/v2/footer-comments": cloudComment("8"),
    });
    expect(await confluence.comments.add("123", "Hi **you**")).toMatchObject({
      success: true,
      comment: { id: "8", location: "footer" },
    });
    expect(requests[0]?.json).toEqual({
      pageId: "123",
      body: { representation: "storage", value: "<p>Hi <strong>you</strong></p>" },
    });
  });

  it("are added to a blog post by its id", async () => {
    const { confluence, requests } = cloud.open({
      ...cloudNames,
      "POST /api/v2/footer-comments": ({ json }: { json: unknown }) =>
        "pageId" in (json as object) ? notFound : cloudComment("8"),
      "POST /api/v2/content/convert-ids-to-types": { results: { "123": "blogpost" } },
    });
    await confluence.comments.add("123", "Hi");
    expect(requests.at(-2)?.json).toMatchObject({ blogPostId: "123" });
  });

  it("are answered where they stand", async () => {
    const { confluence, requests } = cloud.open({
      ...cloudNames,
      "GET /api/v2/footer-comments/3": notFound,
      "GET /api/v2/inline-comments/3": cloudComment("3", { ...inline, pageId: "123" }),
      "POST /api/v2/inline-comments": cloudComment("9"),
    });
    expect(await confluence.comments.reply("3", "Done")).toMatchObject({
      comment: { id: "9", parent_comment_id: "3", location: "inline" },
    });
    expect(requests[2]?.json).toMatchObject({ parentCommentId: "3" });
  });

  it("says that a comment is unknown", async () => {
    const { confluence } = cloud.open({
      "GET /api/v2/footer-comments/3": notFound,
      "GET /api/v2/inline-comments/3": notFound,
    });
    await expect(confluence.comments.reply("3", "Done")).rejects.toMatchObject({
      code: "not_found",
      details: { next: expect.stringContaining("confluence_get_comments") },
    });
  });

  it("finds the space of a reply through the comment above it", async () => {
    const { confluence } = cloud.open(
      {
        ...cloud.readPage({ space: "SECRET" }),
        "GET /api/v2/footer-comments/2": cloudComment("2", { parentCommentId: "1" }),
        "GET /api/v2/footer-comments/1": cloudComment("1", { pageId: "123" }),
      },
      { spaces: ["DEV"] },
    );
    await expect(confluence.comments.reply("2", "Done")).rejects.toMatchObject({
      code: "forbidden",
    });
  });
});

describe("comments on datacenter", () => {
  it("continue at an offset", async () => {
    const { confluence, requests } = dataCenter.open({
      "GET /rest/api/content/123/child/comment": {
        results: [dataCenterComment("1"), dataCenterComment("2")],
        _links: { next: "/rest/api/content/123/child/comment?start=2" },
      },
    });
    const first = await confluence.comments.list("123", { limit: 2 });
    expect(first.next_cursor).toBe("2");
    await confluence.comments.list("123", { limit: 2, cursor: "2" });
    expect(requests[0]?.query).toMatchObject({
      depth: "all",
      location: ["footer", "inline", "resolved"],
    });
    expect(requests[1]?.query).toMatchObject({ start: "2", limit: "2" });
    await expect(
      confluence.comments.list("123", { limit: 2, cursor: "footer:x" }),
    ).rejects.toMatchObject({ code: "input" });
  });

  it("name the container with its type", async () => {
    const { confluence, requests } = dataCenter.open({
      "GET /rest/api/content/123": { id: "123", type: "blogpost" },
      "POST /rest/api/content": dataCenterComment("8"),
    });
    await confluence.comments.add("123", "Hi");
    expect(requests[1]?.json).toEqual({
      type: "comment",
      container: { id: "123", type: "blogpost" },
      body: { storage: { value: "<p>Hi</p>", representation: "storage" } },
    });
  });

  it("are answered below the comment", async () => {
    const { confluence, requests } = dataCenter.open({
      "GET /rest/api/content/1": dataCenterComment("1"),
      "POST /rest/api/content": dataCenterComment("8", { ancestors: [{ id: "1" }] }),
    });
    expect(await confluence.comments.reply("1", "Done")).toMatchObject({
      comment: { parent_comment_id: "1" },
    });
    expect(requests[1]?.json).toMatchObject({
      ancestors: [{ id: "1" }],
      container: { id: "123", type: "page" },
    });
  });

  it("cannot answer what is no comment", async () => {
    const { confluence } = dataCenter.open(dataCenter.readPage());
    await expect(confluence.comments.reply("123", "Done")).rejects.toMatchObject({
      code: "not_found",
    });
  });
});

describe("the text of a comment", () => {
  it.each([
    ["<p>A <em>b</em></p>", "<p>A <em>b</em></p>"],
    ["<https://acme.example/a>", /<a href="https:\/\/acme\.example\/a"|&lt;|<a /],
    ["<p>not closed", /&lt;p&gt;not closed/],
    ["<p>a</p> and **more**", /<strong>more<\/strong>/],
  ])("%s is recognised", async (text, expected) => {
    const { confluence, requests } = cloud.open({
      ...cloudNames,
      "POST /api/v2/footer-comments": cloudComment("8"),
    });
    await confluence.comments.add("123", text);
    const sent = requests[0]?.json;
    const body = {
      value: typeof expected === "string" ? expected : expect.stringMatching(expected),
    };
    expect(sent).toMatchObject({ body });
  });
});
