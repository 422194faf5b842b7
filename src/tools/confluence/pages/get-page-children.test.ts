import { describe, expect, it } from "vitest";
import { testTool } from "../../../../test/fakes/test-tool.ts";
import { dataCenter } from "../../../confluence/dialect/test-sites.ts";
import { getPageChildren } from "./get-page-children.ts";

const product = "confluence";

describe("confluence_get_page_children", () => {
  it("lists children with their versions", async () => {
    const { result } = await testTool(getPageChildren, {
      product,
      deployment: "datacenter",
      routes: {
        "GET /rest/api/content/9/child/page": {
          results: [dataCenter.page({ id: "1" }), dataCenter.page({ id: "2" })],
          _links: {},
        },
      },
      args: { parent_id: 9, limit: 1 },
    });
    expect(result).toMatchInlineSnapshot(`
      {
        "count": 1,
        "limit_requested": 1,
        "next_start": 1,
        "parent_id": "9",
        "results": [
          {
            "ancestors": [
              {
                "id": "100200",
                "title": "Home",
              },
            ],
            "author": "Ada Lovelace",
            "created": "2026-01-05T09:00:00.000Z",
            "id": "1",
            "labels": [
              "plan",
            ],
            "title": "Road map",
            "type": "page",
            "updated": "2026-11-02T10:30:00.000Z",
            "url": "https://example.test/spaces/DEV/pages/1/Road+map",
            "version": 7,
            "version_author": "Ada Lovelace",
            "version_date": "2026-11-02T10:30:00.000Z",
          },
        ],
        "start_requested": 0,
      }
    `);
  });

  it("refuses more than one call may list", async () => {
    const call = testTool(getPageChildren, {
      product,
      deployment: "datacenter",
      routes: {},
      args: { parent_id: "9", limit: 51 },
    });
    await expect(call).rejects.toMatchObject({ code: "input" });
  });
});
