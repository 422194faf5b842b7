import { describe, expect, it } from "vitest";
import { fakeJira, fieldList, jiraSites, siteError, storedText } from "../../test/fakes/jira.ts";
import type { GetIssueOptions } from "./get-issue.ts";

const ask: GetIssueOptions = { key: "PROJ-1", fields: ["summary"] };

describe.each(jiraSites)("reading an issue on $deployment", ({ deployment }) => {
  const raw = (fields: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
    "GET {root}/field": fieldList,
    "GET {root}/issue/{}": { id: "1", key: "PROJ-1", fields, ...more },
  });
  const user = deployment === "cloud" ? { accountId: "a1" } : { name: "ada", key: "JIRAUSER1" };

  it("shows every kind of field in short, and nothing for empty ones", async () => {
    const { jira } = fakeJira(
      deployment,
      raw({
        summary: "One",
        description: storedText(deployment, "Hello"),
        status: { name: "Open", statusCategory: { name: "To Do", colorName: "blue-gray" } },
        issuetype: { name: "Bug", iconUrl: "x" },
        priority: null,
        assignee: null,
        reporter: { ...user, displayName: "Ada", avatarUrls: { "48x48": "x" } },
        labels: [],
        components: [{ name: "api" }],
        fixVersions: [{ name: "1.0" }],
        created: "2026-01-31T09:00:00.000+0100",
        timetracking: { originalEstimate: "1d" },
        attachment: [{ id: 7, filename: "a b.png", size: 3, mimeType: "image/png" }],
        issuelinks: [
          {
            id: "9",
            type: { name: "Blocks", inward: "is blocked by", outward: "blocks" },
            outwardIssue: { id: "2", key: "PROJ-2", fields: { summary: "Two" } },
          },
        ],
        customfield_10002: { value: "Red" },
      }),
    );
    await expect(jira.issues.get(ask)).resolves.toEqual({
      id: "1",
      key: "PROJ-1",
      browse_url: "https://example.test/browse/PROJ-1",
      summary: "One",
      description: expect.stringContaining("Hello"),
      status: { name: "Open", category: "To Do", color: "blue-gray" },
      issue_type: { name: "Bug" },
      assignee: { display_name: "Unassigned" },
      reporter:
        deployment === "cloud"
          ? { display_name: "Ada", account_id: "a1" }
          : { display_name: "Ada", name: "ada" },
      components: ["api"],
      fix_versions: ["1.0"],
      created: "2026-01-31T09:00:00+01:00",
      timetracking: { original_estimate: "1d" },
      attachments: [
        {
          id: "7",
          filename: "a b.png",
          size: 3,
          content_type: "image/png",
          url: "https://example.test/secure/attachment/7/a%20b.png",
        },
      ],
      issuelinks: [
        {
          id: "9",
          type: { name: "Blocks", inward: "is blocked by", outward: "blocks" },
          outward_issue: { key: "PROJ-2", id: "2", fields: { summary: "Two" } },
        },
      ],
      customfield_10002: { value: "Red" },
    });
  });

  it("reads the newest comments and tells how many there are", async () => {
    const comments = [3, 2].map((number) => ({
      id: String(number),
      body: storedText(deployment, `Comment ${number}`),
      author: { ...user, displayName: "Ada" },
      created: `2026-01-0${number}T09:00:00.000+0000`,
    }));
    const { jira, sent } = fakeJira(deployment, {
      ...raw({ summary: "One" }),
      "GET {root}/issue/{}/comment": { comments, total: 3 },
    });
    const issue = await jira.issues.get({ ...ask, isDefaultFields: true, commentLimit: 2 });
    expect(issue["comments"]).toMatchObject([
      { id: "2" },
      { id: "3", author: { display_name: "Ada" } },
    ]);
    expect(issue["comments_total"]).toBe(3);
    expect(sent()).toContain("GET {root}/issue/PROJ-1/comment?orderBy=-created&maxResults=2");
  });

  it("reads sections side by side and reports the one that failed", async () => {
    const { jira } = fakeJira(deployment, {
      ...raw({ summary: "One" }, { changelog: { total: 1, histories: [change] } }),
      "GET {root}/issue/{}/watchers": siteError("forbidden"),
      "GET {root}/issue/{}/transitions": {
        transitions: [{ id: "31", name: "Finish", to: { name: "Done" }, hasScreen: false }],
      },
      "GET {root}/issue/{}/remotelink": [{ id: 5, object: { url: "https://x.test", title: "X" } }],
      "GET {root}/issue/{}/worklog": { worklogs: [{ id: "8", timeSpent: "1h" }], total: 1 },
    });
    const include = ["watchers", "transitions", "remote_links", "worklog", "changelog", "nonsense"];
    const issue = await jira.issues.get({ ...ask, include });
    expect(issue).toMatchObject({
      transitions: [{ id: 31, name: "Finish", to_status: "Done", has_screen: false }],
      remote_links: [{ id: 5, url: "https://x.test", title: "X" }],
      worklogs: [{ id: "8", time_spent: "1h" }],
      changelogs: [{ items: [{ field: "status", from_string: "Open", to_string: "Done" }] }],
    });
    expect(issue).not.toHaveProperty("watchers");
    expect(issue["warnings"]).toEqual([
      expect.stringContaining("nonsense"),
      expect.stringContaining("watchers"),
    ]);
  });

  it("shows properties and raw expansions that were asked for", async () => {
    const { jira, sent } = fakeJira(
      deployment,
      raw({}, { properties: { flag: { on: true } }, renderedFields: { description: "<p>" } }),
    );
    const issue = await jira.issues.get({
      ...ask,
      properties: ["flag"],
      expand: ["renderedFields"],
      updateHistory: false,
    });
    expect(issue).toMatchObject({
      properties: { flag: { on: true } },
      rendered_fields: { description: "<p>" },
    });
    expect(sent().at(-1)).toContain("properties=flag&updateHistory=false");
  });

  it("tells the epic and its name", async () => {
    const epic = {
      id: "9",
      key: "PROJ-9",
      fields: { summary: "Big", issuetype: { name: "Epic" } },
    };
    const { jira } = fakeJira(deployment, {
      "GET {root}/field": fieldList,
      "GET {root}/issue/PROJ-1": {
        id: "1",
        key: "PROJ-1",
        fields: deployment === "cloud" ? { parent: epic } : { customfield_10006: "PROJ-9" },
      },
      "GET {root}/issue/PROJ-9": { ...epic, fields: { summary: "S", customfield_10007: "Big" } },
    });
    const issue = await jira.issues.get({ ...ask, isDefaultFields: true });
    expect(issue).toMatchObject({ epic_key: "PROJ-9", epic_name: "Big" });
  });

  it.each([
    ["is outside the project filter", "OPS-9", "OPS-9"],
    ["has moved out of the project filter", "PROJ-9", "OPS-7"],
  ])("tells no name of an epic that %s", async (_, epicKey, present) => {
    const stub = { id: "9", key: epicKey, fields: { issuetype: { name: "Epic" } } };
    const { jira, sent } = fakeJira(
      deployment,
      {
        "GET {root}/field": fieldList,
        "GET {root}/issue/PROJ-1": {
          id: "1",
          key: "PROJ-1",
          fields: deployment === "cloud" ? { parent: stub } : { customfield_10006: epicKey },
        },
        "GET {root}/issue/PROJ-9": { id: "9", key: present, fields: { summary: "Secret" } },
      },
      { projects: ["PROJ"] },
    );
    const issue = await jira.issues.get({ ...ask, isDefaultFields: true });
    expect(issue).toMatchObject({ epic_key: epicKey });
    expect(JSON.stringify(issue)).not.toContain("Secret");
    expect(issue).not.toHaveProperty("epic_name");
    expect(sent()).not.toContainEqual(expect.stringContaining("OPS-9"));
  });

  it("converts custom text areas and shows fields by name", async () => {
    const names = { customfield_10004: "Notes", customfield_10001: "summary" };
    const { jira } = fakeJira(
      deployment,
      raw(
        {
          summary: "One",
          customfield_10004: storedText(deployment, "Hello"),
          customfield_10001: 5,
        },
        { names },
      ),
    );
    const issue = await jira.issues.get({ ...ask, fields: ["*all"], useDisplayNames: true });
    expect(issue).toMatchObject({
      Notes: { value: expect.stringContaining("Hello"), field_id: "customfield_10004" },
      // The name is taken by a standard field: the id stays.
      customfield_10001: { value: 5, name: "summary" },
    });
  });

  it("refuses issues of other projects, whether the key says so or the answer", async () => {
    const policy = { projects: ["PROJ"] };
    const none = fakeJira(deployment, {}, policy);
    await expect(none.jira.issues.get({ ...ask, key: "OPS-1" })).rejects.toMatchObject({
      code: "forbidden",
    });
    const moved = fakeJira(
      deployment,
      {
        "GET {root}/field": fieldList,
        "GET {root}/issue/{}": { id: "1", key: "OPS-7", fields: {} },
      },
      policy,
    );
    await expect(moved.jira.issues.get({ ...ask, key: "10001" })).rejects.toMatchObject({
      code: "forbidden",
    });
  });

  it("shows the key alone of relatives in other projects, in expansions too", async () => {
    const stub = { id: "2", key: "OPS-1", fields: { summary: "Secret" } };
    const fields = { subtasks: [stub], issuelinks: [{ id: "9", type, inwardIssue: stub }] };
    const { jira } = fakeJira(
      deployment,
      raw(fields, {
        versionedRepresentations: { issuelinks: { 1: fields.issuelinks }, labels: { 1: [] } },
      }),
      { projects: ["PROJ"] },
    );
    const issue = await jira.issues.get({ ...ask, expand: ["versionedRepresentations"] });
    expect(issue).toMatchObject({
      subtasks: [{ key: "OPS-1" }],
      issuelinks: [{ inward_issue: { key: "OPS-1" } }],
      versioned_representations: { labels: { 1: [] } },
    });
    expect(JSON.stringify(issue)).not.toContain("Secret");
  });

  it("leaves out of the rendered fields what is empty", async () => {
    const renderedFields = { summary: null, description: "<p>Hello</p>" };
    const { jira } = fakeJira(deployment, raw({ summary: "One" }, { renderedFields }));
    const issue = await jira.issues.get({ ...ask, expand: ["renderedFields"] });
    expect(issue["rendered_fields"]).toEqual({ description: "<p>Hello</p>" });
  });

  it("names the issue that is missing", async () => {
    const { jira } = fakeJira(deployment, {
      "GET {root}/field": fieldList,
      "GET {root}/issue/{}": siteError("not_found"),
    });
    await expect(jira.issues.get(ask)).rejects.toMatchObject({
      code: "not_found",
      message: expect.stringContaining("PROJ-1"),
    });
  });

  it("refuses field names that several fields share", async () => {
    const { jira } = fakeJira(deployment, { "GET {root}/field": fieldList });
    await expect(jira.issues.get({ ...ask, fields: ["Team"] })).rejects.toMatchObject({
      code: "input",
      message: expect.stringContaining("customfield_10002, customfield_10003"),
    });
  });
});

const type = { name: "Blocks" };

const change = {
  created: "2026-01-31T09:00:00.000+0100",
  author: { displayName: "Ada" },
  items: [{ field: "status", fieldtype: "jira", fromString: "Open", toString: "Done" }],
};
