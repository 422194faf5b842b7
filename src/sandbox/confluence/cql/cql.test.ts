import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { testSites } from "../testing.ts";
import { type Asker, evaluate } from "./evaluate.ts";
import { titleOf } from "./fields.ts";
import { parseCql } from "./parse.ts";
import { CqlSyntaxError, tokenize } from "./tokens.ts";

const sites = testSites();
const [ada, ben] = sites.world.cloud.users;
if (ada === undefined || ben === undefined) throw new Error("the sandbox has two people");

const asAda: Asker = { site: sites.world.cloud, user: ada };

function ask(cql: string, asker: Partial<Asker> = {}): string[] {
  return evaluate(parseCql(cql), { ...asAda, ...asker }).map(titleOf);
}

const id = (title: string): string => sites.titled(title).id;

describe("a CQL query", () => {
  it.each<[string, string[]]>([
    ['title = "checkout api"', ["Checkout API"]],
    ["title ~ checkout and type = page order by title", ["Checkout API", "Checkout redesign"]],
    ['title ~ "tent trail"', ["Trail Tent 2 launch"]],
    ['title ~ "\\"tent trail\\""', []],
    ['title ~ "\\"trail tent\\""', ["Trail Tent 2 launch"]],
    ['type = page and title ~ "road*"', ["Roadmap 2027"]],
    ['title ~ "ADR ?"', ["ADR 2: One event bus", "ADR 1: Postgres for orders"]],
    [
      'type = page and text ~ "coupon OR rotterdam" order by title',
      ["Customer interviews", "Trail Tent 2 launch"],
    ],
    ['type = page and siteSearch ~ "nobody coupon"', ["Customer interviews"]],
    ["label = runbook order by title", ["Deploy the shop", "On-call handbook", "Restore a backup"]],
    [
      "label = runbook and label != release order by title",
      ["On-call handbook", "Restore a backup"],
    ],
    ["label in (sale, 'on-call') order by id", ["On-call handbook", "Ready for the winter sale"]],
    ["type = blogpost", ["Ready for the winter sale"]],
    ["type = folder order by title desc", ["Runbooks", "Launches", "Architecture"]],
    ["type = attachment and title ~ 'interviews*'", ["interviews.csv"]],
    ["type = space order by title", ["Ada Moreno", "Engineering", "People", "Storefront"]],
    ["space = '~ada' order by title", ["Home of Ada", "Reading list"]],
    ["space.type = personal and title = 'Reading list'", ["Reading list"]],
    ["space = eng and creator = currentUser() and label = decision", []],
    [`creator = ${ben.accountId} and type = page`, ["Checkout API", "ADR 1: Postgres for orders"]],
    [
      `contributor = ${ben.accountId} and type = page order by title`,
      ["ADR 1: Postgres for orders", "Checkout API", "Deploy the shop"],
    ],
    [`mention = "${ben.accountId}" and type = page`, ["Checkout API"]],
    ["favourite = currentUser()", ["Checkout API"]],
    ["macro = jira", ["Checkout API"]],
    [
      `ancestor = ${id("Architecture")} order by title`,
      ["Checkout API", "Search index", "Service map"],
    ],
    [`parent = ${id("Release notes")} order by title`, ["Release 2026.10", "Release 2026.11"]],
    [
      `id in (${id("Decisions")}, ${id("Roadmap 2027")}) order by title`,
      ["Decisions", "Roadmap 2027"],
    ],
    [`container = ${id("Service map")}`, ["service-map.png"]],
    ['user.fullname ~ "chloe*" order by title', ["Chloe Martin", "Chloe Martinez"]],
    [
      "type = page and created >= now('-7d') order by created",
      ["2026-11-16 Weekly", "Release 2026.11"],
    ],
    ["type = page and created < '2024-12-10' and space = SHOP", ["Storefront Home"]],
    [
      "lastmodified > startOfWeek('-1w') and space = ENG and type = page order by title",
      ["Checkout API", "Release 2026.11"],
    ],
    [
      "not type = page and not (type in (comment, attachment, folder, space, user))",
      ["Ready for the winter sale"],
    ],
    [
      "type = page and title ~ 'release' AND NOT title ~ 'notes' ORDER BY created DESC, title",
      ["Release 2026.11", "Release 2026.10"],
    ],
  ])("%s", (cql, titles) => {
    expect(ask(cql)).toEqual(titles);
  });

  it("puts matching titles first, then what changed last", () => {
    const found = ask("type = page and text ~ checkout");
    expect(found.slice(0, 2)).toEqual(["Checkout API", "Checkout redesign"]);
    expect(found).toContain("Release 2026.10");
  });

  it("finds no drafts, no trash and no archived pages", () => {
    const all = ask("type = page");
    for (const title of [
      "Payment provider comparison",
      "Old deploy script",
      "Legacy warehouse export",
    ]) {
      expect(all).not.toContain(title);
    }
  });

  it("finds nothing in a space that the person may not see", () => {
    expect(ask('text ~ "hiring"')).toContain("Hiring plan");
    expect(ask('text ~ "hiring"', { user: ben })).toEqual([]);
    expect(ask("type = space", { user: ben })).not.toContain("People");
  });

  it("names people by login or key on Data Center", () => {
    const site = sites.world.datacenter;
    expect(ask("creator = ben and type = page", { site })).toHaveLength(2);
    expect(ask(`creator = ${ben.key} and type = page`, { site })).toHaveLength(2);
    expect(ask(`creator = ${ben.accountId}`, { site })).toEqual([]);
  });

  it.each([
    "",
    "type =",
    "type page",
    "= page",
    "type = page and",
    "(type = page",
    "type = page)",
    "type in page",
    "type in ()",
    "type not page",
    'title ~ "open',
    "unknown = 1",
    "constructor = 1",
    "type ~ page",
    "text = word",
    "created ~ now()",
    "created > yesterday",
    "created > '2026-02-30'",
    "created > now('7x')",
    "created > startOfCentury()",
    "creator = nobody()",
    "type = currentUser()",
    "order by text",
    "order by unknown",
    "type = page order title",
    "type = page order by",
    "type = page type = blogpost",
    "a ! b",
  ])("is refused: %s", (cql) => {
    expect(() => ask(cql)).toThrow(CqlSyntaxError);
  });

  it("may consist of an order alone", () => {
    expect(ask("order by created desc")[0]).toBe("Release 2026.11");
  });
});

describe("the tokenizer", () => {
  it("takes quotes and backslashes out of strings", () => {
    const kinds = tokenize(String.raw`title="a \"b\" \\ c" or x='d''`.replace("''", "'"));
    expect(kinds.map(({ text }) => text)).toEqual([
      "title",
      "=",
      String.raw`a "b" \ c`,
      "or",
      "x",
      "=",
      "d",
      "",
    ]);
  });

  it("reads any quoted text back", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const quoted = `"${text.replace(/["\\]/g, "\\$&")}"`;
        expect(tokenize(quoted)[0]).toEqual({ kind: "string", text });
      }),
    );
  });

  it("reads or refuses any text, and never breaks", () => {
    const part = fc.constantFrom(
      "type",
      "=",
      "page",
      "(",
      ")",
      "and",
      "or",
      "not",
      "in",
      ",",
      '"x"',
      "order",
      "by",
      "~",
      "now()",
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(part, fc.string({ maxLength: 3 })), { maxLength: 12 }),
        (parts) => {
          try {
            parseCql(parts.join(" "));
          } catch (error) {
            expect(error).toBeInstanceOf(CqlSyntaxError);
          }
        },
      ),
    );
  });
});
