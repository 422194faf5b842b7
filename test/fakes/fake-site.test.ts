import { describe, expect, it } from "vitest";
import { AtlassianMcpError } from "../../src/errors.ts";
import { apiPath } from "../../src/http/path.ts";
import { failWith, fakeSite, inTurn } from "./fake-site.ts";

// Made outside a test, where a site cannot fail one: the request it does not expect is the point here.
const strict = fakeSite({ routes: { "GET /rest/api/3/myself": {} } });

describe("fakeSite", () => {
  it("answers from the table and records what was sent", async () => {
    const site = fakeSite({
      routes: {
        "GET /rest/api/3/issue/{}": { key: "any" },
        "GET /rest/api/3/issue/picker": { sections: [] },
        "POST /rest/api/3/issue/{}/comment": (request: { params: readonly string[] }) =>
          request.params,
      },
    });
    const { client } = site;
    expect(await client.json({ path: apiPath`/rest/api/3/issue/${"A-1"}` })).toEqual({
      key: "any",
    });
    expect(await client.json({ path: apiPath`/rest/api/3/issue/picker` })).toEqual({
      sections: [],
    });
    expect(
      await client.json({
        method: "POST",
        path: apiPath`/rest/api/3/issue/${"A b"}/comment`,
        query: { expand: ["x", "y"], limit: 5, absent: undefined },
        json: { body: "hi", none: undefined },
        order: "A b",
      }),
    ).toEqual(["A b"]);
    expect(site.sent).toEqual([
      "GET /rest/api/3/issue/A-1",
      "GET /rest/api/3/issue/picker",
      "POST /rest/api/3/issue/A%20b/comment?expand=x&expand=y&limit=5",
    ]);
    expect(site.requests[2]).toMatchObject({
      query: { expand: ["x", "y"], limit: "5" },
      json: { body: "hi" },
      order: "A b",
    });
  });

  it("gives every caller a copy of its own", async () => {
    const fixture = { values: [1] };
    const { client } = fakeSite({ routes: { "GET /a": fixture } });
    const answer = await client.json({ path: apiPath`/a` });
    Object.assign(answer as object, { values: [] });
    expect(fixture).toEqual({ values: [1] });
  });

  it("throws errors given as answers, also those of a real answer's status", async () => {
    const { client } = fakeSite({
      routes: {
        "GET /own": new AtlassianMcpError("timeout", "slow"),
        "GET /gone": failWith(404, { errorMessages: ["Issue does not exist"] }),
      },
    });
    await expect(client.json({ path: apiPath`/own` })).rejects.toMatchObject({ code: "timeout" });
    await expect(client.json({ path: apiPath`/gone` })).rejects.toMatchObject({
      code: "not_found",
      details: { status: 404, operation: "GET /gone" },
    });
  });

  it("answers in turn", async () => {
    const { client } = fakeSite({ routes: { "GET /page": inTurn([1], () => [2]) } });
    const page = () => client.json({ path: apiPath`/page` });
    expect([await page(), await page()]).toEqual([[1], [2]]);
    await expect(page()).rejects.toThrow("No answer left for call 3: GET /page");
  });

  it("refuses a request outside the table with its text", async () => {
    const request = { method: "PUT", path: apiPath`/rest/api/3/myself`, json: { a: 1 } } as const;
    await expect(strict.client.json(request)).rejects.toThrow(
      'Unexpected request: PUT /rest/api/3/myself {"a":1}',
    );
  });

  it.fails("fails the test even when the code under test swallows the refusal", async () => {
    const { client } = fakeSite({ routes: {} });
    await client.json({ path: apiPath`/unknown` }).catch(() => undefined);
  });
});
