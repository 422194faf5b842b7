import { describe, expect, it } from "vitest";
import { inTurn } from "../../test/fakes/fake-site.ts";
import { answerError, cloud, dataCenter } from "./dialect/test-sites.ts";

const route = "GET /rest/api/search";
const page = {
  content: {
    id: "123",
    type: "page",
    title: "Road map",
    space: { key: "DEV", name: "Development" },
    version: { number: 7, when: "2026-11-02T10:30:00.000Z" },
    history: {
      createdBy: { displayName: "Ada Lovelace" },
      createdDate: "2026-01-05T09:00:00.000Z",
    },
  },
  title: "@@@hl@@@Road@@@endhl@@@ map",
  excerpt: "The @@@hl@@@road@@@endhl@@@ &amp; its map",
  url: "/spaces/DEV/pages/123/Road+map",
  entityType: "content",
  lastModified: "2026-11-02T10:30:00.000Z",
};
const space = {
  space: { key: "OPS", name: "Operations" },
  title: "@@@hl@@@Operations@@@endhl@@@",
  excerpt: "",
  url: "/spaces/OPS",
  entityType: "space",
};

describe.each([cloud, dataCenter])("searching on $deployment", (site) => {
  it("shows hits with links, marks and what matched", async () => {
    const { confluence, requests } = site.open({
      [route]: { results: [page, space], start: 0, totalSize: 2, _links: {} },
    });
    expect(await confluence.search.content({ query: "road map", limit: 10 })).toEqual({
      cql: 'siteSearch ~ "road map"',
      total: 2,
      results: [
        {
          id: "123",
          title: "Road map",
          type: "page",
          space: { key: "DEV", name: "Development" },
          url: "https://acme.example/wiki/spaces/DEV/pages/123/Road+map",
          created: "2026-01-05T09:00:00.000Z",
          updated: "2026-11-02T10:30:00.000Z",
          author: "Ada Lovelace",
          version: 7,
          content: { value: "The road & its map", format: "excerpt" },
        },
        {
          title: "Operations",
          type: "space",
          space: { key: "OPS", name: "Operations" },
          url: "https://acme.example/wiki/spaces/OPS",
        },
      ],
    });
    expect(requests[0]?.query).toMatchObject({ limit: "10" });
  });

  it("passes CQL on, within the allowed and the wanted spaces", async () => {
    const { confluence, requests } = site.open(
      { [route]: { results: [] } },
      { spaces: ["DEV", "OPS"], maxResults: 5 },
    );
    await confluence.search.content({
      query: "type = page ORDER BY created",
      limit: 10,
      spaces: ["dev", "HR"],
    });
    expect(requests[0]?.query).toMatchObject({
      cql: '(type = page) AND space IN ("dev") ORDER BY created',
      limit: "5",
    });
  });

  it("refuses spaces of which none is allowed", async () => {
    const { confluence } = site.open({}, { spaces: ["DEV"] });
    await expect(
      confluence.search.content({ query: "x", limit: 1, spaces: ["HR"] }),
    ).rejects.toMatchObject({ code: "forbidden" });
  });

  it("keeps hits of other spaces back, whatever the site answers", async () => {
    const { confluence } = site.open({ [route]: { results: [page, space] } }, { spaces: ["OPS"] });
    const { results } = await confluence.search.content({ query: "x", limit: 5 });
    expect(results.map(({ title }) => title)).toEqual(["Operations"]);
  });

  it("falls back to text search only when site search is unknown", async () => {
    const unknown = answerError("invalid", 400, "No field named siteSearch exists");
    const { confluence } = site.open({ [route]: inTurn(unknown, { results: [] }) });
    expect(await confluence.search.content({ query: 'say "hi"', limit: 5 })).toEqual({
      cql: 'text ~ "say \\"hi\\""',
      results: [],
    });
    const other = site.open({ [route]: answerError("upstream", 500) });
    await expect(other.confluence.search.content({ query: "hi", limit: 5 })).rejects.toMatchObject({
      code: "upstream",
    });
    expect(other.sent()).toHaveLength(1);
  });

  it("shows the CQL that the site refused", async () => {
    const { confluence } = site.open({ [route]: answerError("invalid", 400, "Could not parse") });
    await expect(
      confluence.search.content({ query: "type = = page", limit: 5 }),
    ).rejects.toMatchObject({
      code: "invalid",
      details: { next: expect.stringContaining("type = = page") },
    });
  });

  it.each(["", "  ", "type = page) OR (type = blogpost"])("refuses %s", async (query) => {
    const { confluence } = site.open({});
    await expect(
      confluence.search.content({ query, limit: 5, spaces: ["DEV"] }),
    ).rejects.toMatchObject({ code: "input" });
  });
});

describe("paging a search", () => {
  it("takes only the cursor of cloud's next link", async () => {
    const { confluence, requests } = cloud.open({
      [route]: inTurn(
        {
          results: [page],
          _links: { next: "/rest/api/search?next=true&cursor=_f_MjU%3D_sa&limit=1" },
        },
        { results: [] },
      ),
    });
    const first = await confluence.search.content({ query: "x", limit: 1 });
    expect(first.next_cursor).toBe("_f_MjU=_sa");
    await confluence.search.content({ query: "x", limit: 1, cursor: first.next_cursor });
    expect(requests[1]?.query["cursor"]).toBe("_f_MjU=_sa");
    expect(requests[1]?.query).not.toHaveProperty("start");
  });

  it("says of a cursor that cloud refuses that it is the cursor", async () => {
    const refused = answerError("invalid", 400, "Invalid cursor");
    const { confluence } = cloud.open({ [route]: refused });
    const query = { query: "type = page", limit: 1 };
    await expect(confluence.search.content({ ...query, cursor: "bogus" })).rejects.toMatchObject({
      code: "input",
      details: { fields: { cursor: expect.any(String) } },
    });
    await expect(confluence.search.content(query)).rejects.toMatchObject({ code: "invalid" });
  });

  it("counts on datacenter", async () => {
    const { confluence, requests } = dataCenter.open({
      [route]: { results: [page], start: 4, _links: { next: "/rest/api/search?start=5" } },
    });
    const found = await confluence.search.content({ query: "x", limit: 1, cursor: "4" });
    expect(found.next_cursor).toBe("5");
    expect(requests[0]?.query["start"]).toBe("4");
    await expect(
      confluence.search.content({ query: "x", limit: 1, cursor: "abc" }),
    ).rejects.toMatchObject({ code: "input" });
  });
});
