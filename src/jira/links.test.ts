import { describe, expect, it } from "vitest";
import { bodyOf, fakeJira, jiraSites, siteError } from "../../test/fakes/jira.ts";

const issueLinkTypes = [
  { id: "1", name: "Blocks", inward: "is blocked by", outward: "blocks", self: "https://x" },
  { id: "2", name: "Relates", inward: "relates to", outward: "relates to" },
];

describe.each(jiraSites)("links on $deployment", ({ deployment }) => {
  const site = (more: Record<string, unknown> = {}, policy = {}) =>
    fakeJira(
      deployment,
      {
        "GET {root}/issueLinkType": { issueLinkTypes },
        "POST {root}/issueLink": undefined,
        ...more,
      },
      policy,
    );
  const link = { linkType: "blocks", inwardKey: "PROJ-1", outwardKey: "PROJ-2" };

  it("have types that are found by name or phrase", async () => {
    const { jira } = site();
    await expect(jira.links.types("BLOCKED")).resolves.toEqual([
      { id: "1", name: "Blocks", inward: "is blocked by", outward: "blocks" },
    ]);
    await expect(jira.links.types()).resolves.toHaveLength(2);
  });

  it("are made with the type in any case, and say which issue does what", async () => {
    const { jira, requests, context } = site();
    const visibility = { type: "role", value: "Developers" } as const;
    const result = await jira.links.create({ ...link, comment: "Hello", visibility });
    expect(result).toEqual({
      success: true,
      message: "PROJ-1 blocks PROJ-2.",
      link_type: "Blocks",
      inward_issue: "PROJ-1",
      outward_issue: "PROJ-2",
      url: "https://example.test/browse/PROJ-1",
    });
    const { comment, ...rest } = bodyOf(requests.at(-1));
    expect(rest).toEqual({
      type: { name: "Blocks" },
      inwardIssue: { key: "PROJ-1" },
      outwardIssue: { key: "PROJ-2" },
    });
    expect(comment).toMatchObject({ visibility });
    expect(context.dialect.readText(bodyOf({ json: comment })["body"]).markdown.trim()).toBe(
      "Hello",
    );
  });

  it("of an unknown type are refused with the types there are", async () => {
    const { jira } = site();
    const unknown = jira.links.create({ ...link, linkType: "Fights" });
    await expect(unknown).rejects.toMatchObject({
      code: "input",
      message: expect.stringContaining("Blocks (blocks / is blocked by)"),
    });
    const turned = jira.links.create({ ...link, linkType: "is blocked by" });
    await expect(turned).rejects.toMatchObject({
      details: { next: expect.stringContaining("exchanged") },
    });
  });

  it("stay inside the allowed projects at both ends", async () => {
    const { jira, sent } = site(
      { "GET {root}/issue/PROJ-1": { id: "1", key: "PROJ-1" } },
      { projects: ["PROJ"] },
    );
    for (const keys of [{ outwardKey: "OPS-1" }, { inwardKey: "OPS-1" }]) {
      await expect(jira.links.create({ ...link, ...keys })).rejects.toMatchObject({
        code: "forbidden",
      });
    }
    expect(sent()).not.toContain("POST {root}/issueLink");
  });

  it("carry no comment where only internal ones may be written", async () => {
    const { jira } = site(
      {
        "GET {root}/issue/{}": { id: "1", key: "PROJ-1" },
        "GET /rest/servicedeskapi/request/{}": { issueId: "1" },
      },
      { internalOnlyProjects: ["PROJ"] },
    );
    await expect(jira.links.create({ ...link, comment: "Hi" })).rejects.toMatchObject({
      code: "forbidden",
    });
  });

  it("refuse a visibility without a comment", async () => {
    const { jira } = site();
    const visibility = { type: "group", value: "staff" } as const;
    await expect(jira.links.create({ ...link, visibility })).rejects.toMatchObject({
      code: "input",
    });
  });

  it("name the issues when one is missing", async () => {
    const { jira } = site({ "POST {root}/issueLink": siteError("not_found") });
    await expect(jira.links.create(link)).rejects.toMatchObject({
      code: "not_found",
      message: expect.stringContaining("PROJ-2"),
    });
  });
});
