import { describe, expect, it } from "vitest";
import { fakeJira, jiraSites } from "../../test/fakes/jira.ts";
import { issueKeyOf } from "./issue-ref.ts";

const base = "https://jira.example.test/tracker";

describe("the issue that a text names", () => {
  it.each([
    ["SHOP-23", "SHOP-23"],
    [" shop-23 ", "SHOP-23"],
    ["10023", "10023"],
    ["https://jira.example.test/tracker/browse/shop-23", "SHOP-23"],
    ["https://JIRA.example.test/tracker/browse/SHOP-23?focusedCommentId=1#top", "SHOP-23"],
    ["jira.example.test/tracker/browse/SHOP-23/", "SHOP-23"],
    ["/tracker/browse/SHOP-23", "SHOP-23"],
  ])("%j is %s", (text, key) => {
    expect(issueKeyOf(base, text)).toBe(key);
  });

  it.each([
    "https://other.example/browse/SHOP-23",
    "https://other.example/tracker/browse/SHOP-23",
    "//other.example/tracker/browse/SHOP-23",
    "other.example/tracker/browse/SHOP-23",
    "https://jira.example.test/browse/SHOP-23",
    "https://jira.example.test:8443/tracker/browse/SHOP-23",
    "https://jira.example.test@other.example/tracker/browse/SHOP-23",
    "https://jira.example.test/tracker/../browse/SHOP-23",
    "https://jira.example.test/tracker/dashboards/5",
    "/browse/SHOP-23",
    "https://",
  ])("%j is refused", (text) => {
    expect(() => issueKeyOf(base, text)).toThrow(expect.objectContaining({ code: "input" }));
  });
});

describe.each(jiraSites)("a link to another site on $deployment", ({ deployment }) => {
  const key = "https://other.example/browse/PROJ-1";

  it("is refused by every operation before anything is sent", async () => {
    const { jira, requests } = fakeJira(deployment, {});
    const link = { linkType: "Blocks", inwardKey: "PROJ-1", outwardKey: "PROJ-2" };
    const calls = [
      () => jira.issues.get({ key, fields: ["summary"] }),
      () => jira.issues.update({ key, fields: { summary: "x" }, returnFields: [] }),
      () => jira.issues.delete(key, false),
      () => jira.transitions.list(key),
      () => jira.transitions.perform({ key, to: "Done" }),
      () => jira.comments.add({ key, body: "x" }),
      () => jira.comments.edit({ key, commentId: "1", body: "x" }),
      () => jira.worklogs.list(key),
      () => jira.worklogs.add({ key, timeSpent: "1h" }),
      () => jira.links.create({ ...link, inwardKey: key }),
      () => jira.links.create({ ...link, outwardKey: key }),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: "input" });
    expect(requests).toHaveLength(0);
  });

  it("of this site does what its key does", async () => {
    const { jira, sent } = fakeJira(deployment, {
      "GET {root}/issue/{}": { id: "1", key: "PROJ-1", fields: {} },
      "DELETE {root}/issue/{}": undefined,
    });
    await jira.issues.delete("https://example.test/browse/PROJ-1", false);
    expect(sent()).toContain("DELETE {root}/issue/PROJ-1");
  });
});
