import { describe, expect, it } from "vitest";
import { testTool } from "../../../../test/fakes/test-tool.ts";
import { dataCenter } from "../../../confluence/dialect/test-sites.ts";
import { updatePage } from "./update-page.ts";

const product = "confluence";

describe("confluence_update_page", () => {
  it("writes the next version", async () => {
    const { result } = await testTool(updatePage, {
      product,
      deployment: "datacenter",
      routes: {
        ...dataCenter.readPage(),
        [dataCenter.updateRoute]: dataCenter.page({ version: 8 }),
      },
      args: { page_id: 123, title: "Road map", content: "New", expected_version: 7 },
    });
    expect(result).toMatchInlineSnapshot(`
      {
        "message": "Page "Road map" was updated.",
        "page": {
          "id": "123",
          "parent_id": "100200",
          "space": {
            "key": "DEV",
            "name": "Development",
          },
          "title": "Road map",
          "type": "page",
          "updated": "2026-11-02T10:30:00.000Z",
          "url": "https://example.test/spaces/DEV/pages/123/Road+map",
          "version": 8,
          "version_date": "2026-11-02T10:30:00.000Z",
        },
      }
    `);
  });

  it("refuses when somebody else changed the page", async () => {
    const call = testTool(updatePage, {
      product,
      deployment: "datacenter",
      routes: dataCenter.readPage(),
      args: { page_id: 123, title: "Road map", content: "New", expected_version: 6 },
    });
    await expect(call).rejects.toMatchObject({ code: "conflict" });
  });
});
