import { describe, expect, it } from "vitest";
import { z } from "zod";
import { fakeSite, inTurn } from "../../../../test/fakes/fake-site.ts";
import { apiPath } from "../../../http/path.ts";
import { parameterOf } from "../cursor.ts";
import { contentPath, withKind } from "./kinds.ts";
import { listAll } from "./paging.ts";

const item = z.looseObject({ id: z.string() });
const path = apiPath`/api/v2/pages`;
const page = (id: string, next?: string) => ({
  results: [{ id }],
  _links: next === undefined ? {} : { next },
});

describe("listAll", () => {
  it("rebuilds each next address from the cursor alone", async () => {
    const { client, requests } = fakeSite({
      routes: {
        "GET /api/v2/pages": inTurn(
          page("1", "/wiki/api/v2/pages?cursor=a%2Bb%3D&limit=5"),
          page("2", "https://api.example/ex/confluence/x/wiki/api/v2/pages?limit=5&cursor=c"),
          page("3"),
        ),
      },
    });
    expect(await listAll(client, path, item)).toEqual([{ id: "1" }, { id: "2" }, { id: "3" }]);
    expect(requests.map(({ query }) => query["cursor"])).toEqual([undefined, "a+b=", "c"]);
    expect(requests[0]?.query["limit"]).toBe("250");
  });

  it("stops when a site repeats a cursor, and at the bound", async () => {
    const routes = { "GET /api/v2/pages": page("1", "/x?cursor=same") };
    const repeating = fakeSite({ routes });
    expect(await listAll(repeating.client, path, item)).toHaveLength(2);
    const bounded = fakeSite({ routes });
    expect(await listAll(bounded.client, path, item, {}, 1)).toHaveLength(1);
  });

  it("names the place of an answer of unknown form", async () => {
    const { client } = fakeSite({ routes: { "GET /api/v2/pages": { results: [{}] } } });
    await expect(listAll(client, path, item)).rejects.toMatchObject({
      code: "shape",
      message: expect.stringContaining("results.0.id"),
    });
  });
});

describe("parameterOf", () => {
  it.each([
    ["/x?cursor=a", "a"],
    ["?b=1&cursor=a%3D#cursor=z", "a="],
    ["/x", undefined],
    ["/cursor=a", undefined],
    [undefined, undefined],
    [null, undefined],
  ])("of %s is %s", (link, expected) => expect(parameterOf(link, "cursor")).toBe(expected));
});

describe("kinds of content", () => {
  it("stay readable in the template while the id is hidden", () => {
    expect(contentPath("blogposts", "1/2", "/labels")).toMatchObject({
      path: "/api/v2/blogposts/1%2F2/labels",
      template: "/api/v2/blogposts/{}/labels",
    });
  });

  it("are asked for only after a 404, and other errors pass", async () => {
    const { client } = fakeSite({ routes: {} });
    const failing = withKind(client, "1", ["pages"], async () => {
      throw new TypeError("other");
    });
    await expect(failing).rejects.toThrowError(TypeError);
  });
});
