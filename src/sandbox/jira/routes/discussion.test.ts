import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { jiraClient, type SandboxClient } from "../../../../test/fakes/sandbox-client.ts";
import { type Sandbox, startSandbox } from "../../server.ts";

let sandbox: Sandbox;
let cloud: SandboxClient;
let dataCenter: SandboxClient;
let ben: SandboxClient;
beforeAll(async () => {
  sandbox = await startSandbox({ now: () => new Date("2026-03-11T12:00:00Z") });
  cloud = jiraClient(sandbox, "cloud");
  ben = jiraClient(sandbox, "cloud", 1);
  dataCenter = jiraClient(sandbox, "datacenter");
});
afterEach(() => sandbox.reset());
afterAll(() => sandbox.close());

const issue = "/rest/api/3/issue/SHOP-6";

function adf(text: string) {
  return {
    version: 1,
    type: "doc",
    content: [{ type: "paragraph", content: [{ type: "text", text }] }],
  };
}

describe("comments", () => {
  const path = `${issue}/comment`;

  it("come oldest first, or newest first on demand, in pages", async () => {
    const ids = async (query: string) =>
      (await cloud("GET", `${path}?${query}`)).body.comments.map(({ id }: { id: string }) => id);
    const all = await ids("");
    expect(all).toHaveLength(3);
    expect(await ids("orderBy=-created")).toEqual([...all].reverse());
    expect(await ids("startAt=1&maxResults=1")).toEqual([all[1]]);
    expect((await cloud("GET", `${path}?orderBy=author`)).status).toBe(400);
  });

  it("are made, changed and deleted", async () => {
    const made = await cloud("POST", path, {
      body: adf("One"),
      properties: [{ key: "k", value: { a: 1 } }],
    });
    expect(made).toMatchObject({
      status: 201,
      body: { body: adf("One"), author: { displayName: "Ada Moreno" } },
    });
    const one = `${path}/${made.body.id}`;
    expect((await cloud("GET", `${one}?expand=properties,renderedBody`)).body).toMatchObject({
      renderedBody: "<p>One</p>",
      properties: [{ key: "k", value: { a: 1 } }],
    });
    expect((await cloud("PUT", one, { body: adf("Two") })).body.body).toEqual(adf("Two"));
    expect((await cloud("DELETE", one)).status).toBe(204);
    expect((await cloud("GET", one)).status).toBe(404);
  });

  it.each([
    ["nothing", undefined, /can not be empty/],
    ["a string", "words", /not valid/],
    ["invalid ADF", { type: "doc" }, /not valid/],
  ])("cannot be %s on version 3", async (_name, body, message) => {
    const refused = await cloud("POST", path, { body });
    expect(refused.status).toBe(400);
    expect(refused.body.errors.comment).toMatch(message);
  });

  it("are strings on Data Center and on version 2 of Cloud", async () => {
    const own = await dataCenter("POST", "/rest/api/2/issue/SHOP-6/comment", { body: "*Hi*" });
    expect(own.body.body).toBe("*Hi*");
    expect(
      (await dataCenter("POST", "/rest/api/2/issue/SHOP-6/comment", { body: adf("x") })).status,
    ).toBe(400);
    const wiki = await cloud("POST", "/rest/api/2/issue/SHOP-6/comment", { body: "*Hi*" });
    const stored = (await cloud("GET", `${path}/${wiki.body.id}`)).body.body;
    expect(stored.content[0].content[0]).toEqual({
      type: "text",
      text: "Hi",
      marks: [{ type: "strong" }],
    });
  });

  it("may be restricted to existing roles, which others then do not see", async () => {
    const send = (value: string) =>
      cloud("POST", path, { body: adf("x"), visibility: { type: "role", value } });
    expect((await send("Nobody")).status).toBe(400);
    const made = await send("Administrators");
    expect(made.body.visibility).toMatchObject({ type: "role", value: "Administrators" });
    expect((await ben("GET", `${path}/${made.body.id}`)).status).toBe(404);
    expect((await ben("GET", path)).body.total).toBe(3);
    expect((await cloud("GET", path)).body.total).toBe(4);
  });

  it("belong to their authors, except for the administrator", async () => {
    const mine = (await cloud("POST", path, { body: adf("Ada's") })).body.id;
    expect((await ben("PUT", `${path}/${mine}`, { body: adf("Ben's") })).status).toBe(400);
    const bens = (await ben("POST", path, { body: adf("Ben's") })).body.id;
    expect(
      (await cloud("PUT", `${path}/${bens}`, { body: adf("Ada was here") })).body,
    ).toMatchObject({
      author: { displayName: "Ben Okafor" },
      updateAuthor: { displayName: "Ada Moreno" },
    });
  });

  it("are a window inside the issue", async () => {
    for (let index = 0; index < 20; index += 1)
      await cloud("POST", path, { body: adf(`${index}`) });
    const { comment } = (await cloud("GET", `${issue}?fields=comment`)).body.fields;
    expect([comment.comments.length, comment.total]).toEqual([20, 23]);
  });
});

describe("worklogs", () => {
  const path = `${issue}/worklog`;
  const remaining = async () =>
    (await cloud("GET", `${issue}?fields=timetracking`)).body.fields.timetracking
      .remainingEstimateSeconds / 3600;
  const log = (query: string, body: object = {}) =>
    cloud("POST", `${path}?${query}`, { timeSpent: "2h", ...body });

  it.each([
    ["", 5],
    ["adjustEstimate=auto", 5],
    ["adjustEstimate=leave", 7],
    ["adjustEstimate=new&newEstimate=1d", 8],
    ["adjustEstimate=manual&reduceBy=3h", 4],
  ])("move the remaining estimate (%s)", async (query, hours) => {
    expect(await remaining()).toBe(7);
    expect((await log(query)).status).toBe(201);
    expect(await remaining()).toBe(hours);
  });

  it.each([
    ["adjustEstimate=new", {}],
    ["adjustEstimate=manual&reduceBy=soon", {}],
    ["adjustEstimate=nonsense", {}],
    ["", { timeSpent: "a while" }],
    ["", { timeSpent: undefined }],
    ["", { started: "2026-03-01T10:00:00.000Z" }],
    ["", { started: "2026-03-01T10:00:00.000+01:00" }],
    ["", { comment: "words" }],
  ])("refuse %s %j and leave everything as it was", async (query, body) => {
    expect((await log(query, body)).status).toBe(400);
    expect((await cloud("GET", path)).body.total).toBe(2);
    expect(await remaining()).toBe(7);
  });

  it("keep start, comment and duration, and change them", async () => {
    const made = await log("", { started: "2026-03-01T10:00:00.000+0100", comment: adf("Work") });
    expect(made.body).toMatchObject({
      started: "2026-03-01T09:00:00.000+0000",
      timeSpent: "2h",
      timeSpentSeconds: 7200,
      comment: adf("Work"),
    });
    const one = `${path}/${made.body.id}`;
    expect((await cloud("PUT", one, { timeSpentSeconds: 3600 })).body).toMatchObject({
      timeSpent: "1h",
      comment: adf("Work"),
    });
    expect(await remaining()).toBe(6);
    expect((await cloud("DELETE", one)).status).toBe(204);
    expect(await remaining()).toBe(7);
    expect((await cloud("GET", one)).status).toBe(404);
  });

  it("are filtered by start on Cloud and listed whole on Data Center", async () => {
    const after = Date.parse("2026-03-05T00:00:00Z");
    expect((await cloud("GET", `${path}?startedAfter=${after}`)).body.total).toBe(1);
    expect((await dataCenter("GET", "/rest/api/2/issue/SHOP-6/worklog")).body).toMatchObject({
      total: 2,
    });
  });
});

describe("watchers", () => {
  const path = `${issue}/watchers`;

  it("are named by account id or login", async () => {
    const emi = sandbox.users[5];
    const count = async (as = cloud, at = path) => (await as("GET", at)).body.watchCount;
    const before = await count();
    expect((await cloud("POST", path, sandbox.users[4]?.accountId)).status).toBe(204);
    expect(await count()).toBe(before + 1);
    expect((await cloud("DELETE", `${path}?accountId=${emi?.accountId}`)).status).toBe(204);
    expect(await count()).toBe(before);
    const own = "/rest/api/2/issue/SHOP-6/watchers";
    await dataCenter("DELETE", `${own}?username=emi`);
    expect(await count(dataCenter, own)).toBe(before - 1);
    expect((await cloud("POST", path, "nobody")).status).toBe(404);
    expect((await cloud("DELETE", path)).status).toBe(400);
  });

  it("become the caller without a body, and never those who cannot see the issue", async () => {
    expect((await cloud("POST", path)).status).toBe(204);
    expect((await cloud("GET", path)).body.isWatching).toBe(true);
    const hidden = await cloud(
      "POST",
      "/rest/api/3/issue/SEC-1/watchers",
      sandbox.users[1].accountId,
    );
    expect(hidden.status).toBe(404);
  });
});

describe("links", () => {
  it("read in both directions: the inward issue of the request blocks the outward one", async () => {
    const body = {
      type: { name: "Blocks" },
      inwardIssue: { key: "OPS-1" },
      outwardIssue: { key: "OPS-9" },
    };
    expect((await cloud("POST", "/rest/api/3/issueLink", body)).status).toBe(201);
    const linksOf = async (key: string) =>
      (await cloud("GET", `/rest/api/3/issue/${key}?fields=issuelinks`)).body.fields.issuelinks;
    const [link] = await linksOf("OPS-1");
    expect(link).toMatchObject({ type: { outward: "blocks" }, outwardIssue: { key: "OPS-9" } });
    expect((await linksOf("OPS-9"))[0]).toMatchObject({ inwardIssue: { key: "OPS-1" } });
    expect((await cloud("GET", `/rest/api/3/issueLink/${link.id}`)).body).toMatchObject({
      inwardIssue: { key: "OPS-1" },
      outwardIssue: { key: "OPS-9" },
    });
    await cloud("POST", "/rest/api/3/issueLink", body);
    expect(await linksOf("OPS-1")).toHaveLength(1);
    expect((await cloud("DELETE", `/rest/api/3/issueLink/${link.id}`)).status).toBe(204);
    expect(await linksOf("OPS-9")).toEqual([]);
  });

  it("need a known type and two issues the caller sees", async () => {
    const link = (type: string, from: string, to: string, as = cloud) =>
      as("POST", "/rest/api/3/issueLink", {
        type: { name: type },
        inwardIssue: { key: from },
        outwardIssue: { key: to },
      });
    expect((await link("Admires", "OPS-1", "OPS-2")).status).toBe(404);
    expect((await link("Blocks", "OPS-1", "NONE-2")).status).toBe(404);
    expect((await link("Blocks", "OPS-1", "SEC-1", ben)).status).toBe(404);
    expect((await link("Blocks", "OPS-1", "OPS-1")).status).toBe(400);
  });

  it("to the web are replaced by global id", async () => {
    const path = "/rest/api/3/issue/OPS-1/remotelink";
    const save = (title: string) =>
      cloud("POST", path, { globalId: "g", object: { title, url: "https://example.com" } });
    const first = await save("One");
    const second = await save("Two");
    expect([first.status, second.status, second.body.id]).toEqual([201, 200, first.body.id]);
    expect((await cloud("GET", path)).body).toMatchObject([
      { globalId: "g", object: { title: "Two" } },
    ]);
    expect((await cloud("GET", `${path}?globalId=none`)).status).toBe(404);
    expect((await cloud("POST", path, { object: { title: "" } })).body.errors).toEqual({
      title: "'title' is required.",
      url: "'url' is required.",
    });
    expect((await cloud("DELETE", `${path}/${first.body.id}`)).status).toBe(204);
    expect((await cloud("GET", path)).body).toEqual([]);
  });
});
