import { beforeEach, describe, expect, it } from "vitest";
import { type Asked, type TestSites, testSites } from "../testing.ts";
import { childrenOf, latest } from "../world.ts";

let sites: TestSites;
beforeEach(() => {
  sites = testSites();
});

const api = "/wiki/rest/api";
const id = (title: string): string => sites.titled(title).id;
const titles = ({ results }: Asked): unknown[] => results.map(({ title }) => title);

describe("CQL search on Cloud", () => {
  const find = (cql: string, more = "") =>
    sites.cloud(`GET ${api}/search?cql=${encodeURIComponent(cql)}${more}`);

  it("marks the found words in title and excerpt", async () => {
    const { json, results } = await find('type = page and text ~ "postgres"');
    expect(results).toMatchObject([
      {
        title: "ADR 1: @@@hl@@@Postgres@@@endhl@@@ for orders",
        entityType: "content",
        content: { type: "page", status: "current" },
        resultGlobalContainer: { title: "Engineering", displayUrl: "/spaces/ENG" },
      },
    ]);
    expect(results[0]?.excerpt).toContain("@@@hl@@@Postgres@@@endhl@@@");
    expect(json).toMatchObject({ totalSize: 1, size: 1, start: 0, limit: 25 });
    const plain = await find('text ~ "postgres" and type = page', "&excerpt=none");
    expect(plain.results[0]).toMatchObject({ title: "ADR 1: Postgres for orders", excerpt: "" });
    expect((await find("type = page", "&excerpt=some")).status).toBe(400);
  });

  it.each([false, true])(
    "pages by an opaque cursor, relative to the base (gateway: %s)",
    async (viaGateway) => {
      const found: unknown[] = [];
      let next: unknown = `/rest/api/search?cql=${encodeURIComponent("type = page order by title")}&limit=8`;
      while (next !== undefined) {
        const asked: Asked = await sites.cloud(`GET /wiki${String(next)}`, undefined, {
          viaGateway,
        });
        found.push(...titles(asked));
        next = asked.json._links?.next;
        if (next !== undefined) expect(next).toMatch(/^\/rest\/api\/search\?.*cursor=_f_/);
      }
      expect(found).toEqual(titles(await find("type = page order by title", "&limit=100")));
      expect((await find("type = page", "&cursor=x")).status).toBe(400);
    },
  );

  it("lowers the limit when bodies are expanded", async () => {
    const limit = async (expand: string) =>
      (await find("type = page", `&limit=999&expand=${expand}`)).json.limit;
    expect(await limit("content.space")).toBe(200);
    expect(await limit("content.body.storage")).toBe(50);
    expect(await limit("content.body.export_view")).toBe(25);
  });

  it("opens what is expanded", async () => {
    const { results } = await find(
      "title = 'Checkout API'",
      "&expand=content.body.storage,content.space,content.metadata.labels",
    );
    expect(results[0]?.content).toMatchObject({
      space: { key: "ENG" },
      metadata: { labels: { results: [{ name: "api" }, { name: "checkout" }] } },
    });
    expect(results[0]?.content?.body?.storage?.value).toContain("<h2>Endpoints</h2>");
    expect(results[0]?.content?.version).toBeUndefined();
  });

  it.each(["type =", "foo = 1", ""])("answers 400 for %j", async (cql) => {
    const { status, json } = await find(cql);
    expect([status, json.statusCode, json.data?.successful]).toEqual([400, 400, false]);
    if (cql !== "") expect(json.message).toContain(`Could not parse cql : ${cql}`);
  });

  it("finds people in its own search, by their fields only", async () => {
    const people = (cql: string) =>
      sites.cloud(`GET ${api}/search/user?cql=${encodeURIComponent(cql)}`);
    const found = await people('user.fullname ~ "Chloe Martin*"');
    expect(found.results.map(({ user }) => user?.displayName)).toEqual([
      "Chloe Martin",
      "Chloe Martinez",
    ]);
    expect(found.results[0]?.user?.accountId).toMatch(/^5b10/);
    expect((await people("title ~ chloe")).status).toBe(400);
  });

  it("gives content alone in content search", async () => {
    const { results } = await sites.cloud(
      `GET ${api}/content/search?cql=${encodeURIComponent("label = decision and space = ENG")}&expand=version`,
    );
    expect(results).toMatchObject([
      { title: "ADR 2: One event bus", version: { number: 1 } },
      { title: "ADR 1: Postgres for orders" },
    ]);
  });
});

describe("users on Cloud", () => {
  it("are known by account id", async () => {
    const [ada, ben] = sites.world.cloud.users;
    const me = await sites.cloud(`GET ${api}/user/current`);
    expect(me.json).toMatchObject({ accountId: ada?.accountId, type: "known" });
    expect(me.json.username).toBeUndefined();
    const one = await sites.cloud(`GET ${api}/user?accountId=${ben?.accountId}`);
    expect(one.json.displayName).toBe("Ben Okafor");
    expect((await sites.cloud(`GET ${api}/user?accountId=ben`)).status).toBe(404);
    const both = await sites.cloud(
      `GET ${api}/user/bulk?accountId=${ada?.accountId}&accountId=${ben?.accountId}`,
    );
    expect(both.results).toHaveLength(2);
  });
});

describe("label writes", () => {
  it("add one or many, in lower case and once", async () => {
    const path = `${api}/content/${id("Decisions")}/label`;
    const many = await sites.cloud(`POST ${path}`, [
      { prefix: "global", name: "One" },
      { name: "two" },
    ]);
    expect(many.results.map(({ name }) => name)).toEqual(["one", "two"]);
    const again = await sites.cloud(`POST ${path}`, { prefix: "global", name: "one" });
    expect(again.results).toHaveLength(2);
    expect((await sites.cloud(`POST ${path}`, [{ name: "not good" }])).status).toBe(400);
    expect((await sites.cloud(`POST ${path}`, [])).status).toBe(400);
  });

  it("give one label the same id everywhere", async () => {
    const added = await sites.cloud(`POST ${api}/content/${id("Decisions")}/label`, [
      { name: "runbook" },
    ]);
    expect(added.results[0]?.id).toBe(sites.titled("Restore a backup").labels[0]?.id);
  });

  it("remove by query and by path, and say when there is nothing to remove", async () => {
    const path = `${api}/content/${id("Checkout API")}/label`;
    expect((await sites.cloud(`DELETE ${path}?name=api`)).status).toBe(204);
    expect((await sites.cloud(`DELETE ${path}/checkout`)).status).toBe(204);
    expect(sites.titled("Checkout API").labels).toEqual([]);
    expect((await sites.cloud(`DELETE ${path}?name=api`)).status).toBe(404);
    expect((await sites.cloud(`DELETE ${path}`)).status).toBe(400);
  });

  it("answer 404 for content that is hidden", async () => {
    const as = sites.world.cloud.users[1];
    const path = `POST ${api}/content/${id("Salary bands")}/label`;
    const { status, json } = await sites.cloud(path, [{ name: "x" }], { as });
    expect([status, json.statusCode, json.data?.authorized]).toEqual([404, 404, false]);
  });
});

describe("moving a page", () => {
  const move = (title: string, position: string, target: string) =>
    sites.cloud(`PUT ${api}/content/${id(title)}/move/${position}/${id(target)}`);
  const below = (title: string) =>
    childrenOf(sites.world.cloud, id(title)).map((one) => latest(one).title);

  it("appends, or puts it before or after a sibling", async () => {
    expect((await move("Restore a backup", "append", "Decisions")).json).toEqual({
      pageId: id("Restore a backup"),
    });
    expect(below("Decisions").at(-1)).toBe("Restore a backup");
    await move("Restore a backup", "before", "ADR 2: One event bus");
    expect(below("Decisions").slice(0, 3)).toEqual([
      "ADR 1: Postgres for orders",
      "Restore a backup",
      "ADR 2: One event bus",
    ]);
    await move("Restore a backup", "after", "ADR 2: One event bus");
    expect(below("Decisions")[2]).toBe("Restore a backup");
  });

  it("takes everything below along to another space", async () => {
    await move("Checkout redesign", "append", "Decisions");
    expect(sites.titled("Customer interviews").spaceId).toBe(sites.spaceId("ENG"));
    expect(sites.titled("interviews.csv").spaceId).toBe(sites.spaceId("ENG"));
  });

  it("refuses circles and unknown positions", async () => {
    expect((await move("Decisions", "append", "ADR 2: One event bus")).status).toBe(400);
    expect((await move("Decisions", "append", "Decisions")).status).toBe(400);
    expect((await move("Decisions", "above", "Release notes")).status).toBe(400);
  });
});

describe("what v1 lost", () => {
  it("is gone, but what is left beside it is not", async () => {
    const page = id("Decisions");
    const gone = await sites.cloud(`GET ${api}/content/${page}`);
    expect([gone.status, gone.json.statusCode]).toEqual([410, 410]);
    expect(gone.json.message).toContain(
      "GoneException: This deprecated endpoint has been removed.",
    );
    expect((await sites.cloud(`GET ${api}/content/${page}/label`)).status).toBe(410);
    expect((await sites.cloud(`GET ${api}/content/search?cql=type=page`)).status).toBe(200);
  });
});
