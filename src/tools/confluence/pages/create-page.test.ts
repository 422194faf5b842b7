import { describe, expect, it } from "vitest";
import { testTool } from "../../../../test/fakes/test-tool.ts";
import { cloud } from "../../../confluence/dialect/test-sites.ts";
import { createPage } from "./create-page.ts";

const product = "confluence";

describe("confluence_create_page", () => {
  it("creates a page from Markdown", async () => {
    const { result } = await testTool(createPage, {
      product,
      deployment: "cloud",
      routes: { ...cloud.space, [cloud.createRoute]: cloud.page({ version: 1 }) },
      args: { space_key: "DEV", title: "Road map", content: "# Plan" },
    });
    expect(result).toMatchInlineSnapshot(`
      {
        "message": "Page "Road map" was created.",
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
          "version": 1,
          "version_date": "2026-11-02T10:30:00.000Z",
        },
      }
    `);
  });

  it("refuses an unknown width", async () => {
    const call = testTool(createPage, {
      product,
      deployment: "cloud",
      routes: {},
      args: { space_key: "DEV", title: "Road map", content: "x", page_width: "huge" },
    });
    await expect(call).rejects.toMatchObject({ code: "input" });
  });
});
