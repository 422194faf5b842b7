import { mkdir, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { basicCredentials, bearerToken } from "../../src/auth/credentials.ts";
import { createApiClient } from "../../src/http/client.ts";
import { createHttpPool, type HttpPool } from "../../src/http/pool.ts";
import { createJiraClient, type JiraPolicy } from "../../src/jira/client.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { parseArguments } from "../../src/tools/arguments.ts";
import { jiraTools } from "../../src/tools/jira/index.ts";

let sandbox: Sandbox;
let pool: HttpPool;

beforeAll(async () => {
  sandbox = await startSandbox();
  pool = createHttpPool();
});

afterAll(async () => {
  await pool.close({ force: true });
  await sandbox.close();
});

beforeEach(() => {
  sandbox.reset();
});

type Place = "cloud" | "datacenter" | "gateway";

/** Calls tools by name as the first user, through the classic address or, with a scoped OAuth token, the gateway. */
function connect(place: Place, policy: JiraPolicy = {}) {
  const [user] = sandbox.users;
  const { cloud, jiraDataCenter, gateway } = sandbox.urls;
  const browseBase = place === "datacenter" ? jiraDataCenter : cloud;
  const credentials = {
    cloud: basicCredentials(user.email, user.apiToken),
    datacenter: bearerToken(user.personalToken),
    gateway: bearerToken(sandbox.tokens.oauth.value),
  }[place];
  const api = createApiClient({
    product: "jira",
    apiBase: new URL(place === "gateway" ? `${gateway}/ex/jira/${sandbox.cloudId}` : browseBase),
    credentials,
    pool,
    timeoutMs: 10_000,
    userAgent: "mcp-atlassian/test",
  });
  const deployment = place === "datacenter" ? place : "cloud";
  const site = { product: "jira", deployment, browseBase } as const;
  const client = createJiraClient({ api, site, policy });
  return async (name: string, args: object): Promise<Loose> => {
    const tool = jiraTools.find((each) => each.name === name);
    if (tool === undefined) throw new Error(`no tool ${name}`);
    const context = { client, signal: new AbortController().signal, progress: () => {} };
    return (await tool.run(parseArguments(tool, args), context)) as Loose;
  };
}

/** A result whose parts a test looks into. */
interface Loose {
  readonly [key: string]: Loose;
  readonly [index: number]: Loose;
}

describe.each(["cloud", "datacenter", "gateway"] as const)("Jira at the %s address", (place) => {
  it("pages through a search without a gap", async () => {
    const call = connect(place);
    const all = await call("jira_search", { jql: "project = SHOP ORDER BY key", limit: 6 });
    const first = await call("jira_search", { jql: "project = SHOP ORDER BY key", limit: 4 });
    const page_token = first["next_page_token"];
    const rest = { jql: "project = SHOP ORDER BY key", limit: 2, page_token };
    const second = await call("jira_search", rest);
    const keys = (result: Loose) =>
      (result["issues"] as unknown as Loose[]).map((each) => each["key"]);
    expect([...keys(first), ...keys(second)]).toEqual(keys(all));
    expect(first["total"] === undefined).toBe(place !== "datacenter");
  });

  it("reads everything about an issue", async () => {
    const issue = await connect(place)("jira_get_issue", { issue_key: "SHOP-4", include: "all" });
    expect(issue).not.toHaveProperty("warnings");
    for (const section of ["comments", "transitions", "watchers", "worklogs", "changelogs"]) {
      expect(issue).toHaveProperty(section);
    }
    expect(issue).toMatchObject({ key: "SHOP-4", epic_key: "SHOP-1" });
    expect(JSON.stringify(issue)).not.toContain("null");
    expect(JSON.stringify(issue)).not.toContain("/rest/");
  });

  it("takes an issue from creation to deletion", async () => {
    const call = connect(place);
    const created = await call("jira_create_issue", {
      project_key: "SHOP",
      summary: "Gift wrapping",
      issue_type: "story",
      description: "Wrap it **nicely**.",
      assignee: sandbox.users[1].displayName,
      additional_fields: {
        priority: "high",
        labels: "gift,shop",
        epic_link: "SHOP-1",
        "Story Points": 3,
      },
    });
    expect(created).not.toHaveProperty("warnings");
    expect(created).toMatchObject({
      issue: {
        description: "Wrap it **nicely**.",
        assignee: { display_name: sandbox.users[1].displayName },
        priority: { name: "High" },
        labels: ["gift", "shop"],
        epic_key: "SHOP-1",
      },
    });
    const issue_key = created["issue"]?.["key"];
    const additional_fields = { parent: issue_key };
    const subtask = {
      project_key: "SHOP",
      summary: "Buy ribbon",
      issue_type: "Subtask",
      additional_fields,
    };
    await call("jira_create_issue", subtask);

    const updated = await call("jira_update_issue", {
      issue_key,
      fields: { status: "In Progress", duedate: "2027-01-31" },
      comment: "Started",
      worklog: "1h 30m",
      worklog_started: "2026-11-20T09:00:00+01:00",
      return_fields: "status,duedate",
    });
    expect(updated).toMatchObject({
      issue: { status: { name: "In Progress" }, duedate: "2027-01-31" },
      operations_failed: [],
    });
    const { worklogs } = await call("jira_get_worklog", { issue_key });
    expect(worklogs).toMatchObject([{ time_spent_seconds: 5400 }]);

    const comment = await call("jira_add_comment", { issue_key, comment: "One **moment**" });
    const edit = { issue_key, comment_id: comment["id"], body: "Two moments" };
    expect(await call("jira_edit_comment", edit)).toMatchObject({ body: "Two moments" });

    const link = { link_type: "blocks", inward_issue_key: issue_key, outward_issue_key: "SHOP-2" };
    expect(await call("jira_create_issue_link", link)).toMatchObject({ link_type: "Blocks" });

    const move = { issue_key, transition_id: "Done", comment: "Wrapped" };
    await expect(call("jira_transition_issue", move)).rejects.toMatchObject({ code: "invalid" });
    const moved = await call("jira_transition_issue", { ...move, fields: { resolution: "done" } });
    expect(moved).toMatchObject({ issue: { status: { name: "Done" } } });

    await expect(call("jira_delete_issue", { issue_key })).rejects.toMatchObject({ code: "input" });
    await call("jira_delete_issue", { issue_key, delete_subtasks: true });
    await expect(call("jira_get_issue", { issue_key })).rejects.toMatchObject({
      code: "not_found",
    });
  });

  it("attaches files and lists them on the issue", async () => {
    const filesRoot = await mkdtemp(join(tmpdir(), "jira-sandbox-"));
    onTestFinished(() => rm(filesRoot, { recursive: true }));
    await writeFile(join(filesRoot, "Größe.txt"), "drei Meter");
    await mkdir(join(filesRoot, "logs"));
    await writeFile(join(filesRoot, "logs", "large.log"), "");
    await truncate(join(filesRoot, "logs", "large.log"), 11 * 1024 * 1024);
    const call = connect(place, { filesRoot });
    const update = {
      issue_key: "SHOP-6",
      attachments: '["Größe.txt", "logs/large.log"]',
      comment: "Measured",
      return_fields: "attachment",
    };
    expect(await call("jira_update_issue", update)).toMatchObject({
      operations_performed: ["attachment: Größe.txt", "comment"],
      operations_failed: [
        {
          operation: "attachment: logs/large.log",
          code: "invalid",
          error: "The file has 11 MB; the site accepts 10 MB per file.",
        },
      ],
      issue: { attachments: [{ filename: "Größe.txt", size: 10 }] },
    });
  });

  it("sets the original estimate with a time entry and leaves the remaining one to the site", async () => {
    const call = connect(place);
    const entry = { issue_key: "SHOP-6", time_spent: "1h", original_estimate: "3d" };
    expect(await call("jira_add_worklog", entry)).toMatchObject({
      worklog: { time_spent_seconds: 3600, original_estimate_updated: true },
    });
    const read = { issue_key: "SHOP-6", fields: "timetracking" };
    expect(await call("jira_get_issue", read)).toMatchObject({
      timetracking: { original_estimate: "3d" },
    });
  });

  it("knows people, projects, fields, boards and sprints", async () => {
    const call = connect(place);
    const [, ben] = sandbox.users;
    for (const user_identifier of [ben.displayName, ben.email]) {
      const { user } = await call("jira_get_user_profile", { user_identifier });
      expect(user).toMatchObject({ display_name: ben.displayName });
    }
    expect(await call("jira_get_all_projects", {})).toContainEqual(
      expect.objectContaining({ key: "SHOP", name: "Web shop" }),
    );
    const fields = await call("jira_search_fields", { keyword: "story points" });
    expect(fields[0]).toMatchObject({ name: "Story Points" });
    const screen = { field_id: "priority", project_key: "SHOP", issue_type: "Task" };
    expect(await call("jira_get_field_options", { ...screen, values_only: true })).toContain(
      "High",
    );
    const { boards } = await call("jira_get_agile_boards", { board_name: "SHOP" });
    const board_id = boards?.[0]?.["id"];
    const sprints = await call("jira_get_sprints_from_board", { board_id, state: "closed" });
    expect(sprints).toMatchObject({
      sprints: [{ state: "closed", complete_date: expect.any(String) }, {}],
    });
  });

  it("clears the parent and lets the site choose the assignee", async () => {
    const call = connect(place);
    const issue_key = "SHOP-18";
    expect(await call("jira_get_issue", { issue_key })).toMatchObject({ epic_key: "SHOP-3" });
    const fields = { parent: null, assignee: "automatic" };
    await call("jira_update_issue", { issue_key, fields });
    const issue = await call("jira_get_issue", { issue_key });
    expect(issue).not.toHaveProperty("epic_key");
    const [{ displayName: lead }] = sandbox.users;
    expect(issue).toMatchObject({ assignee: { display_name: lead } });
    const task = { project_key: "SHOP", issue_type: "Task", summary: "Count" };
    const created = await call("jira_create_issue", { ...task, assignee: "-1" });
    expect(created).not.toHaveProperty("warnings");
    expect(created).toMatchObject({ issue: { assignee: { display_name: lead } } });
  });

  it("stays inside the allowed projects", async () => {
    const call = connect(place, { projects: ["OPS"] });
    const { issues } = await call("jira_search", {
      jql: "summary is not EMPTY OR key = SHOP-1",
      limit: 50,
    });
    const keys = (issues as unknown as Loose[]).map((each) => String(each["key"]));
    expect(new Set(keys.map((key) => key.split("-")[0]))).toEqual(new Set(["OPS"]));
    for (const issue_key of ["SHOP-1", "10001"]) {
      await expect(call("jira_get_issue", { issue_key })).rejects.toMatchObject({
        code: "forbidden",
      });
      const comment = { issue_key, body: "Hi" };
      await expect(call("jira_add_comment", comment)).rejects.toMatchObject({ code: "forbidden" });
    }
    expect(sandbox.requests.filter(({ method }) => method !== "GET").map(({ url }) => url)).toEqual(
      [expect.stringContaining("/search")],
    );
  });
});

describe.each(["cloud", "datacenter", "gateway"] as const)(
  "Jira limited to one project at the %s address",
  (place) => {
    const policy = { projects: ["SHOP"] };
    const forbidden = { code: "forbidden" };
    const epicFields = [
      "parent",
      "epic_link",
      ...(place === "datacenter" ? ["Epic Link", "customfield_10101", "cf[10101]"] : ["Parent"]),
    ];

    /** Every way to name an issue outside. */
    async function outside(): Promise<readonly unknown[]> {
      const epic = await connect(place)("jira_get_issue", { issue_key: "APP-1" });
      const id = epic["id"];
      sandbox.clearRequests();
      return ["APP-1", { key: "APP-1" }, id, { id: Number(id) }];
    }

    function writes(): string[] {
      const sent = sandbox.requests.filter(({ method }) => method !== "GET");
      return sent.map(({ method, url }) => `${method} ${url}`);
    }

    it("shows its boards and their sprints alone", async () => {
      const call = connect(place, policy);
      const { boards } = await call("jira_get_agile_boards", {});
      expect(boards).toMatchObject([{ id: 1, name: "SHOP board" }]);
      const { sprints } = await call("jira_get_sprints_from_board", { board_id: 1 });
      expect(sprints).toHaveLength(4);
      for (const board_id of [2, 3]) {
        const asked = call("jira_get_sprints_from_board", { board_id });
        await expect(asked).rejects.toMatchObject(forbidden);
      }
      const asked = call("jira_get_agile_boards", { project_key: "SEC" });
      await expect(asked).rejects.toMatchObject(forbidden);
    });

    it("finds its issues alone, with their epics and links", async () => {
      const jql = "project = APP OR key = APP-1 OR priority = High ORDER BY key";
      const { issues } = await connect(place, policy)("jira_search", { jql, limit: 50 });
      const keys = (issues as unknown as Loose[]).map((each) => String(each["key"]));
      expect(keys.length).toBeGreaterThan(0);
      expect(keys.filter((key) => !key.startsWith("SHOP-"))).toEqual([]);
    });

    it("tells no more than the key of an epic elsewhere", async () => {
      const open = connect(place);
      const issue_key = "SHOP-10";
      await open("jira_update_issue", { issue_key, fields: { parent: "APP-1" } });
      const { summary } = await open("jira_get_issue", { issue_key: "APP-1" });
      expect(await open("jira_get_issue", { issue_key })).toMatchObject({ epic_name: summary });
      sandbox.clearRequests();
      const issue = await connect(place, policy)("jira_get_issue", { issue_key });
      expect(issue).toMatchObject({ epic_key: "APP-1" });
      expect(issue).not.toHaveProperty("epic_name");
      expect(JSON.stringify(issue)).not.toContain(summary);
      expect(sandbox.requests.filter(({ url }) => url.includes("APP-1"))).toEqual([]);
    });

    it.each(epicFields)("writes no issue from elsewhere into %s", async (name) => {
      const call = connect(place, policy);
      const issue_key = "SHOP-10";
      for (const value of await outside()) {
        const fields = { [name]: value };
        const task = { project_key: "SHOP", issue_type: "Task", summary: "Count" };
        for (const [tool, args] of [
          ["jira_update_issue", { issue_key, fields }],
          ["jira_update_issue", { issue_key, additional_fields: JSON.stringify(fields) }],
          ["jira_create_issue", { ...task, additional_fields: fields }],
        ] as const) {
          await expect(call(tool, args)).rejects.toMatchObject(forbidden);
        }
      }
      expect(writes()).toEqual([]);
    });

    it("neither links nor moves by way of an issue elsewhere", async () => {
      const call = connect(place, policy);
      const field = place === "datacenter" ? "customfield_10101" : "parent";
      const issue_key = "SHOP-10";
      for (const value of await outside()) {
        const fields = { resolution: "done", [field]: value };
        const move = call("jira_transition_issue", { issue_key, transition_id: "Done", fields });
        await expect(move).rejects.toMatchObject(forbidden);
        if (typeof value !== "string") continue;
        for (const [inward_issue_key, outward_issue_key] of [
          [value, issue_key],
          [issue_key, value],
        ]) {
          const pair = { link_type: "Blocks", inward_issue_key, outward_issue_key };
          await expect(call("jira_create_issue_link", pair)).rejects.toMatchObject(forbidden);
        }
      }
      expect(writes()).toEqual([]);
    });

    it("lets everything inside it be done", async () => {
      const call = connect(place, policy);
      const issue_key = "SHOP-10";
      for (const name of epicFields) {
        await call("jira_update_issue", { issue_key, additional_fields: { [name]: null } });
        const fields = { [name]: { key: "SHOP-2" } };
        expect(await call("jira_update_issue", { issue_key, fields })).toMatchObject({
          operations_failed: [],
          issue: { epic_key: "SHOP-2" },
        });
      }
      const pair = { inward_issue_key: issue_key, outward_issue_key: "SHOP-4" };
      await call("jira_create_issue_link", { ...pair, link_type: "Blocks" });
      const fields = { resolution: "done" };
      const move = { issue_key, transition_id: "Done", fields };
      expect(await call("jira_transition_issue", move)).toMatchObject({
        issue: { status: { name: "Done" } },
      });
    });
  },
);
