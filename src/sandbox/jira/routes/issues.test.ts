import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { jiraClient, type SandboxClient } from "../../../../test/fakes/sandbox-client.ts";
import { type Sandbox, startSandbox } from "../../server.ts";

let sandbox: Sandbox;
let cloud: SandboxClient;
let dataCenter: SandboxClient;
beforeAll(async () => {
  sandbox = await startSandbox({ now: () => new Date("2026-03-11T12:00:00Z") });
  cloud = jiraClient(sandbox, "cloud");
  dataCenter = jiraClient(sandbox, "datacenter");
});
afterEach(() => sandbox.reset());
afterAll(() => sandbox.close());

function adf(text: string) {
  return {
    version: 1,
    type: "doc",
    content: [{ type: "paragraph", content: [{ type: "text", text }] }],
  };
}

const place = { project: { key: "SHOP" }, issuetype: { name: "Task" } };

async function create(fields: object, as = cloud) {
  const api = as === cloud ? "/rest/api/3" : "/rest/api/2";
  return as("POST", `${api}/issue`, { fields: { ...place, summary: "New", ...fields } });
}

async function fieldsOf(key: string, as = cloud) {
  const api = as === cloud ? "/rest/api/3" : "/rest/api/2";
  return (await as("GET", `${api}/issue/${key}`)).body.fields;
}

describe("reading an issue", () => {
  it("shows rich text in the format of the API version", async () => {
    expect((await fieldsOf("SHOP-4")).description.type).toBe("doc");
    expect((await cloud("GET", "/rest/api/2/issue/SHOP-4")).body.fields.description).toContain(
      "As a visitor",
    );
    expect((await fieldsOf("SHOP-9", dataCenter)).description).toContain("h2. Steps\n# Put a tent");
  });

  it("shows the chosen fields only", async () => {
    const get = async (query: string) =>
      Object.keys((await cloud("GET", `/rest/api/3/issue/SHOP-4?${query}`)).body.fields ?? {});
    expect(await get("fields=summary,labels")).toEqual(["summary", "labels"]);
    expect(await get("fields=*navigable,-summary")).not.toContain("summary");
    expect(await get("fields=*navigable")).not.toContain("comment");
    expect(await get("fields=-comment")).toContain("worklog");
    expect(await get("fields=nothing")).toEqual([]);
  });

  it("expands what is asked for", async () => {
    const plain = (await cloud("GET", "/rest/api/3/issue/SHOP-4")).body;
    for (const name of [
      "renderedFields",
      "names",
      "schema",
      "changelog",
      "transitions",
      "editmeta",
    ]) {
      expect(plain).not.toHaveProperty(name);
      const expanded = (await cloud("GET", `/rest/api/3/issue/SHOP-4?expand=${name}`)).body;
      expect(Object.keys(expanded[name]).length).toBeGreaterThan(0);
    }
  });

  it("has the newest change first on Cloud and last on Data Center", async () => {
    const statuses = async (as: SandboxClient, api: string) =>
      (await as("GET", `${api}/issue/SHOP-4?expand=changelog`)).body.changelog.histories.map(
        (history: { items: { toString: string }[] }) => history.items[0]?.toString,
      );
    expect(await statuses(cloud, "/rest/api/3")).toEqual(["Done", "In Review", "In Progress"]);
    expect(await statuses(dataCenter, "/rest/api/2")).toEqual(["In Progress", "In Review", "Done"]);
  });

  it("holds custom fields as each deployment stores them", async () => {
    const own = await fieldsOf("SHOP-6", dataCenter);
    expect(own.customfield_10104.at(-1)).toMatch(
      /^com\.atlassian\.greenhopper.*\[id=3,.*state=ACTIVE,/,
    );
    expect([own.customfield_10101, own.parent]).toEqual(["SHOP-1", undefined]);
    const fields = await fieldsOf("SHOP-6");
    expect(fields.customfield_10020.at(-1)).toMatchObject({ id: 3, state: "active", boardId: 1 });
    expect(fields.parent.key).toBe("SHOP-1");
    expect(fields.customfield_10041).toMatchObject({ value: "Shop", child: { value: "Checkout" } });
  });

  it.each(["NONE-1", "99999", "SHOP-999"])("does not know %s", async (key) => {
    expect(await cloud("GET", `/rest/api/3/issue/${key}`)).toMatchObject({
      status: 404,
      body: { errorMessages: ["Issue does not exist or you do not have permission to see it."] },
    });
  });

  it("hides a project from those who may not see it, links included", async () => {
    const ben = jiraClient(sandbox, "cloud", 1);
    expect((await ben("GET", "/rest/api/3/issue/SEC-1")).status).toBe(404);
    expect((await ben("GET", "/rest/api/3/project/SEC")).status).toBe(404);
    expect((await ben("GET", "/rest/agile/1.0/board/3")).status).toBe(404);
    expect(
      (await ben("GET", "/rest/api/3/issue/SHOP-1?fields=issuelinks")).body.fields.issuelinks,
    ).toEqual([]);
    expect((await fieldsOf("SHOP-1")).issuelinks).toMatchObject([
      { inwardIssue: { key: "SEC-2" } },
    ]);
  });
});

describe("creating an issue", () => {
  it("stores what was sent", async () => {
    const created = await create({
      description: adf("Words"),
      labels: ["a", "b", "a"],
      priority: { id: "1" },
      components: [{ name: "Search" }],
      fixVersions: [{ id: "10062" }],
      duedate: "2026-04-01",
      assignee: { accountId: sandbox.users[1].accountId },
      parent: { key: "SHOP-1" },
      timetracking: { originalEstimate: "1d 2h" },
      customfield_10020: 4,
      customfield_10026: 3,
      customfield_10041: { value: "Shop", child: { value: "Basket" } },
    });
    expect(created).toMatchObject({ status: 201, body: { key: "SHOP-23" } });
    expect(await fieldsOf("SHOP-23")).toMatchObject({
      description: adf("Words"),
      labels: ["a", "b"],
      priority: { name: "Highest" },
      components: [{ name: "Search" }],
      fixVersions: [{ name: "1.2" }],
      duedate: "2026-04-01",
      assignee: { displayName: "Ben Okafor" },
      reporter: { displayName: "Ada Moreno" },
      parent: { key: "SHOP-1" },
      status: { name: "To Do" },
      timetracking: { originalEstimateSeconds: 36_000, remainingEstimate: "1d 2h" },
      customfield_10020: [{ id: 4, state: "future" }],
      customfield_10026: 3,
      customfield_10041: { value: "Shop", child: { value: "Basket" } },
    });
  });

  it.each([
    ["a string where ADF is needed", { description: "words" }, "description", /Atlassian Document/],
    [
      "ADF that the schema refuses",
      { description: { type: "doc", version: 1, content: [{ type: "text" }] } },
      "description",
      /^INVALID_INPUT$/,
    ],
    [
      "an unknown field",
      { customfield_1: 1 },
      "customfield_1",
      /^Field 'customfield_1' cannot be set. It is not on the appropriate screen, or unknown.$/,
    ],
    [
      "a field of another type",
      { customfield_10040: { value: "Minor" } },
      "customfield_10040",
      /cannot be set/,
    ],
    ["no summary", { summary: null }, "summary", /^You must specify a summary of the issue.$/],
    ["a summary of two lines", { summary: "a\nb" }, "summary", /newline/],
    ["a long summary", { summary: "x".repeat(256) }, "summary", /255/],
    ["an unknown type", { issuetype: { name: "Nonsense" } }, "issuetype", /valid issue type/],
    [
      "a type the project lacks",
      { issuetype: { name: "Incident" } },
      "issuetype",
      /valid issue type/,
    ],
    ["an unknown project", { project: { key: "NOPE" } }, "project", /valid project/],
    [
      "a text for a number",
      { customfield_10026: "3" },
      "customfield_10026",
      /^Operation value must be a number$/,
    ],
    ["a label with a space", { labels: ["a b"] }, "labels", /contains spaces/],
    ["labels as text", { labels: "a" }, "labels", /^data was not an array$/],
    ["an unknown priority", { priority: { name: "Urgent" } }, "priority", /invalid/],
    [
      "an unknown component",
      { components: [{ name: "Nope" }] },
      "components",
      /^Component name 'Nope' is not valid$/,
    ],
    ["a date that is none", { duedate: "01.04.2026" }, "duedate", /^Error parsing date string/],
    ["a login on Cloud", { assignee: { name: "ben" } }, "assignee", /GDPR strict mode/],
    [
      "an assignee who has left",
      { assignee: { accountId: "5b10a2844c20165700ede207" } },
      "assignee",
      /cannot be assigned/,
    ],
    [
      "a wrong option",
      { customfield_10041: { value: "Moon" } },
      "customfield_10041",
      /^Option value 'Moon' is not valid$/,
    ],
    ["a closed sprint", { customfield_10020: 1 }, "customfield_10020", /closed sprint/],
    ["a parent of the wrong level", { parent: { key: "SHOP-4" } }, "parent", /hierarchy/],
    ["a sub-task without a parent", { issuetype: { name: "Sub-task" } }, "parentId", /parent/],
    [
      "a text that is too long",
      { description: adf("x".repeat(32_768)) },
      "description",
      /too long/,
    ],
  ])("refuses %s", async (_name, fields, field, message) => {
    const { status, body } = await create(fields);
    expect(status).toBe(400);
    expect(body.errors[field]).toMatch(message);
    expect((await cloud("GET", "/rest/api/3/issue/SHOP-23")).status).toBe(404);
  });

  it("asks Data Center's own questions there", async () => {
    const own = (fields: object) => create(fields, dataCenter);
    expect((await own({ description: adf("x") })).body.errors.description).toBe(
      "Operation value must be a string",
    );
    expect((await own({ issuetype: { name: "Epic" } })).body.errors).toEqual({
      customfield_10103: "Epic Name is required.",
    });
    expect((await own({ issuetype: { name: "Sub-task" } })).body.errors.issuetype).toMatch(
      /parent issue key or id not specified/,
    );
    expect((await own({ customfield_10101: "SHOP-4" })).body.errors.customfield_10101).toMatch(
      /must be of type 'Epic'/,
    );
    const made = await own({
      customfield_10101: "SHOP-3",
      assignee: { name: "ben" },
      description: "h1. Hi",
    });
    expect(made.status).toBe(201);
    expect(await fieldsOf(made.body.key, dataCenter)).toMatchObject({
      customfield_10101: "SHOP-3",
      description: "h1. Hi",
    });
  });

  it("requires what the type requires, and keeps the fields of team-managed projects apart", async () => {
    const incident = await create({ project: { key: "OPS" }, issuetype: { name: "Incident" } });
    expect(incident.body.errors).toEqual({ customfield_10040: "Severity is required." });
    const wrong = await create({ project: { key: "APP" }, customfield_10026: 1 });
    expect(wrong.body.errors).toHaveProperty("customfield_10026");
    expect((await create({ project: { key: "APP" }, customfield_10016: 1 })).status).toBe(201);
  });

  it("creates what it can of a bulk request", async () => {
    const issueUpdates = [{ fields: { ...place, summary: "One" } }, { fields: { ...place } }];
    const { status, body } = await cloud("POST", "/rest/api/3/issue/bulk", { issueUpdates });
    expect(status).toBe(201);
    expect(body.issues).toHaveLength(1);
    expect(body.errors).toMatchObject([
      {
        status: 400,
        failedElementNumber: 1,
        elementErrors: { errors: { summary: expect.any(String) } },
      },
    ]);
    const many = Array.from({ length: 51 }, () => issueUpdates[0]);
    expect((await cloud("POST", "/rest/api/3/issue/bulk", { issueUpdates: many })).status).toBe(
      400,
    );
  });

  it.each(["cloud", "datacenter"] as const)(
    "assigns automatically when told to on %s",
    async (deployment) => {
      const as = deployment === "cloud" ? cloud : dataCenter;
      const member = deployment === "cloud" ? "accountId" : "name";
      const made = await create({ assignee: { [member]: "-1" } }, as);
      expect(made.status).toBe(201);
      expect((await fieldsOf(made.body.key, as)).assignee.displayName).toBe("Ada Moreno");
      const other = await create({ reporter: { [member]: "-1" } }, as);
      expect(other.body.errors).toHaveProperty("reporter");
      const path = as === cloud ? "/rest/api/3/issue/APP-1" : "/rest/api/2/issue/APP-1";
      expect((await as("PUT", `${path}/assignee`, { [member]: "-1" })).status).toBe(204);
      expect((await fieldsOf("APP-1", as)).assignee.displayName).toBe("Emi Tanaka");
    },
  );

  it("takes wiki markup through version 2 of Cloud", async () => {
    const made = await cloud("POST", "/rest/api/2/issue", {
      fields: { ...place, summary: "Wiki", description: "h1. Hi" },
    });
    expect((await fieldsOf(made.body.key)).description.content[0]).toMatchObject({
      type: "heading",
      attrs: { level: 1 },
    });
  });
});

describe("changing an issue", () => {
  const path = "/rest/api/3/issue/SHOP-10";

  it("answers 204, or the issue where that is asked for, and writes the history", async () => {
    expect((await cloud("PUT", path, { fields: { summary: "Changed" } })).status).toBe(204);
    const back = await cloud("PUT", `${path}?returnIssue=true&expand=changelog`, {
      fields: { priority: { name: "Low" } },
    });
    expect(back.body.fields.summary).toBe("Changed");
    expect(back.body.changelog.histories[0].items).toEqual([
      {
        field: "priority",
        fieldId: "priority",
        fieldtype: "jira",
        from: "3",
        fromString: "Medium",
        to: "4",
        toString: "Low",
      },
    ]);
    expect(back.body.fields.updated).toBe("2026-03-11T12:00:00.000+0000");
  });

  it("adds to lists, takes from them and sets them", async () => {
    const labels = async (...operations: object[]) => {
      const answer = await cloud("PUT", path, { update: { labels: operations } });
      return answer.status === 204 ? (await fieldsOf("SHOP-10")).labels : answer.body;
    };
    expect(await labels({ add: "x" }, { add: "y" })).toEqual(["customer-report", "x", "y"]);
    expect(await labels({ remove: "x" })).toEqual(["customer-report", "y"]);
    expect(await labels({ set: ["z"] })).toEqual(["z"]);
    expect(await labels({ remove: "z" })).toEqual([]);
    expect((await labels({ twist: "z" })).errors.labels).toMatch(/not supported/);
  });

  it("edits one estimate and leaves the other alone", async () => {
    const { key } = (await create({})).body;
    const edit = async (estimates: object, verb = "edit") => {
      const update = { timetracking: [{ [verb]: estimates }] };
      const { status } = await cloud("PUT", `/rest/api/3/issue/${key}`, { update });
      return { status, ...(await fieldsOf(key)).timetracking };
    };
    expect(await edit({ originalEstimate: "3d" })).toEqual({
      status: 204,
      originalEstimate: "3d",
      originalEstimateSeconds: 86_400,
    });
    expect(await edit({ remainingEstimate: "1d" })).toMatchObject({
      originalEstimate: "3d",
      remainingEstimate: "1d",
    });
    expect(await edit({ originalEstimate: "2d" })).toMatchObject({
      originalEstimate: "2d",
      remainingEstimate: "1d",
    });
    expect(await edit({ originalEstimate: "soon" })).toMatchObject({ status: 400 });
    const labels = { labels: [{ edit: ["a"] }] };
    expect(await cloud("PUT", `/rest/api/3/issue/${key}`, { update: labels })).toMatchObject({
      status: 400,
    });
  });

  it("takes an issue out from under its parent by an operation, on Cloud", async () => {
    const none = [{ set: { none: true } }];
    const change = (key: string, body: object) => cloud("PUT", `/rest/api/3/issue/${key}`, body);
    expect((await change("SHOP-18", { fields: { parent: { none: true } } })).status).toBe(400);
    expect((await fieldsOf("SHOP-18")).parent.key).toBe("SHOP-3");
    expect((await change("SHOP-18", { update: { parent: none } })).status).toBe(204);
    expect((await fieldsOf("SHOP-18")).parent).toBeUndefined();
    expect((await change("SHOP-7", { update: { parent: none } })).body.errors).toHaveProperty(
      "parentId",
    );
    const update = { parent: none };
    const old = await dataCenter("PUT", "/rest/api/2/issue/SHOP-7", { update });
    expect(old.body.errors).toHaveProperty("parent");
  });

  it("does not take a field twice, and empties one on null unless it is required", async () => {
    const twice = await cloud("PUT", path, {
      fields: { labels: [] },
      update: { labels: [{ add: "x" }] },
    });
    expect(twice.status).toBe(400);
    await cloud("PUT", path, { fields: { components: null, description: null } });
    expect(await fieldsOf("SHOP-10")).toMatchObject({ components: [], description: null });
    expect((await cloud("PUT", path, { fields: { summary: null } })).body.errors).toHaveProperty(
      "summary",
    );
    expect(
      (await cloud("PUT", path, { fields: { status: { name: "Done" } } })).body.errors,
    ).toHaveProperty("status");
  });

  it("changes nothing when one of the fields is wrong", async () => {
    await cloud("PUT", path, { fields: { summary: "Changed", duedate: "never" } });
    expect((await fieldsOf("SHOP-10")).summary).not.toBe("Changed");
  });

  it("adds comments and links with an update", async () => {
    const links = [{ add: { type: { name: "Relates" }, outwardIssue: { key: "APP-1" } } }];
    await cloud("PUT", path, {
      update: { comment: [{ add: { body: adf("Hi") } }], issuelinks: links },
    });
    const fields = await fieldsOf("SHOP-10");
    expect(fields.comment).toMatchObject({ total: 1, comments: [{ body: adf("Hi") }] });
    expect(fields.issuelinks).toMatchObject([{ outwardIssue: { key: "APP-1" } }]);
  });

  it("assigns, unassigns and assigns automatically", async () => {
    const assign = async (accountId: unknown) => {
      const { status } = await cloud("PUT", `${path}/assignee`, { accountId });
      return [status, (await fieldsOf("SHOP-10")).assignee?.displayName];
    };
    expect(await assign(sandbox.users[4]?.accountId)).toEqual([204, "David Lindqvist"]);
    expect(await assign(null)).toEqual([204, undefined]);
    expect(await assign("-1")).toEqual([204, "Ada Moreno"]);
    expect(await assign("nobody")).toEqual([400, "Ada Moreno"]);
    expect(
      (await dataCenter("PUT", "/rest/api/2/issue/SHOP-10/assignee", { name: "emi" })).status,
    ).toBe(204);
  });

  it("deletes sub-tasks only when told to, and what pointed to the issue", async () => {
    expect((await cloud("DELETE", "/rest/api/3/issue/SHOP-6")).status).toBe(400);
    expect((await cloud("DELETE", "/rest/api/3/issue/SHOP-6?deleteSubtasks=true")).status).toBe(
      204,
    );
    expect((await cloud("GET", "/rest/api/3/issue/SHOP-7")).status).toBe(404);
    expect((await fieldsOf("SHOP-22")).issuelinks).toEqual([]);
    await cloud("DELETE", "/rest/api/3/issue/SHOP-3");
    expect((await fieldsOf("SHOP-18")).parent).toBeUndefined();
  });
});

describe("moving through the workflow", () => {
  const path = "/rest/api/3/issue/SHOP-10/transitions";
  const move = (id: string, more: object = {}) =>
    cloud("POST", path, { transition: { id }, ...more });
  const done = { fields: { resolution: { name: "Done" } } };

  it("offers what the status allows, with screens when asked", async () => {
    const list = async (query = "") => (await cloud("GET", path + query)).body.transitions;
    expect((await list()).map(({ id }: { id: string }) => id)).toEqual(["21", "41"]);
    expect((await list())[1]).not.toHaveProperty("fields");
    expect((await list("?expand=transitions.fields"))[1].fields.resolution.required).toBe(true);
    await move("21");
    expect((await list()).map(({ id }: { id: string }) => id)).toEqual(["31", "41", "51"]);
  });

  it("refuses moves that are not possible", async () => {
    expect((await move("31")).body.errorMessages).toEqual([
      "Transition id '31' is not valid for this issue.",
    ]);
    expect((await cloud("POST", path, {})).body.errorMessages).toEqual([
      "Missing 'transition' identifier",
    ]);
    expect((await move("41")).body.errors).toEqual({ resolution: "Resolution is required." });
    expect((await move("21", done)).body.errors).toHaveProperty("resolution");
  });

  it("resolves and reopens", async () => {
    expect((await move("41", done)).status).toBe(204);
    expect(await fieldsOf("SHOP-10")).toMatchObject({
      status: { name: "Done" },
      resolution: { name: "Done" },
      resolutiondate: "2026-03-11T12:00:00.000+0000",
    });
    await move("11");
    expect(await fieldsOf("SHOP-10")).toMatchObject({
      status: { name: "To Do" },
      resolution: null,
      resolutiondate: null,
    });
  });

  it("drops a comment without a word where the screen has no comment field", async () => {
    const update = { comment: [{ add: { body: adf("Hi") } }] };
    expect((await move("21", { update })).status).toBe(204);
    expect((await fieldsOf("SHOP-10")).comment.total).toBe(0);
    await move("41", { update, ...done });
    expect((await fieldsOf("SHOP-10")).comment.total).toBe(1);
  });
});

describe("properties of an issue", () => {
  const path = "/rest/api/3/issue/OPS-1/properties";

  it("are written, read with the issue and deleted", async () => {
    const put = async (key: string, value?: unknown) =>
      (await cloud("PUT", `${path}/${key}`, value)).status;
    expect([await put("a.b", { x: 1 }), await put("a.b", [2]), await put("c")]).toEqual([
      201, 200, 400,
    ]);
    expect((await cloud("GET", path)).body.keys).toMatchObject([{ key: "a.b" }]);
    expect(
      (await cloud("GET", "/rest/api/3/issue/OPS-1?properties=a.b,other")).body.properties,
    ).toEqual({ "a.b": [2] });
    expect((await cloud("GET", "/rest/api/3/issue/OPS-1?properties=*all")).body.properties).toEqual(
      { "a.b": [2] },
    );
    expect((await cloud("DELETE", `${path}/a.b`)).status).toBe(204);
    expect((await cloud("GET", `${path}/a.b`)).status).toBe(404);
    expect((await cloud("DELETE", `${path}/a.b`)).status).toBe(404);
  });
});
