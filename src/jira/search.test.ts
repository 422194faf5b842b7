import { describe, expect, it } from "vitest";
import { inTurn } from "../../test/fakes/fake-site.ts";
import { fakeJira, fieldList, jiraSites, siteError, storedText } from "../../test/fakes/jira.ts";
import type { SearchOptions } from "./search.ts";

const ask: SearchOptions = {
  jql: "project = PROJ",
  fields: ["summary", "description"],
  limit: 10,
  startAt: 0,
  expand: [],
  useDisplayNames: false,
};

const issue = (number: number, fields: Record<string, unknown> = { summary: `S${number}` }) => ({
  id: String(number),
  key: `PROJ-${number}`,
  self: "https://api.test/1",
  fields,
});

describe.each(jiraSites)("searching on $deployment", ({ deployment, root }) => {
  const route = deployment === "cloud" ? `POST ${root}/search/jql` : `POST ${root}/search`;
  const page = (numbers: number[], from = 0, of = from + numbers.length) =>
    deployment === "cloud"
      ? {
          issues: numbers.map((number) => issue(number)),
          ...(from + numbers.length < of
            ? { nextPageToken: `t${from + numbers.length}` }
            : { isLast: true }),
        }
      : { issues: numbers.map((number) => issue(number)), startAt: from, total: of };

  it("gives key, link and the fields asked for", async () => {
    const raw = issue(1, {
      summary: "One",
      description: storedText(deployment, "Hello"),
      votes: 3,
    });
    const { jira, requests } = fakeJira(deployment, {
      [route]: { issues: [raw], startAt: 0, total: 1, isLast: true },
    });
    const result = await jira.issues.search(ask);
    expect(result).toMatchObject({ start_at: 0, max_results: 10 });
    expect(result.issues).toEqual([
      {
        id: "1",
        key: "PROJ-1",
        browse_url: "https://example.test/browse/PROJ-1",
        summary: "One",
        description: expect.stringContaining("Hello"),
      },
    ]);
    expect(requests[0]).toMatchObject({
      idempotent: true,
      json: { jql: "project = PROJ", fields: ["summary", "description"], maxResults: 10 },
    });
  });

  it("collects pages up to the limit and says how to go on", async () => {
    const range = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) => from + index);
    const { jira, requests } = fakeJira(deployment, {
      [route]: inTurn(page(range(0, 100), 0, 300), page(range(100, 50), 100, 300)),
    });
    const result = await jira.issues.search({ ...ask, limit: 150 });
    expect(result.issues).toHaveLength(150);
    expect(result.next_page_token).toBe(deployment === "cloud" ? "t150" : "150");
    expect(result.total).toBe(deployment === "cloud" ? undefined : 300);
    expect(requests.map(({ json }) => (json as { maxResults: number }).maxResults)).toEqual([
      100, 50,
    ]);
  });

  it("goes on with a page token", async () => {
    const { jira, requests } = fakeJira(deployment, { [route]: page([5], 4) });
    const token = deployment === "cloud" ? "abc" : "4";
    const result = await jira.issues.search({ ...ask, pageToken: token });
    expect(requests[0]?.json).toMatchObject(
      deployment === "cloud" ? { nextPageToken: "abc" } : { startAt: 4 },
    );
    expect(result).not.toHaveProperty("next_page_token");
  });

  it("adds the allowed projects around the whole condition", async () => {
    const { jira, requests } = fakeJira(deployment, { [route]: page([]) }, { projects: ["PROJ"] });
    await jira.issues.search({ ...ask, jql: "a = 1 OR b = 2 ORDER BY rank" });
    expect(requests[0]?.json).toMatchObject({
      jql: '(a = 1 OR b = 2) AND project IN ("PROJ") ORDER BY rank',
    });
  });

  it("lets the argument narrow the allowed projects but not widen them", async () => {
    const policy = { projects: ["PROJ", "OPS"] };
    const { jira, requests } = fakeJira(deployment, { [route]: page([]) }, policy);
    await jira.issues.search({ ...ask, jql: "a = 1", projects: ["OPS", "SECRET"] });
    expect(requests[0]?.json).toMatchObject({ jql: 'a = 1 AND project IN ("OPS")' });
    const nothing = await jira.issues.search({ ...ask, projects: ["SECRET"] });
    expect(nothing).toMatchObject({ issues: [], warnings: [expect.any(String)] });
    expect(requests).toHaveLength(1);
  });

  it("refuses JQL that does not parse instead of gluing the filter to it", async () => {
    const { jira } = fakeJira(deployment, {}, { projects: ["PROJ"] });
    await expect(jira.issues.search({ ...ask, jql: "a = 1) OR (b = 2" })).rejects.toMatchObject({
      code: "input",
    });
  });

  it("says when the operator's limit is lower than what was asked for", async () => {
    const { jira, requests } = fakeJira(deployment, { [route]: page([1]) }, { maxResults: 5 });
    const result = await jira.issues.search({ ...ask, limit: 50 });
    expect(result.warnings).toHaveLength(1);
    expect(requests[0]?.json).toMatchObject({ maxResults: 5 });
  });

  it("takes fields by name and shows them by name", async () => {
    const raw = issue(1, { customfield_10001: 5 });
    const { jira, requests } = fakeJira(deployment, {
      "GET {root}/field": fieldList,
      [route]: {
        issues: [raw],
        total: 1,
        isLast: true,
        names: { customfield_10001: "Story Points" },
      },
    });
    const result = await jira.issues.search({
      ...ask,
      fields: ["story points"],
      useDisplayNames: true,
    });
    expect(result.issues[0]).toMatchObject({
      "Story Points": { value: 5, field_id: "customfield_10001" },
    });
    expect(requests.at(-1)?.json).toMatchObject({ fields: ["customfield_10001"] });
  });

  it("passes on what the site says about wrong JQL", async () => {
    const { jira } = fakeJira(deployment, { [route]: siteError("invalid", "Field 'x' unknown") });
    await expect(jira.issues.search(ask)).rejects.toMatchObject({ code: "invalid" });
  });

  it("names the place in an answer of unknown form", async () => {
    const { jira } = fakeJira(deployment, { [route]: { issues: [{ id: 1 }], isLast: true } });
    await expect(jira.issues.search(ask)).rejects.toMatchObject({ code: "shape" });
  });
});

describe("searching without a restriction", () => {
  it.each(["", "ORDER BY created DESC"])("is refused on Cloud with a remedy: %j", async (jql) => {
    const { jira, requests } = fakeJira("cloud", {});
    await expect(jira.issues.search({ ...ask, jql })).rejects.toMatchObject({
      code: "input",
      details: { next: expect.stringContaining("condition") },
    });
    expect(requests).toHaveLength(0);
  });

  it("explains Cloud's own refusal", async () => {
    const refusal = siteError("invalid", "Unbounded JQL queries are not allowed here.");
    const { jira } = fakeJira("cloud", { "POST {root}/search/jql": refusal });
    await expect(jira.issues.search({ ...ask, jql: "text is not EMPTY" })).rejects.toMatchObject({
      code: "input",
    });
  });

  it("is left to Data Center", async () => {
    const { jira } = fakeJira("datacenter", { "POST {root}/search": { issues: [], total: 0 } });
    await expect(jira.issues.search({ ...ask, jql: "" })).resolves.toMatchObject({ total: 0 });
  });
});

describe("paging words of the other deployment", () => {
  it("refuses an offset on Cloud instead of ignoring it", async () => {
    const { jira } = fakeJira("cloud", {});
    await expect(jira.issues.search({ ...ask, startAt: 10 })).rejects.toMatchObject({
      code: "input",
      details: { fields: { start_at: expect.any(String) } },
    });
  });

  it("refuses a strange token on Data Center", async () => {
    const { jira } = fakeJira("datacenter", {});
    await expect(jira.issues.search({ ...ask, pageToken: "eyJ" })).rejects.toMatchObject({
      code: "input",
    });
  });

  it("starts at an offset on Data Center", async () => {
    const { jira, requests } = fakeJira("datacenter", {
      "POST {root}/search": { issues: [], startAt: 20, total: 3 },
    });
    await jira.issues.search({ ...ask, startAt: 20 });
    expect(requests[0]?.json).toMatchObject({ startAt: 20 });
  });
});
