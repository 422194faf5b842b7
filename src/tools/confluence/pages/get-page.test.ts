import { describe, expect, it } from "vitest";
import { testTool } from "../../../../test/fakes/test-tool.ts";
import { cloud, dataCenter } from "../../../confluence/dialect/test-sites.ts";
import { getPage } from "./get-page.ts";

const product = "confluence";

describe("confluence_get_page", () => {
  it("reads a page with its metadata", async () => {
    const { result } = await testTool(getPage, {
      product,
      deployment: "cloud",
      routes: cloud.readPage({ body: `<p>Hi ${cloud.mention}</p>`, files: ["plan.pdf"] }),
      args: { page_id: 123 },
    });
    expect(result).toMatchInlineSnapshot(`
      {
        "metadata": {
          "ancestors": [
            {
              "id": "100200",
              "title": "Home",
            },
          ],
          "attachments": [
            {
              "author_display_name": "Ada Lovelace",
              "created": "2026-02-03T08:00:00.000Z",
              "download_url": "https://example.test/download/attachments/123/plan.pdf?version=2&api=v2",
              "file_size": 2048,
              "id": "att1",
              "media_type": "application/pdf",
              "status": "current",
              "title": "plan.pdf",
              "type": "attachment",
              "version_number": 2,
            },
          ],
          "author": "Ada Lovelace",
          "content": {
            "format": "markdown",
            "value": "Hi @[Ada Lovelace](accountid:5b10a2844c20165700ede21g)",
          },
          "created": "2026-01-05T09:00:00.000Z",
          "emoji": "🚀",
          "id": "123",
          "labels": [
            "plan",
          ],
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
          "version_author": "Ada Lovelace",
          "version_date": "2026-11-02T10:30:00.000Z",
        },
      }
    `);
  });
  it("reads the bare body in storage format", async () => {
    const { result } = await testTool(getPage, {
      product,
      deployment: "datacenter",
      routes: dataCenter.readPage(),
      args: { page_id: "123", include_metadata: false, convert_to_markdown: false },
    });
    expect(result).toMatchInlineSnapshot(`
      {
        "content": {
          "format": "storage",
          "value": "<p>Hello</p>",
        },
      }
    `);
  });

  it("refuses an address of another site", async () => {
    const call = testTool(getPage, {
      product,
      deployment: "cloud",
      routes: {},
      args: { page_id: "https://other.test/pages/123" },
    });
    await expect(call).rejects.toMatchObject({ code: "input" });
  });
});
