import { describe, expect, it } from "vitest";
import { people } from "../../people.ts";
import type { SandboxDeployment } from "../../types.ts";
import type { Call } from "../call.ts";
import { JiraRefusal } from "../refusal.ts";
import { createJiraWorld } from "../seed/seed.ts";
import { findIssue } from "../world.ts";
import { problemsOf, searchIssues } from "./search.ts";

// A Wednesday; local midnight in Berlin (UTC+1) is at 23:00 UTC the day before.
const now = new Date("2026-03-11T12:00:00Z");

function callAs(deployment: SandboxDeployment, user = 0): Call {
  const world = createJiraWorld({ deployment, users: people, now: () => now, indexLagMs: 0 });
  const person = people[user];
  if (person === undefined) throw new Error(`no user ${user}`);
  return {
    world,
    user: person,
    deployment,
    api: "http://site/rest/api/3",
    site: "http://site",
    format: deployment === "cloud" ? "adf" : "wiki",
    params: {},
    query: new URLSearchParams(),
    json: undefined,
    headers: {},
    body: Buffer.alloc(0),
  };
}

const cloud = callAs("cloud");
const dataCenter = callAs("datacenter");

async function keys(jql: string, call = cloud): Promise<string[]> {
  return (await searchIssues(call, jql)).map(({ key }) => key);
}

async function sorted(jql: string, call = cloud): Promise<string> {
  return (await keys(`${jql} ORDER BY key`, call)).join(" ");
}

describe("JQL on fields with fixed values", () => {
  it.each([
    ["project = OPS AND type = Incident", "OPS-2 OPS-7"],
    ["project = 'Web shop' AND type = epic", "SHOP-1 SHOP-2 SHOP-3"],
    ["project in (OPS, 10001) AND priority = Highest", "APP-4 OPS-2"],
    [
      "project = SHOP AND status not in (Done, 'To Do')",
      "SHOP-1 SHOP-2 SHOP-6 SHOP-8 SHOP-9 SHOP-11 SHOP-22",
    ],
    ["project = APP AND statusCategory = Done", "APP-2 APP-7 APP-9 APP-10 APP-12"],
    ["resolution = 'Won''t Do'", undefined],
    ['resolution = "Won\'t Do"', "APP-10 SHOP-21"],
    ["project = SEC AND resolution = Unresolved", "SEC-1 SEC-2 SEC-5 SEC-6 SEC-7 SEC-8"],
    ["component = Basket", "SHOP-9 SHOP-16"],
    ["component is not EMPTY AND component not in (Search, Checkout)", "SHOP-9 SHOP-16"],
    ["labels = SEARCH AND fixVersion = 1.1", "SHOP-13 SHOP-14"],
    ["affectedVersion = '1.0'", "SHOP-16 SHOP-17"],
    ["fixVersion in unreleasedVersions() AND type = Bug", "SHOP-9"],
    ["Severity = Critical", "APP-4 OPS-2 SEC-2 SHOP-9"],
    ["cf[10040] = Minor AND project = SHOP", "SHOP-10 SHOP-17"],
    ["'Product area' = 'Returns'", "OPS-9"],
    ["key in (shop-2, SHOP-1)", "SHOP-1 SHOP-2"],
    ["project = APP AND key > APP-10", "APP-11 APP-12"],
    ["parent = SHOP-6", "SHOP-7 SHOP-8"],
    ["issue in linkedIssues(SHOP-15, 'is blocked by')", "OPS-3 SHOP-9"],
    ["type in subtaskIssueTypes() AND status = Done", "APP-9 OPS-5 SHOP-7"],
    ["project = SHOP AND priority > High", "SHOP-9"],
    ["project = SHOP AND priority <= Low AND status != Done", "SHOP-3"],
  ])("%s", async (jql, expected) => {
    if (expected === undefined) expect(await problemsOf(cloud, jql)).not.toEqual([]);
    else expect(await sorted(jql)).toBe(expected);
  });

  it("leaves out empty fields from both = and !=", async () => {
    const all = (await keys("project = APP")).length;
    const equal = (await keys("project = APP AND labels = crash")).length;
    const unequal = (await keys("project = APP AND labels != crash")).length;
    const empty = (await keys("project = APP AND labels is EMPTY")).length;
    expect([equal, equal + unequal + empty]).toEqual([1, all]);
  });
});

describe("JQL on people", () => {
  it("knows the caller", async () => {
    const { length } = await keys("reporter = currentUser()");
    expect(length).toBeGreaterThan(3);
    expect(await sorted("assignee = currentUser() AND project = SEC")).toBe("SEC-1 SEC-4");
  });

  it("names people as the deployment does", async () => {
    expect(await sorted("project = OPS AND assignee = 5b10a2844c20165700ede207")).toBe("OPS-8");
    expect(await sorted("project = OPS AND assignee = grace", dataCenter)).toBe("OPS-8");
    expect(await problemsOf(cloud, "assignee = grace")).toEqual([
      "The value 'grace' does not exist for the field 'assignee'.",
    ]);
  });

  it("finds members of a group, watchers and empty assignees", async () => {
    expect(
      await sorted(
        "project = OPS AND assignee in membersOf('jira-software-users') AND assignee is EMPTY",
      ),
    ).toBe("");
    expect(await sorted("key = SHOP-4 AND watcher = currentUser()")).toBe("SHOP-4");
    expect(await sorted("project = OPS AND assignee is EMPTY")).toBe("OPS-9 OPS-12 OPS-13");
  });
});

describe("JQL on texts", () => {
  it.each([
    ["summary ~ basket", "SHOP-9 SHOP-19"],
    ["summary ~ baskets", "SHOP-9 SHOP-19"],
    ["summary ~ 'pen*'", "SEC-1"],
    ["summary ~ '\"empty after\"'", "SHOP-9"],
    ["summary ~ '\"after empty\"'", ""],
    ["description ~ 'session tent'", ""],
    ["comment ~ 'session'", "SHOP-9"],
    ["text ~ 'session tent'", "SHOP-9"],
    ["project = SEC AND description ~ link", "SEC-2"],
    ["project = SEC AND description is EMPTY AND summary !~ report AND type = Task", "SEC-4 SEC-5"],
  ])("%s", async (jql, expected) => {
    expect(await sorted(jql)).toBe(expected);
    expect(await sorted(jql, dataCenter)).toBe(expected);
  });
});

describe("JQL on dates and numbers", () => {
  it.each([
    ["created >= -2d", "OPS-7"],
    ["created > '2026-03-10'", "OPS-7"],
    ["created > '2026-03-10 10:00'", ""],
    ["project = SHOP AND created > -2w", "SHOP-9 SHOP-15 SHOP-20"],
    ["project = SHOP AND created > '-1w 3d'", "SHOP-15 SHOP-20"],
    ["due < startOfDay()", "OPS-8 SHOP-9"],
    ["due < now() AND due >= startOfMonth()", "OPS-8 SHOP-9"],
    ["due <= endOfWeek() AND due > startOfDay()", "OPS-3"],
    ["project = SHOP AND due >= startOfDay('5d') AND due < startOfMonth(1)", "SHOP-6 SHOP-15"],
    ["resolved >= startOfYear() AND project = SEC", "SEC-3 SEC-4"],
    ["'Story Points' >= 8 AND project = SHOP", "SHOP-6 SHOP-18 SHOP-19"],
    ["cf[10026] is EMPTY AND type = Story AND project = SHOP", "SHOP-21"],
    ["timespent > 0 AND project = SHOP", "SHOP-4 SHOP-6 SHOP-9"],
    ["originalEstimate = 57600", "SHOP-6"],
  ])("%s", async (jql, expected) => {
    expect(await sorted(jql)).toBe(expected);
  });

  it("reads dates in the time zone of the caller", async () => {
    const atMidnight = findIssue(cloud.world, cloud.user, "OPS-7")?.created.toISOString();
    expect(atMidnight).toBe("2026-03-10T08:42:00.000Z");
    const newYork = { ...cloud, user: people[1] };
    expect(await keys("key = OPS-7 AND created < '2026-03-10 09:43'")).toEqual(["OPS-7"]);
    expect(await keys("key = OPS-7 AND created < '2026-03-10 04:42'", newYork)).toEqual([]);
    expect(await keys("key = OPS-7 AND created < '2026-03-10 04:43'", newYork)).toEqual(["OPS-7"]);
  });
});

describe("JQL on sprints, epics and history", () => {
  it.each([
    ["sprint in openSprints() AND project = SHOP", "SHOP-6 SHOP-9 SHOP-11 SHOP-15 SHOP-22"],
    ["sprint in closedSprints()", "SHOP-4 SHOP-5 SHOP-6 SHOP-13 SHOP-14 SHOP-16"],
    ["sprint in futureSprints()", "SHOP-12 SHOP-20"],
    ["sprint = 'SHOP Sprint 1'", "SHOP-4 SHOP-5 SHOP-14"],
    ["sprint = 5 AND status = Done", "SEC-3"],
    ["status was 'In Review' AND project = SEC", "SEC-3 SEC-4 SEC-8"],
    ["project = SEC AND status was not 'In Progress'", "SEC-5 SEC-6 SEC-7"],
    ["status changed from 'In Review' to Done after -20d AND project = SHOP", "SHOP-7"],
    ["status changed by currentUser() AND project = SHOP", "SHOP-1"],
  ])("%s", async (jql, expected) => {
    expect(await sorted(jql)).toBe(expected);
  });

  it("has the epic as parent on Cloud and in its own field on Data Center", async () => {
    const expected = "SHOP-11 SHOP-12 SHOP-13 SHOP-14";
    expect(await sorted("parent = SHOP-2")).toBe(expected);
    expect(await sorted("'Epic Link' = SHOP-2", dataCenter)).toBe(expected);
    expect(await problemsOf(cloud, "'Epic Link' = SHOP-2")).toHaveLength(1);
  });
});

describe("JQL operators and order", () => {
  it("combines clauses, AND before OR", async () => {
    expect(await sorted("key = OPS-1 OR key = OPS-2 AND type = Task")).toBe("OPS-1");
    expect(await sorted("project = OPS AND NOT (type in (Task, Sub-task) OR type = Epic)")).toBe(
      "OPS-2 OPS-7",
    );
  });

  it("orders by several fields, empty ones last, newest first without an order", async () => {
    expect(
      await keys("project = OPS AND type = Task AND due is not EMPTY ORDER BY due DESC, key"),
    ).toEqual(["OPS-4", "OPS-3", "OPS-8"]);
    expect((await keys("project = OPS ORDER BY due ASC, key ASC")).slice(0, 3)).toEqual([
      "OPS-8",
      "OPS-3",
      "OPS-4",
    ]);
    expect((await keys("project = SEC ORDER BY priority DESC, key"))[0]).toBe("SEC-2");
    expect((await keys("project = OPS"))[0]).toBe("OPS-7");
  });

  it("shows nobody a project that does not exist for them", async () => {
    const ben = callAs("cloud", 1);
    expect(await keys("project = SEC", ben)).toEqual([]);
    expect(await keys("text ~ password", ben)).toEqual(["SHOP-4"]);
    expect(await problemsOf(callAs("datacenter", 1), "project = SEC")).toEqual([
      "The value 'SEC' does not exist for the field 'project'.",
    ]);
  });
});

describe("JQL that does not run", () => {
  it.each([
    ["project = NOPE", "The value 'NOPE' does not exist for the field 'project'."],
    ["universe = 42", "Field 'universe' does not exist or you do not have permission to view it."],
    ["key = NOPE-1", "An issue with key 'NOPE-1' does not exist for field 'key'."],
    ["status ~ Done", "The operator '~' is not supported by the 'status' field."],
    ["summary = login", "The operator '=' is not supported by the 'summary' field."],
    ["labels was x", "The operator 'was' is not supported by the 'labels' field."],
    ["assignee = boss()", "Unable to find JQL function 'boss()'."],
    [
      "project =",
      "Error in the JQL Query: Expecting either a value, list or function before the end of the query.",
    ],
    [
      "type = Bug priority = High",
      "Error in the JQL Query: Expecting either 'OR' or 'AND' but got 'priority'. (line 1, character 12)",
    ],
    ["timespent > many", "Value 'many' is invalid for the 'timespent' field. It must be a number."],
    [
      "project = SHOP ORDER BY nothing",
      "Field 'nothing' does not exist or you do not have permission to view it.",
    ],
    [
      "project = SHOP ORDER BY key, status, created, updated, due, priority, assignee, reporter",
      "The maximum number of ORDER BY fields is 7.",
    ],
  ])("%s", async (jql, message) => {
    expect(await problemsOf(cloud, jql)).toEqual([message]);
    const refused = await searchIssues(cloud, jql).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(JiraRefusal);
    expect(refused).toMatchObject({ answer: { status: 400, json: { errorMessages: [message] } } });
  });

  it("names every problem at once", async () => {
    expect(await problemsOf(cloud, "project = A OR created > yesterday OR x = 1")).toHaveLength(3);
  });

  it("needs a restriction where the caller says so", async () => {
    const search = searchIssues(cloud, "ORDER BY created", { mustBeBounded: true });
    await expect(search).rejects.toMatchObject({ answer: { status: 400 } });
    expect(await keys("ORDER BY created")).toHaveLength(55);
  });
});
