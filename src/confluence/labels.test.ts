import { describe, expect, it } from "vitest";
import { answerError, cloud, dataCenter, notFound } from "./dialect/test-sites.ts";

const plan = { id: "1", name: "plan", prefix: "global" };
const mine = { id: "2", name: "mine", prefix: "my" };
const shown = {
  labels: [
    { id: "1", name: "plan", prefix: "global", label: "plan" },
    { id: "2", name: "mine", prefix: "my", label: "my:mine" },
  ],
};

describe.each([
  { site: cloud, deployment: cloud.deployment, route: "GET /api/v2/pages/123/labels" },
  { site: dataCenter, deployment: dataCenter.deployment, route: "GET /rest/api/content/123/label" },
])("labels on $deployment", ({ site, route }) => {
  it("are listed over all pages of the list", async () => {
    const { confluence, requests } = site.open({
      [route]: ({ query }: { query: Record<string, unknown> }) =>
        query["cursor"] === "c" || query["start"] === "1"
          ? { results: [mine], _links: {} }
          : { results: [plan], _links: { next: "/rest/x?cursor=c&start=1" } },
    });
    expect(await confluence.labels.list("123")).toEqual(shown);
    expect(requests).toHaveLength(2);
  });

  it("are added in lower case, with a note, and all are told", async () => {
    const { confluence, requests } = site.open({
      "POST /rest/api/content/123/label": {},
      [route]: { results: [plan, mine], _links: {} },
    });
    expect(await confluence.labels.add("123", "Plan")).toEqual({
      ...shown,
      note: expect.stringContaining("plan"),
    });
    expect(requests[0]).toMatchObject({
      json: [{ prefix: "global", name: "plan" }],
      order: "page:123",
    });
  });

  it("are reported as added even when the others cannot be read", async () => {
    const { confluence } = site.open({
      "POST /rest/api/content/123/label": {},
      [route]: answerError("upstream", 503, "busy"),
    });
    expect(await confluence.labels.add("123", "plan")).toEqual({
      labels: [{ name: "plan", prefix: "global", label: "plan" }],
      note: expect.stringContaining("busy"),
    });
  });

  it.each(["two words", "a,b", "a:b", "", "x".repeat(256), "what?"])(
    "refuse %s before anything is sent",
    async (name) => {
      const { confluence, sent } = site.open({});
      await expect(confluence.labels.add("123", name)).rejects.toMatchObject({ code: "input" });
      expect(sent()).toEqual([]);
    },
  );

  it("are bound to the allowed spaces", async () => {
    const { confluence } = site.open(site.readPage({ space: "SECRET" }), { spaces: ["DEV"] });
    await expect(confluence.labels.list("123")).rejects.toMatchObject({ code: "forbidden" });
    await expect(confluence.labels.add("123", "x")).rejects.toMatchObject({ code: "forbidden" });
  });

  it("say that the content is absent or hidden", async () => {
    const { confluence } = site.open({
      [route]: notFound,
      "POST /api/v2/content/convert-ids-to-types": { results: {} },
    });
    await expect(confluence.labels.list("123")).rejects.toMatchObject({
      code: "not_found",
      details: { next: expect.any(String) },
    });
  });
});

describe("labels on cloud", () => {
  it("of attachments come from the attachment, and its page's space counts", async () => {
    const routes = {
      ...cloud.readPage(),
      "GET /api/v2/attachments/att5": { id: "att5", pageId: "123" },
      "GET /api/v2/attachments/att5/labels": { results: [plan], _links: {} },
    };
    const allowed = cloud.open(routes, { spaces: ["DEV"] });
    expect((await allowed.confluence.labels.list("att5")).labels).toHaveLength(1);
    const refused = cloud.open(routes, { spaces: ["OPS"] });
    await expect(refused.confluence.labels.list("att5")).rejects.toMatchObject({
      code: "forbidden",
    });
  });
});
