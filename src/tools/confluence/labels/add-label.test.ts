import { describe, expect, it } from "vitest";
import { testTool } from "../../../../test/fakes/test-tool.ts";
import { addLabel } from "./add-label.ts";

const product = "confluence";

describe("confluence_add_label", () => {
  it("adds a label in lower case", async () => {
    const { result } = await testTool(addLabel, {
      product,
      deployment: "cloud",
      routes: {
        "POST /rest/api/content/123/label": {},
        "GET /api/v2/pages/123/labels": {
          results: [{ id: "1", name: "plan", prefix: "global" }],
          _links: {},
        },
      },
      args: { page_id: 123, name: "Plan" },
    });
    expect(result).toMatchInlineSnapshot(`
      {
        "labels": [
          {
            "id": "1",
            "label": "plan",
            "name": "plan",
            "prefix": "global",
          },
        ],
        "note": "Labels are stored in lower case: "plan" was added.",
      }
    `);
  });

  it("refuses blanks", async () => {
    const call = testTool(addLabel, {
      product,
      deployment: "cloud",
      routes: {},
      args: { page_id: 123, name: "road map" },
    });
    await expect(call).rejects.toMatchObject({ code: "input" });
  });
});
