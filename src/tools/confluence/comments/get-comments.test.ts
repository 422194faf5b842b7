import { describe, expect, it } from "vitest";
import { testTool } from "../../../../test/fakes/test-tool.ts";
import { getComments } from "./get-comments.ts";

const product = "confluence";

describe("confluence_get_comments", () => {
  it("lists threads", async () => {
    const { result } = await testTool(getComments, {
      product,
      deployment: "cloud",
      routes: {
        "GET /api/v2/pages/123/footer-comments": {
          results: [
            {
              id: "1",
              title: "Re: Road map",
              version: { number: 1, createdAt: "2026-11-03T08:00:00.000Z", authorId: "5b10" },
              body: { storage: { value: "<p>Good <em>idea</em></p>", representation: "storage" } },
              _links: { webui: "/spaces/DEV/pages/123?focusedCommentId=1" },
            },
          ],
          _links: {},
        },
        "GET /api/v2/footer-comments/1/children": { results: [], _links: {} },
        "GET /api/v2/pages/123/inline-comments": { results: [], _links: {} },
        "GET /rest/api/user/bulk": { results: [{ accountId: "5b10", displayName: "Ada" }] },
      },
      args: { page_id: 123 },
    });
    expect(result).toMatchInlineSnapshot(`
      {
        "comments": [
          {
            "author": "Ada",
            "body": "Good *idea*",
            "created": "2026-11-03T08:00:00.000Z",
            "id": "1",
            "location": "footer",
            "title": "Re: Road map",
            "updated": "2026-11-03T08:00:00.000Z",
            "url": "https://example.test/spaces/DEV/pages/123?focusedCommentId=1",
          },
        ],
        "count": 1,
        "page_id": "123",
      }
    `);
  });

  it("refuses a cursor of another site", async () => {
    const call = testTool(getComments, {
      product,
      deployment: "datacenter",
      routes: {},
      args: { page_id: 123, cursor: "footer:abc" },
    });
    await expect(call).rejects.toMatchObject({ code: "input" });
  });
});
