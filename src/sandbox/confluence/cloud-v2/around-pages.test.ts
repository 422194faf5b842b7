import { beforeEach, describe, expect, it } from "vitest";
import { type Loose, type TestSites, testSites } from "../testing.ts";

let sites: TestSites;
beforeEach(() => {
  sites = testSites();
});

const api = "/wiki/api/v2";
const id = (title: string): string => sites.titled(title).id;
const titles = (results: readonly Loose[]): unknown[] => results.map(({ title }) => title);

describe("the tree", () => {
  it("has folders among its nodes, in their order", async () => {
    const home = id("Engineering Home");
    const direct = await sites.cloud(`GET ${api}/pages/${home}/direct-children`);
    expect(direct.results.map(({ title, type }) => [title, type])).toEqual([
      ["Architecture", "folder"],
      ["Runbooks", "folder"],
      ["Decisions", "page"],
      ["Release notes", "page"],
    ]);
    const old = await sites.cloud(`GET ${api}/pages/${home}/children`);
    expect(titles(old.results)).toEqual(["Decisions", "Release notes"]);
    expect(old.results[0]?.type).toBeUndefined();
  });

  it("goes two levels down unless told otherwise", async () => {
    const home = id("Engineering Home");
    const depths = async (query: string) => {
      const { results } = await sites.cloud(
        `GET ${api}/pages/${home}/descendants?limit=250${query}`,
      );
      return new Set(results.map(({ depth }) => depth));
    };
    expect(await depths("")).toEqual(new Set([1, 2]));
    expect(await depths("&depth=1")).toEqual(new Set([1]));
    expect((await sites.cloud(`GET ${api}/pages/${home}/descendants?depth=11`)).status).toBe(400);
  });

  it("gives the nearest ancestors from the top down", async () => {
    const at = `GET ${api}/pages/${id("Checkout API")}/ancestors`;
    expect((await sites.cloud(at)).results).toEqual([
      { id: id("Engineering Home"), type: "page" },
      { id: id("Architecture"), type: "folder" },
    ]);
    expect((await sites.cloud(`${at}?limit=1`)).results).toEqual([
      { id: id("Architecture"), type: "folder" },
    ]);
  });

  it("says what an id is, and nothing about what is hidden", async () => {
    const contentIds = [
      id("Decisions"),
      id("Runbooks"),
      id("Salary bands"),
      "1",
      Number(id("Ready for the winter sale")),
    ];
    const as = sites.world.cloud.users[1];
    const { json } = await sites.cloud(
      `POST ${api}/content/convert-ids-to-types`,
      { contentIds },
      { as },
    );
    expect(Object.values(json.results ?? {})).toEqual(
      expect.arrayContaining(["page", "folder", "blogpost", null, null]),
    );
    expect(json.results?.[id("Salary bands")]).toBeNull();
  });

  it("takes new folders and lets them go", async () => {
    const made = await sites.cloud(`POST ${api}/folders`, {
      spaceId: sites.spaceId("ENG"),
      title: "Old things",
    });
    expect(made.json).toMatchObject({ type: "folder", parentId: id("Engineering Home") });
    const path = `${api}/folders/${made.json.id}`;
    expect((await sites.cloud(`DELETE ${path}`)).status).toBe(204);
    expect((await sites.cloud(`GET ${path}`)).status).toBe(404);
  });
});

describe("versions", () => {
  it("stand newest first, with their bodies on request", async () => {
    const at = `GET ${api}/pages/${id("Checkout API")}/versions`;
    const { results } = await sites.cloud(`${at}?body-format=storage`);
    expect(results.map(({ number }) => number)).toEqual([3, 2, 1]);
    expect(results[1]).toMatchObject({
      message: "Adds the refund rule",
      page: { title: "Checkout API" },
    });
    expect(results[2]?.page?.body?.storage?.value).not.toContain("Refunds");
    const one = await sites.cloud(`${at}/2`);
    expect(one.json).toMatchObject({ number: 2, prevVersion: 1, nextVersion: 3 });
    expect((await sites.cloud(`${at}/7`)).status).toBe(404);
  });
});

describe("properties", () => {
  it("are found by key and addressed by number", async () => {
    const at = `${api}/pages/${id("Checkout API")}/properties`;
    const { results } = await sites.cloud(`GET ${at}?key=review-state`);
    expect(results).toMatchObject([{ key: "review-state", value: { reviewed: true } }]);
    const path = `${at}/${results[0]?.id}`;
    const put = (key: string, number: number) =>
      sites.cloud(`PUT ${path}`, { key, value: 5, version: { number } });
    expect((await put("review-state", 1)).status).toBe(409);
    expect((await put("renamed", 2)).status).toBe(400);
    expect((await put("review-state", 2)).json).toMatchObject({ value: 5, version: { number: 2 } });
    expect((await sites.cloud(`POST ${at}`, { key: "review-state", value: 1 })).status).toBe(409);
    expect((await sites.cloud(`DELETE ${path}`)).status).toBe(204);
    expect((await sites.cloud(`GET ${path}`)).status).toBe(404);
    expect((await sites.cloud(`GET ${at}/review-state`)).status).toBe(400);
  });
});

describe("attachments", () => {
  it("have ids that start with att, and are found by name and type", async () => {
    const at = `GET ${api}/pages/${id("Checkout API")}/attachments`;
    const { results } = await sites.cloud(
      `${at}?filename=checkout-flow.pdf&mediaType=application/pdf`,
    );
    expect(results).toMatchObject([{ title: "checkout-flow.pdf", fileSize: 182_044 }]);
    expect(results[0]?.id).toMatch(/^att\d+$/);
    expect((await sites.cloud(`${at}?filename=none`)).results).toEqual([]);
  });

  it("go to the trash before they can be purged", async () => {
    const path = `${api}/attachments/${id("service-map.png")}`;
    expect((await sites.cloud(`DELETE ${path}?purge=true`)).status).toBe(400);
    expect((await sites.cloud(`DELETE ${path}`)).status).toBe(204);
    expect((await sites.cloud(`GET ${path}`)).json.status).toBe("trashed");
    expect((await sites.cloud(`DELETE ${path}?purge=true`)).status).toBe(204);
    expect((await sites.cloud(`GET ${path}`)).status).toBe(404);
  });
});

describe("spaces", () => {
  it("are found by key and by id, as far as one may see them", async () => {
    const byKey = await sites.cloud(`GET ${api}/spaces?keys=ENG,HR,NONE`);
    expect(byKey.results.map(({ key }) => key)).toEqual(["ENG", "HR"]);
    const as = sites.world.cloud.users[1];
    const some = await sites.cloud(`GET ${api}/spaces`, undefined, { as });
    expect(some.results.map(({ key }) => key)).toEqual(["ENG", "SHOP", "~ada"]);
    const hidden = `GET ${api}/spaces/${sites.spaceId("HR")}`;
    expect((await sites.cloud(hidden, undefined, { as })).status).toBe(404);
    expect((await sites.cloud(hidden)).json).toMatchObject({
      key: "HR",
      homepageId: id("People Home"),
    });
  });

  it("are sorted and narrowed by type", async () => {
    const keys = async (query: string) =>
      (await sites.cloud(`GET ${api}/spaces?${query}`)).results.map(({ key }) => key);
    expect(await keys("sort=-key&type=global")).toEqual(["SHOP", "HR", "ENG"]);
    expect(await keys("type=personal")).toEqual(["~ada"]);
    expect(await keys("status=archived")).toEqual([]);
    expect((await sites.cloud(`GET ${api}/spaces?type=team`)).status).toBe(400);
  });

  it("list their pages and blog posts, and labels theirs", async () => {
    const at = `GET ${api}/spaces/${sites.spaceId("SHOP")}`;
    expect(titles((await sites.cloud(`${at}/pages?depth=root`)).results)).toEqual([
      "Storefront Home",
    ]);
    expect(titles((await sites.cloud(`${at}/blogposts`)).results)).toEqual([
      "Ready for the winter sale",
    ]);
    const label = sites.titled("Checkout API").labels.find(({ name }) => name === "checkout");
    const labelled = await sites.cloud(`GET ${api}/labels/${label?.id}/pages?sort=title`);
    expect(titles(labelled.results)).toEqual(["Checkout API", "Checkout redesign"]);
  });
});

describe("people in bulk", () => {
  it("are those who exist, with whether they still work here", async () => {
    const { users } = sites.world.cloud;
    const accountIds = ["nobody", ...users.map(({ accountId }) => accountId)];
    const { results } = await sites.cloud(`POST ${api}/users-bulk`, { accountIds });
    expect(results).toHaveLength(users.length);
    expect(results.at(-1)?.accountStatus).toBe("inactive");
    expect((await sites.cloud(`POST ${api}/users-bulk`, { accountIds: [] })).status).toBe(400);
  });
});
