import { describe, expect, it } from "vitest";
import { testTool } from "../../../../test/fakes/test-tool.ts";
import { search } from "./search.ts";

const product = "confluence";

describe("confluence_search", () => {
  it("finds pages with what matched", async () => {
    const { result } = await testTool(search, {
      product,
      deployment: "cloud",
      routes: {
        "GET /rest/api/search": {
          results: [
            {
              content: {
                id: "123",
                type: "page",
                title: "Road map",
                space: { key: "DEV", name: "Development" },
              },
              excerpt: "our @@@hl@@@plan@@@endhl@@@",
              url: "/spaces/DEV/pages/123/Road+map",
            },
          ],
          totalSize: 30,
          _links: { next: "/rest/api/search?cursor=abc" },
        },
      },
      args: { query: "plan", limit: "1", spaces_filter: "DEV, OPS" },
    });
    expect(result).toMatchInlineSnapshot(`
      {
        "cql": "(siteSearch ~ "plan") AND space IN ("DEV", "OPS")",
        "next_cursor": "abc",
        "results": [
          {
            "content": {
              "format": "excerpt",
              "value": "our plan",
            },
            "id": "123",
            "space": {
              "key": "DEV",
              "name": "Development",
            },
            "title": "Road map",
            "type": "page",
            "url": "https://example.test/spaces/DEV/pages/123/Road+map",
          },
        ],
        "total": 30,
      }
    `);
  });

  it("refuses an open quote in CQL", async () => {
    const call = testTool(search, {
      product,
      deployment: "cloud",
      routes: {},
      args: { query: 'title ~ "plan' },
    });
    await expect(call).rejects.toMatchObject({ code: "input" });
  });
});
