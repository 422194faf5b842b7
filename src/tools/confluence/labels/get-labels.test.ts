import { describe, expect, it } from "vitest";
import { testTool } from "../../../../test/fakes/test-tool.ts";
import { getLabels } from "./get-labels.ts";

const product = "confluence";

describe("confluence_get_labels", () => {
  it("lists labels", async () => {
    const { result } = await testTool(getLabels, {
      product,
      deployment: "datacenter",
      routes: {
        "GET /rest/api/content/123/label": {
          results: [{ id: "1", name: "plan", prefix: "global" }],
          _links: {},
        },
      },
      args: { page_id: 123 },
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
      }
    `);
  });

  it("refuses what is no id", async () => {
    const call = testTool(getLabels, {
      product,
      deployment: "datacenter",
      routes: {},
      args: { page_id: "Road map" },
    });
    await expect(call).rejects.toMatchObject({ code: "input" });
  });
});
