import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { jiraClient, type SandboxClient } from "../../../../test/fakes/sandbox-client.ts";
import { type Sandbox, startSandbox } from "../../server.ts";

let sandbox: Sandbox;
let cloud: SandboxClient;
let dataCenter: SandboxClient;
let now = new Date("2026-03-11T12:00:00Z");
beforeAll(async () => {
  sandbox = await startSandbox({ now: () => now, indexLagMs: 5000 });
  cloud = jiraClient(sandbox, "cloud");
  dataCenter = jiraClient(sandbox, "datacenter");
});
afterEach(() => sandbox.reset());
afterAll(() => sandbox.close());

const search = (body: object) => cloud("POST", "/rest/api/3/search/jql", body);

interface Found {
  readonly key: string;
}

describe("search on Cloud", () => {
  it("answers ids only unless fields are named", async () => {
    const { body } = await search({ jql: "key = SHOP-1" });
    expect(body).toEqual({ issues: [{ id: expect.any(String) }], isLast: true });
    const named = await search({ jql: "key = SHOP-1", fields: ["summary"] });
    expect(named.body.issues[0]).toMatchObject({
      key: "SHOP-1",
      fields: { summary: expect.any(String) },
    });
    expect(named.body).not.toHaveProperty("total");
  });

  it("pages by token to the last issue, each one once", async () => {
    const keys: string[] = [];
    let nextPageToken: string | undefined;
    do {
      const body: object = {
        jql: "project = SHOP ORDER BY key",
        fields: ["key"],
        maxResults: 5,
        nextPageToken,
      };
      const page = (await search(body)).body;
      keys.push(...page.issues.map(({ key }: Found) => key));
      expect(page.isLast).toBe(page.nextPageToken === undefined);
      nextPageToken = page.nextPageToken;
    } while (nextPageToken !== undefined);
    expect(keys).toEqual(Array.from({ length: 22 }, (_none, index) => `SHOP-${index + 1}`));
    expect((await search({ jql: "project = SHOP", nextPageToken: "x" })).status).toBe(400);
  });

  it("refuses unbounded queries, offsets and unknown members", async () => {
    expect((await search({ jql: "ORDER BY created" })).body.errorMessages[0]).toMatch(
      /^Unbounded JQL queries/,
    );
    expect((await search({ jql: "" })).status).toBe(400);
    expect((await search({ jql: "key = SHOP-1", startAt: 0 })).status).toBe(400);
    expect(
      (await cloud("GET", "/rest/api/3/search/jql?jql=key=SHOP-1&maxResults=many")).status,
    ).toBe(400);
  });

  it("lags behind creation until the issue is reconciled or time has passed", async () => {
    const fields = { project: { key: "OPS" }, issuetype: { name: "Task" }, summary: "Fresh" };
    const { id } = (await cloud("POST", "/rest/api/3/issue", { fields })).body;
    const found = async (reconcileIssues?: number[]) =>
      (await search({ jql: "summary ~ Fresh", reconcileIssues })).body.issues.length;
    expect([await found(), await found([Number(id)])]).toEqual([0, 1]);
    now = new Date(now.getTime() + 5000);
    expect(await found()).toBe(1);
    const many = Array.from({ length: 51 }, (_none, index) => index);
    expect((await search({ jql: "key = OPS-1", reconcileIssues: many })).status).toBe(400);
  });

  it("counts, and puts names and schemas beside the issues", async () => {
    expect(
      (await cloud("POST", "/rest/api/3/search/approximate-count", { jql: "project = OPS" })).body,
    ).toEqual({ count: 13 });
    const { body } = await cloud(
      "GET",
      "/rest/api/3/search/jql?jql=key=SHOP-1&fields=summary&expand=names,schema",
    );
    expect(body).toMatchObject({
      names: { summary: "Summary" },
      schema: { summary: { type: "string" } },
    });
    expect(body.issues[0]).not.toHaveProperty("names");
  });

  it.each(["GET", "POST"])("has removed the old search (%s)", async (method) => {
    for (const version of ["2", "3"]) {
      const { status, body } = await cloud(
        method,
        `/rest/api/${version}/search`,
        method === "POST" ? {} : undefined,
      );
      expect([status, body.errorMessages[0]]).toEqual([
        410,
        expect.stringContaining("CHANGE-2046"),
      ]);
    }
  });

  it("parses queries without running them", async () => {
    const parse = async (query: string, validation: string) =>
      (await cloud("POST", `/rest/api/3/jql/parse?validation=${validation}`, { queries: [query] }))
        .body.queries[0];
    expect(await parse("project = SHOP", "strict")).toEqual({
      query: "project = SHOP",
      structure: {
        where: {
          field: { name: "project", encodedName: "project" },
          operator: "=",
          operand: { value: "SHOP", encodedValue: "SHOP" },
        },
      },
    });
    expect(Object.keys(await parse("project = NOPE", "strict"))).toEqual(["query", "errors"]);
    expect(Object.keys(await parse("project = NOPE", "warn"))).toEqual([
      "query",
      "structure",
      "errors",
    ]);
    expect(Object.keys(await parse("project = NOPE", "none"))).toEqual(["query", "structure"]);
    expect(Object.keys(await parse("project =", "none"))).toEqual(["query", "errors"]);
  });

  it("fetches issues and histories in bulk, naming what is missing", async () => {
    const wanted = { issueIdsOrKeys: ["SHOP-4", "NONE-1"] };
    const { body } = await cloud("POST", "/rest/api/3/issue/bulkfetch", {
      ...wanted,
      fields: ["summary"],
    });
    expect(body).toMatchObject({ issues: [{ key: "SHOP-4" }], issueErrors: [{ id: "NONE-1" }] });
    const histories = async (fieldIds?: string[]) =>
      (await cloud("POST", "/rest/api/3/changelog/bulkfetch", { ...wanted, fieldIds })).body
        .issueChangeLogs[0].changeHistories.length;
    expect([await histories(), await histories(["resolution"])]).toEqual([3, 1]);
  });
});

describe("search on Data Center", () => {
  const own = (query: string) => dataCenter("GET", `/rest/api/2/search?${query}`);

  it("pages by offset and takes unbounded queries", async () => {
    const { body } = await own("jql=ORDER+BY+key&startAt=50&maxResults=10&fields=summary");
    expect(body).toMatchObject({ startAt: 50, maxResults: 10, total: 55 });
    expect(body.issues).toHaveLength(5);
    expect((await own("maxResults=0")).body).toMatchObject({ total: 55, issues: [] });
  });

  it("answers navigable fields unless some are named", async () => {
    const { fields } = (await own("jql=key=SHOP-4")).body.issues[0];
    expect(fields).toHaveProperty("summary");
    expect(fields).not.toHaveProperty("comment");
    const posted = await dataCenter("POST", "/rest/api/2/search", {
      jql: "key = SHOP-4",
      fields: ["comment"],
      maxResults: 1,
    });
    expect(Object.keys(posted.body.issues[0].fields)).toEqual(["comment"]);
  });

  it("turns problems into warnings when it is told not to validate", async () => {
    expect((await own("jql=project=NOPE")).status).toBe(400);
    const lenient = await own("jql=project=NOPE&validateQuery=false");
    expect(lenient.body).toMatchObject({
      total: 0,
      warningMessages: [expect.stringContaining("NOPE")],
    });
  });

  it("has none of the Cloud paths", async () => {
    expect(
      (await dataCenter("POST", "/rest/api/2/search/jql", { jql: "key = SHOP-1" })).status,
    ).toBe(404);
    expect((await dataCenter("GET", "/rest/api/2/project/search")).status).not.toBe(200);
  });
});
