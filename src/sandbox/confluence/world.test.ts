import { describe, expect, it } from "vitest";
import { people } from "../people.ts";
import { createConfluenceWorld } from "./index.ts";
import { tinyKey } from "./links.ts";
import { testNow, testSites } from "./testing.ts";
import { latest, type Site } from "./world.ts";

function outline(site: Site): unknown[] {
  return [...site.contents.values()].map((one) => [
    one.id,
    one.kind,
    one.status,
    latest(one).title,
    one.createdAt,
  ]);
}

describe("the seed", () => {
  it("is the same every time", () => {
    const [first, second] = [1, 2].map(() => createConfluenceWorld(people, () => testNow));
    expect(first?.cloud.contents).toEqual(second?.cloud.contents);
    expect(first?.datacenter.contents).toEqual(second?.datacenter.contents);
  });

  it("has the same titles on both deployments, in separate copies", async () => {
    const sites = testSites();
    const { cloud, datacenter } = sites.world;
    const titles = (site: Site) => outline(site).map((row) => (Array.isArray(row) ? row[3] : row));
    expect(titles(cloud)).toEqual(titles(datacenter));
    const before = outline(datacenter);
    await sites.cloud(`DELETE /wiki/api/v2/pages/${sites.titled("Decisions").id}`);
    expect(outline(datacenter)).toEqual(before);
  });

  it("has every kind and status of content", () => {
    const contents = [...testSites().world.cloud.contents.values()];
    const kinds = new Set(contents.map(({ kind }) => kind));
    const statuses = new Set(contents.map(({ status }) => status));
    expect([...kinds].sort()).toEqual(["attachment", "blogpost", "comment", "folder", "page"]);
    expect([...statuses].sort()).toEqual(["archived", "current", "draft", "trashed"]);
  });

  it("gives each space a home page and nothing a date to come", () => {
    const { cloud } = testSites().world;
    for (const space of cloud.spaces.values()) {
      expect(cloud.contents.get(space.homepageId ?? "")?.spaceId).toBe(space.id);
    }
    for (const content of cloud.contents.values()) {
      for (const { createdAt } of content.versions) {
        expect(Date.parse(createdAt)).toBeLessThanOrEqual(testNow.getTime());
      }
    }
  });

  it("gets by with two people", () => {
    expect(
      createConfluenceWorld(people.slice(0, 2), () => testNow).cloud.contents.size,
    ).toBeGreaterThan(30);
  });
});

describe("short links", () => {
  it.each([
    ["98305", "AYAB"],
    ["65536", "AAAB"],
    ["1", "AQ"],
    ["3604482", "AgA3"],
  ])("of page %s end in %s", (id, key) => {
    expect(tinyKey(id)).toBe(key);
  });
});
