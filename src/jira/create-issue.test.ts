import { describe, expect, it } from "vitest";
import { fakeJira, fieldList, jiraSites, siteError } from "../../test/fakes/jira.ts";
import type { CreateIssueOptions } from "./create-issue.ts";

const ask: CreateIssueOptions = { projectKey: "PROJ", summary: "One", issueType: "task" };

const types = [
  { id: "1", name: "Task" },
  { id: "2", name: "Epic", hierarchyLevel: 1 },
  { id: "3", name: "Sub-task", subtask: true, hierarchyLevel: -1 },
];

describe.each(jiraSites)("creating an issue on $deployment", ({ deployment }) => {
  const isCloud = deployment === "cloud";
  const onScreen = [
    { fieldId: "summary", name: "Summary", required: true, schema: { type: "string" } },
    { fieldId: "description", name: "Description", schema: { type: "string" } },
    { fieldId: "reporter", name: "Reporter", required: true, schema: { type: "user" } },
    {
      fieldId: "components",
      name: "Components",
      schema: { type: "array", items: "component" },
    },
  ];
  const ada = isCloud ? { accountId: "a1" } : { name: "ada" };
  const assigneeField = { fieldId: "assignee", name: "Assignee", schema: { type: "user" } };

  function site(screen: unknown[] = onScreen, more: Record<string, unknown> = {}, policy = {}) {
    const list = (key: string, items: unknown[]) => ({
      [isCloud ? key : "values"]: items,
      total: items.length,
    });
    return fakeJira(
      deployment,
      {
        "GET {root}/field": fieldList,
        "GET {root}/issue/createmeta/{}/issuetypes": list("issueTypes", types),
        "GET {root}/issue/createmeta/{}/issuetypes/{}": list("fields", screen),
        "POST {root}/issue": { id: "77", key: "PROJ-77", self: "https://api.test" },
        "GET {root}/issue/PROJ-77": {
          id: "77",
          key: "PROJ-77",
          fields: { summary: "One", assignee: { ...ada, displayName: "Ada" } },
        },
        "GET {root}/user": siteError("not_found"),
        "GET {root}/user/search": [{ ...ada, displayName: "Ada" }],
        ...more,
      },
      policy,
    );
  }
  const created = (requests: readonly { method: string; json: unknown }[]) =>
    requests.find(({ method }) => method === "POST")?.json;

  it("finds the type in any case and reads back what was set", async () => {
    const { jira, requests } = site();
    const result = await jira.issues.create({
      ...ask,
      components: ["api"],
      additionalFields: { "Story Points": "5" },
    });
    expect(created(requests)).toEqual({
      fields: {
        project: { key: "PROJ" },
        issuetype: { id: "1" },
        summary: "One",
        components: [{ name: "api" }],
        customfield_10001: 5,
      },
    });
    expect(result).toMatchObject({
      message: "Task PROJ-77 created.",
      issue: {
        id: "77",
        key: "PROJ-77",
        summary: "One",
        browse_url: "https://example.test/browse/PROJ-77",
      },
    });
    expect(result).not.toHaveProperty("warnings");
  });

  it("writes Markdown in the form of the site", async () => {
    const { jira, requests, context } = site();
    await jira.issues.create({ ...ask, description: "Hello" });
    const { fields } = created(requests) as { fields: Record<string, unknown> };
    expect(typeof fields["description"]).toBe(isCloud ? "object" : "string");
    expect(context.dialect.readText(fields["description"]).markdown.trim()).toBe("Hello");
  });

  it("sets an assignee who is on the screen right away", async () => {
    const { jira, requests } = site([...onScreen, assigneeField]);
    await jira.issues.create({ ...ask, assignee: "Ada" });
    expect(created(requests)).toMatchObject({ fields: { assignee: ada } });
  });

  it("sets an assignee who is not on the screen afterwards, and reports a failure", async () => {
    const works = site(onScreen, { "PUT {root}/issue/{}/assignee": undefined });
    const result = await works.jira.issues.create({ ...ask, assignee: "Ada" });
    expect(works.requests.find(({ method }) => method === "PUT")?.json).toEqual(ada);
    expect(result.warnings).toBeUndefined();
    const fails = site(onScreen, { "PUT {root}/issue/{}/assignee": siteError("forbidden") });
    const warned = await fails.jira.issues.create({ ...ask, assignee: "Ada" });
    expect(warned.warnings).toEqual([expect.stringContaining("PROJ-77 was created")]);
  });

  it("notices an assignee who was not set after all", async () => {
    const { jira } = site([...onScreen, assigneeField], {
      "GET {root}/issue/PROJ-77": { id: "77", key: "PROJ-77", fields: { assignee: null } },
    });
    const result = await jira.issues.create({ ...ask, assignee: "Ada" });
    expect(result.warnings).toHaveLength(1);
  });

  it("puts an issue under an epic, whatever the caller calls it", async () => {
    for (const name of ["parent", "epic_link", "epicKey", "Epic Link"]) {
      const { jira, requests } = site();
      await jira.issues.create({ ...ask, additionalFields: { [name]: "proj-9" } });
      const expected = isCloud ? { parent: { key: "PROJ-9" } } : { customfield_10006: "PROJ-9" };
      expect(created(requests)).toMatchObject({ fields: expected });
    }
  });

  it("wants a parent for a subtask", async () => {
    const { jira, requests } = site();
    await expect(jira.issues.create({ ...ask, issueType: "Subtask" })).rejects.toMatchObject({
      code: "input",
      details: { fields: { parent: expect.any(String) } },
    });
    await jira.issues.create({
      ...ask,
      issueType: "Subtask",
      additionalFields: { parent: { key: "PROJ-1" } },
    });
    expect(created(requests)).toMatchObject({
      fields: { issuetype: { id: "3" }, parent: { key: "PROJ-1" } },
    });
  });

  it("names an epic after its summary where the screen wants a name", async () => {
    const epicName = {
      fieldId: "customfield_10007",
      name: "Epic Name",
      required: true,
      schema: { type: "string", custom: "com.pyxis.greenhopper.jira:gh-epic-label" },
    };
    const own = site([...onScreen, epicName]);
    await own.jira.issues.create({ ...ask, issueType: "Epic" });
    expect(created(own.requests)).toMatchObject({ fields: { customfield_10007: "One" } });
    const given = site([...onScreen, epicName]);
    const additionalFields = { epic_name: "Big" };
    await given.jira.issues.create({ ...ask, issueType: "Epic", additionalFields });
    expect(created(given.requests)).toMatchObject({ fields: { customfield_10007: "Big" } });
  });

  it("lists the issue types for an unknown one", async () => {
    const { jira } = site();
    await expect(jira.issues.create({ ...ask, issueType: "Wish" })).rejects.toMatchObject({
      code: "input",
      message: expect.stringContaining("Task, Epic, Sub-task"),
    });
  });

  it("names missing required fields with what they take", async () => {
    const team = {
      fieldId: "customfield_10002",
      name: "Team",
      required: true,
      schema: { type: "option" },
      allowedValues: [{ id: "1", value: "Red" }],
    };
    const { jira, sent } = site([...onScreen, team]);
    await expect(jira.issues.create(ask)).rejects.toMatchObject({
      code: "input",
      details: { fields: { customfield_10002: "Team is required: one of Red" } },
    });
    expect(sent().some((line) => line.startsWith("POST"))).toBe(false);
  });

  it.each([{ summary: "Two" }, { project: "OPS" }, { "Issue Type": "Bug" }])(
    "refuses what has an argument of its own: %j",
    async (additionalFields) => {
      const { jira } = site([
        ...onScreen,
        { fieldId: "project", name: "Project", schema: { type: "project" } },
        { fieldId: "issuetype", name: "Issue Type", schema: { type: "issuetype" } },
      ]);
      await expect(jira.issues.create({ ...ask, additionalFields })).rejects.toMatchObject({
        code: "input",
      });
    },
  );

  it("refuses projects outside the filter, for the issue and its parent", async () => {
    const policy = { projects: ["PROJ"] };
    const { jira } = site(onScreen, {}, policy);
    await expect(jira.issues.create({ ...ask, projectKey: "OPS" })).rejects.toMatchObject({
      code: "forbidden",
    });
    const additionalFields = { parent: "OPS-1" };
    await expect(jira.issues.create({ ...ask, additionalFields })).rejects.toMatchObject({
      code: "forbidden",
    });
  });

  it("tells key and link even when reading back fails", async () => {
    const { jira } = site(onScreen, { "GET {root}/issue/PROJ-77": siteError("upstream") });
    const result = await jira.issues.create(ask);
    expect(result.issue).toMatchObject({ key: "PROJ-77", browse_url: expect.any(String) });
    expect(result.warnings).toHaveLength(1);
  });

  it("passes on what the site refuses", async () => {
    const { jira } = site(onScreen, { "POST {root}/issue": siteError("invalid") });
    await expect(jira.issues.create(ask)).rejects.toMatchObject({ code: "invalid" });
  });

  it("names the project that cannot be created in", async () => {
    const { jira } = site(onScreen, {
      "GET {root}/issue/createmeta/{}/issuetypes": siteError("not_found"),
    });
    await expect(jira.issues.create(ask)).rejects.toMatchObject({
      code: "not_found",
      message: expect.stringContaining("PROJ"),
    });
  });
});
