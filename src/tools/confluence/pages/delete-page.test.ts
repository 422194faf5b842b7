import { describe, expect, it } from "vitest";
import { testTool } from "../../../../test/fakes/test-tool.ts";
import { cloud } from "../../../confluence/dialect/test-sites.ts";
import { deletePage } from "./delete-page.ts";

const product = "confluence";

describe("confluence_delete_page", () => {
  it("moves a page to the trash", async () => {
    const { result } = await testTool(deletePage, {
      product,
      deployment: "cloud",
      routes: { ...cloud.readPage(), [cloud.deleteRoute]: undefined },
      args: { page_id: "123" },
    });
    expect(result).toMatchInlineSnapshot(`
      {
        "message": "Page "Road map" was moved to the trash of space DEV. It can be restored there: Space settings, Trash.",
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
          "version": 7,
          "version_date": "2026-11-02T10:30:00.000Z",
        },
        "success": true,
      }
    `);
  });

  it("refuses a page outside the allowed spaces", async () => {
    const call = testTool(deletePage, {
      product,
      deployment: "cloud",
      routes: cloud.readPage({ space: "SECRET" }),
      args: { page_id: "123" },
      policy: { spaces: ["DEV"] },
    });
    await expect(call).rejects.toMatchObject({ code: "forbidden" });
  });
});
