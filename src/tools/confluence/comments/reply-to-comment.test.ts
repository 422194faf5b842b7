import { describe, expect, it } from "vitest";
import { testTool } from "../../../../test/fakes/test-tool.ts";
import { replyToComment } from "./reply-to-comment.ts";

const product = "confluence";

describe("confluence_reply_to_comment", () => {
  it("answers a comment", async () => {
    const { result } = await testTool(replyToComment, {
      product,
      deployment: "cloud",
      routes: {
        "GET /api/v2/footer-comments/7": { id: "7", pageId: "123" },
        "POST /api/v2/footer-comments": {
          id: "1",
          title: "Re: Road map",
          version: { number: 1, createdAt: "2026-11-03T08:00:00.000Z", authorId: "5b10" },
          body: { storage: { value: "<p>Good <em>idea</em></p>", representation: "storage" } },
          _links: { webui: "/spaces/DEV/pages/123?focusedCommentId=1" },
        },
        "GET /rest/api/user/bulk": { results: [{ accountId: "5b10", displayName: "Ada" }] },
      },
      args: { comment_id: 7, body: "Good *idea*" },
    });
    expect(result).toMatchInlineSnapshot(`
      {
        "comment": {
          "author": "Ada",
          "body": "Good *idea*",
          "created": "2026-11-03T08:00:00.000Z",
          "id": "1",
          "location": "footer",
          "parent_comment_id": "7",
          "title": "Re: Road map",
          "updated": "2026-11-03T08:00:00.000Z",
          "url": "https://example.test/spaces/DEV/pages/123?focusedCommentId=1",
        },
        "message": "The reply to comment 7 was added.",
        "success": true,
      }
    `);
  });

  it("refuses without a text", async () => {
    const call = testTool(replyToComment, {
      product,
      deployment: "cloud",
      routes: {},
      args: { comment_id: "7" },
    });
    await expect(call).rejects.toMatchObject({ code: "input" });
  });
});
