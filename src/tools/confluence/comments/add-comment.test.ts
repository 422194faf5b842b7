import { describe, expect, it } from "vitest";
import { testTool } from "../../../../test/fakes/test-tool.ts";
import { addComment } from "./add-comment.ts";

const product = "confluence";

describe("confluence_add_comment", () => {
  it("adds a comment, also when the text is called comment", async () => {
    const { result } = await testTool(addComment, {
      product,
      deployment: "cloud",
      routes: {
        "POST /api/v2/footer-comments": {
          id: "1",
          title: "Re: Road map",
          version: { number: 1, createdAt: "2026-11-03T08:00:00.000Z", authorId: "5b10" },
          body: { storage: { value: "<p>Good <em>idea</em></p>", representation: "storage" } },
          _links: { webui: "/spaces/DEV/pages/123?focusedCommentId=1" },
        },
        "GET /rest/api/user/bulk": { results: [{ accountId: "5b10", displayName: "Ada" }] },
      },
      args: { page_id: 123, comment: "Good *idea*" },
    });
    expect(result).toMatchInlineSnapshot(`
      {
        "comment": {
          "author": "Ada",
          "body": "Good *idea*",
          "created": "2026-11-03T08:00:00.000Z",
          "id": "1",
          "location": "footer",
          "title": "Re: Road map",
          "updated": "2026-11-03T08:00:00.000Z",
          "url": "https://example.test/spaces/DEV/pages/123?focusedCommentId=1",
        },
        "message": "The comment was added to page 123.",
        "success": true,
      }
    `);
  });

  it("refuses an empty comment", async () => {
    const call = testTool(addComment, {
      product,
      deployment: "cloud",
      routes: {},
      args: { page_id: 123, body: "" },
    });
    await expect(call).rejects.toMatchObject({ code: "input" });
  });
});
