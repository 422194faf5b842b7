import { describe, expect, it } from "vitest";
import { testSites } from "../testing.ts";

const sites = testSites();
const list = "GET /wiki/api/v2/pages";

async function walk(
  start: string,
  viaGateway: boolean,
): Promise<{ ids: string[]; lines: string[] }> {
  const ids: string[] = [];
  const lines: string[] = [];
  for (let line: string | undefined = start; line !== undefined; ) {
    lines.push(line);
    const { json, results } = await sites.cloud(line, undefined, { viaGateway });
    ids.push(...results.map((one) => String(one.id)));
    const next: unknown = json._links?.next;
    line = next === undefined ? undefined : `GET ${String(next)}`;
  }
  return { ids, lines };
}

describe("a v2 list", () => {
  it.each([false, true])(
    "leads through all entries once, by links of the host (gateway: %s)",
    async (viaGateway) => {
      const all = await sites.cloud(`${list}?limit=250&sort=title`);
      const { ids, lines } = await walk(`${list}?limit=7&sort=title`, viaGateway);
      expect(ids).toEqual(all.results.map((one) => one.id));
      expect(lines.length).toBe(Math.ceil(ids.length / 7));
      for (const line of lines) expect(line).toMatch(/^GET \/wiki\/api\/v2\/pages\?/);
    },
  );

  it("says the next page in a header too, and nothing on the last one", async () => {
    const first = await sites.cloud(`${list}?limit=2`);
    expect(first.headers["Link"]).toBe(
      `<${first.json._links?.next}>; rel="next", <http://127.0.0.1:4000/wiki>; rel="base"`,
    );
    const last = await sites.cloud(`${list}?limit=250`);
    expect([last.headers, last.json._links]).toEqual([{}, { base: "http://127.0.0.1:4000/wiki" }]);
  });

  it("has 25 entries unless told otherwise", async () => {
    expect((await sites.cloud(list)).results).toHaveLength(25);
  });

  it.each([
    "limit=0",
    "limit=251",
    "limit=-1",
    "limit=ten",
    "cursor=abc",
    "cursor=",
    "sort=color",
    "sort=constructor",
  ])("refuses %s", async (query) => {
    expect(await sites.cloud(`${list}?${query}`)).toMatchObject({
      status: 400,
      json: { errors: [{ status: 400, code: "INVALID_REQUEST_PARAMETER" }] },
    });
  });

  it("sorts up and down", async () => {
    const up = await sites.cloud(`${list}?limit=250&sort=modified-date`);
    const down = await sites.cloud(`${list}?limit=250&sort=-modified-date`);
    const dates = up.results.map((one) => String(one.version?.createdAt));
    expect(dates).toEqual([...dates].sort());
    expect(down.results[0]?.title).toBe("Checkout API");
  });

  it("takes several ids in one value or in many", async () => {
    const [a, b] = [sites.titled("Decisions").id, sites.titled("Service map").id];
    for (const query of [`id=${a},${b}`, `id=${a}&id=${b}`]) {
      expect((await sites.cloud(`${list}?${query}`)).results).toHaveLength(2);
    }
  });
});
