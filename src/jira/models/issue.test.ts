import { describe, expect, it } from "vitest";
import { fakeJira, fieldList, jiraSites } from "../../../test/fakes/jira.ts";
import { issueSchema, toIssue } from "./issue.ts";

describe.each(jiraSites)("an issue of $deployment", ({ deployment }) => {
  const { dialect } = fakeJira(deployment, {}).context;
  const show = (fields: Record<string, unknown>) =>
    toIssue(issueSchema.parse({ id: "1", key: "PROJ-1", fields }), {
      dialect,
      browseBase: "https://example.test",
      definitions: fieldList,
      isInReach: (key) => key.startsWith("PROJ-"),
    });

  it("has no entry for anything empty", () => {
    const empty = { summary: "", description: null, labels: [], parent: null, timetracking: {} };
    expect(show({ ...empty, customfield_10001: null, customfield_10002: [], votes: {} })).toEqual({
      id: "1",
      key: "PROJ-1",
      browse_url: "https://example.test/browse/PROJ-1",
    });
  });

  it("shows family, files, time and links in short", () => {
    const stub = (key: string) => ({
      id: "2",
      key,
      self: "https://x",
      fields: {
        summary: "Two",
        status: { name: "Open", iconUrl: "x" },
        issuetype: { name: "Bug" },
      },
    });
    const issue = show({
      parent: stub("PROJ-2"),
      subtasks: [stub("PROJ-3")],
      issuelinks: [{ id: "9", type: { name: "Blocks" }, inwardIssue: stub("PROJ-4") }],
      worklog: { worklogs: [{ id: "5", timeSpent: "1h" }], total: 1 },
      resolution: { id: "1", name: "Done", description: "x" },
      project: { key: "PROJ", name: "Project", avatarUrls: {} },
    });
    const two = { id: "2", summary: "Two", status: "Open", issue_type: "Bug" };
    expect(issue).toMatchObject({
      parent: { key: "PROJ-2", ...two },
      subtasks: [{ key: "PROJ-3", ...two }],
      issuelinks: [{ id: "9", inward_issue: { key: "PROJ-4", fields: { summary: "Two" } } }],
      worklogs: [{ id: "5", time_spent: "1h" }],
      resolution: { id: "1", name: "Done" },
      project: { key: "PROJ", name: "Project" },
    });
    expect(JSON.stringify(issue)).not.toContain("https://x");
  });

  it("shows no more than the keys of issues out of reach", () => {
    const fields = { summary: "Secret", status: { name: "Open" }, priority: { name: "High" } };
    const epic = { ...fields, issuetype: { name: "Epic", hierarchyLevel: 1 } };
    const type = { name: "Blocks" };
    const issue = show({
      parent: { id: "2", key: "APP-1", fields: epic },
      subtasks: [{ id: "3", key: "APP-2", fields }],
      issuelinks: [
        { id: "8", type, inwardIssue: { id: "4", key: "APP-3", fields } },
        { id: "9", type, outwardIssue: { id: "5", key: "APP-4", fields } },
      ],
    });
    expect(issue).toMatchObject({
      parent: { key: "APP-1" },
      subtasks: [{ key: "APP-2" }],
      issuelinks: [
        { id: "8", inward_issue: { key: "APP-3" } },
        { id: "9", outward_issue: { key: "APP-4" } },
      ],
    });
    expect(JSON.stringify(issue)).not.toMatch(/Secret|Open|High/);
  });

  it.each([
    ["labels", "not a list"],
    ["status", { id: 1 }],
    ["issuelinks", [{ type: {} }]],
  ])("is refused with the place when %s has another form", (field, value) => {
    expect(() => show({ [field]: value })).toThrow(
      expect.objectContaining({ code: "shape", message: expect.stringContaining(field) }),
    );
  });
});
