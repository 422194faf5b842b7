import { describe, expect, it } from "vitest";
import { fakeJira, fieldList, jiraSites } from "../../test/fakes/jira.ts";
import { toJiraValue } from "./field-values.ts";
import type { WritableField } from "./models/field.ts";
import { toFieldWrite } from "./special-fields.ts";

const field = (type: string, custom?: string, items?: string): WritableField => ({
  id: "customfield_10200",
  name: "Other issue",
  schema: { type, custom, items },
});

const parentLink = field("any", "com.atlassian.jpo:jpo-custom-field-parent");
const epicLink = field("any", "com.pyxis.greenhopper.jira:gh-epic-link");
const parent = { id: "parent", name: "Übergeordnet" };
const link = field("issuelink");

describe.each(jiraSites)("a field that names an issue on $deployment", ({ deployment }) => {
  const free = fakeJira(deployment, { "GET {root}/field": fieldList });
  const filtered = () =>
    fakeJira(
      deployment,
      {
        "GET {root}/field": fieldList,
        "GET {root}/issue/PROJ-9": { id: "9", key: "PROJ-9" },
        "GET {root}/issue/PROJ-8": { id: "8", key: "OPS-8" },
        "GET {root}/issue/77": { id: "77", key: "OPS-7" },
      },
      { projects: ["PROJ"] },
    );

  it.each([
    ["the key alone", epicLink, "https://example.test/browse/proj-9", "PROJ-9"],
    ["the key alone", epicLink, { key: "PROJ-9" }, "PROJ-9"],
    ["the key alone", parentLink, { id: "9", key: "PROJ-9" }, "PROJ-9"],
    ["a reference", parent, "PROJ-9", { key: "PROJ-9" }],
    ["a reference", parent, { id: 9 }, { id: "9" }],
    ["a reference", link, "9", { id: "9" }],
    ["nothing", epicLink, "", null],
    ["nothing", link, null, null],
  ])("takes %s", async (_, target, value, sent) => {
    await expect(toJiraValue(free.context, target, value)).resolves.toEqual(sent);
  });

  it("takes several", async () => {
    const links = field("array", undefined, "issuelink");
    const many = toJiraValue(free.context, links, "PROJ-1, PROJ-2");
    await expect(many).resolves.toEqual([{ key: "PROJ-1" }, { key: "PROJ-2" }]);
  });

  it.each([[["PROJ-1"]], [true], [{ name: "x" }], [{ key: null, id: "9" }]])(
    "refuses %j",
    async (value) => {
      for (const target of [epicLink, parentLink, parent, link]) {
        const written = toJiraValue(free.context, target, value);
        await expect(written).rejects.toMatchObject({ code: "input" });
      }
    },
  );

  it.each([
    ["OPS-1"],
    [{ key: "OPS-1" }],
    // The key of an issue that has moved away.
    ["PROJ-8"],
    [{ id: 77 }],
    [77],
  ])("refuses %j outside the project filter", async (value) => {
    const { context } = filtered();
    for (const target of [epicLink, parentLink, parent, link]) {
      const written = toJiraValue(context, target, value);
      await expect(written).rejects.toMatchObject({ code: "forbidden" });
    }
    const links = toJiraValue(context, field("array", undefined, "issuelink"), [value]);
    await expect(links).rejects.toMatchObject({ code: "forbidden" });
    for (const name of ["customfield_10006", "cf[10006]", "Epic Link", "parent"]) {
      const written = toFieldWrite(context, name, value);
      await expect(written).rejects.toMatchObject({ code: "forbidden" });
    }
  });

  it("writes no more of an object than what was checked", async () => {
    const { context } = filtered();
    const given = { key: "PROJ-9", id: "77", update: { key: "OPS-1" } };
    await expect(toJiraValue(context, link, given)).resolves.toEqual({ key: "PROJ-9" });
    await expect(toJiraValue(context, epicLink, given)).resolves.toBe("PROJ-9");
  });

  it.each(["issuelinks", "subtasks"])("is not %s, which have a way of their own", async (id) => {
    for (const value of ["PROJ-9", [{ key: "OPS-1" }], []]) {
      const written = toFieldWrite(free.context, id, value);
      await expect(written).rejects.toMatchObject({ code: "input" });
    }
  });
});
