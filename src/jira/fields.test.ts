import { describe, expect, it } from "vitest";
import { inTurn } from "../../test/fakes/fake-site.ts";
import { fakeJira, fieldList, jiraSites } from "../../test/fakes/jira.ts";
import { fieldIds, findField, requireField } from "./fields.ts";

describe("a field's name", () => {
  it.each([
    ["customfield_10001", "customfield_10001"],
    ["cf[10001]", "customfield_10001"],
    ["cf_10001", "customfield_10001"],
    ["STORY POINTS", "customfield_10001"],
    ["due_date", "duedate"],
    ["Due date", "duedate"],
    ["parent", "parent"],
  ])("%s is %s", (name, id) => {
    expect(findField(name, fieldList)?.id).toBe(id);
  });

  it("is refused with the ids when several fields have it", () => {
    expect(() => findField("team", fieldList)).toThrow(expect.objectContaining({ code: "input" }));
  });

  it("is the one on the screen where only that one is", () => {
    const screen = [{ id: "customfield_10003", name: "Team" }];
    expect(findField("Team", fieldList, screen)?.id).toBe("customfield_10003");
  });

  it("is unknown where nobody has it", () => {
    expect(findField("Nonsense", fieldList)).toBeUndefined();
  });
});

describe.each(jiraSites)("the field list on $deployment", ({ deployment }) => {
  it("is read once", async () => {
    const { context, requests } = fakeJira(deployment, { "GET {root}/field": fieldList });
    await requireField(context, "Notes");
    await requireField(context, "Region");
    expect(requests).toHaveLength(1);
  });

  it("is read again before a name counts as unknown", async () => {
    const added = { id: "customfield_10099", name: "Brand new", custom: true };
    const { context } = fakeJira(deployment, {
      "GET {root}/field": inTurn(fieldList, [...fieldList, added]),
    });
    await expect(requireField(context, "brand new")).resolves.toMatchObject({
      id: "customfield_10099",
    });
  });

  it("offers similar names for an unknown one", async () => {
    const { context } = fakeJira(deployment, { "GET {root}/field": fieldList });
    await expect(requireField(context, "Story Pionts")).rejects.toMatchObject({
      code: "input",
      message: expect.stringContaining("Story Points (customfield_10001)"),
    });
  });

  it("is not needed for ids", async () => {
    const { context, requests } = fakeJira(deployment, {});
    const names = ["summary", "issue_type", "cf[10001]", "*navigable", "-comment", "summary"];
    await expect(fieldIds(context, names)).resolves.toEqual([
      ...["summary", "issuetype", "customfield_10001", "*navigable", "-comment"],
    ]);
    expect(requests).toHaveLength(0);
  });

  it("is not needed for what every answer has", async () => {
    const { context, requests } = fakeJira(deployment, {});
    await expect(fieldIds(context, ["key", "Id", "self", "issue_key"])).resolves.toEqual(["key"]);
    await expect(fieldIds(context, ["key", "summary"])).resolves.toEqual(["key", "summary"]);
    expect(requests).toHaveLength(0);
  });

  it("is searched by words, up to a limit", async () => {
    const { jira } = fakeJira(deployment, { "GET {root}/field": fieldList });
    const found = await jira.fields.search({ keyword: "epic", limit: 1, refresh: false });
    expect(found.map((field) => field.name)).toEqual(["Epic Link"]);
  });
});
