import { describe, expect, it } from "vitest";
import { inTurn } from "../../test/fakes/fake-site.ts";
import { fakeJira, fieldList, jiraSites, siteError } from "../../test/fakes/jira.ts";

describe.each(jiraSites)("options of a field on $deployment", ({ deployment }) => {
  const isCloud = deployment === "cloud";
  const list = (key: string, items: unknown[]) => ({
    [isCloud ? key : "values"]: items,
    total: items.length,
  });
  const region = {
    fieldId: "customfield_10008",
    name: "Region",
    schema: { type: "option-with-child" },
    allowedValues: [
      { id: "1", value: "EU", children: [{ id: "11", value: "DE" }] },
      { id: "2", value: "US", disabled: true },
    ],
  };
  const site = () =>
    fakeJira(deployment, {
      "GET {root}/issue/createmeta/PROJ/issuetypes": list("issueTypes", [
        { id: "1", name: "Task" },
      ]),
      "GET {root}/issue/createmeta/PROJ/issuetypes/1": list("fields", [region]),
    });
  const ask = { field: "region", projectKey: "PROJ", issueType: "task" };

  it("come from the create screen, children included", async () => {
    await expect(site().jira.fields.options(ask)).resolves.toEqual([
      { id: "1", value: "EU", child_options: [{ id: "11", value: "DE" }] },
      { id: "2", value: "US", disabled: true },
    ]);
  });

  it("are filtered, also by child, and cut", async () => {
    const { jira } = site();
    await expect(jira.fields.options({ ...ask, contains: "de" })).resolves.toMatchObject([
      { value: "EU" },
    ]);
    await expect(jira.fields.options({ ...ask, limit: 1 })).resolves.toHaveLength(1);
  });

  it("can be bare values", async () => {
    await expect(site().jira.fields.options({ ...ask, valuesOnly: true })).resolves.toEqual([
      { value: "EU", children: ["DE"] },
      "US",
    ]);
  });

  it("are refused for fields that the screen does not have", async () => {
    await expect(site().jira.fields.options({ ...ask, field: "Notes" })).rejects.toMatchObject({
      code: "input",
    });
  });

  it("stay inside the allowed projects", async () => {
    const { jira } = fakeJira(deployment, {}, { projects: ["OPS"] });
    await expect(jira.fields.options(ask)).rejects.toMatchObject({ code: "forbidden" });
  });
});

describe("options by context", () => {
  const routes = {
    "GET {root}/field": fieldList,
    "GET {root}/field/{}/context": {
      values: [{ id: "8" }, { id: "9", isGlobalContext: true }],
      isLast: true,
    },
    "GET {root}/field/{}/context/{}/option": inTurn(
      { values: [{ id: "1", value: "EU" }], total: 2 },
      { values: [{ id: "11", value: "DE", optionId: "1" }], total: 2 },
    ),
  };

  it("prefer the global context and collect every page", async () => {
    const { jira, sent } = fakeJira("cloud", routes);
    await expect(jira.fields.options({ field: "customfield_10008" })).resolves.toEqual([
      { id: "1", value: "EU", child_options: [{ id: "11", value: "DE" }] },
    ]);
    expect(sent().at(-1)).toContain("/field/customfield_10008/context/9/option?startAt=1");
  });

  it("tell the way out where administrator rights are missing", async () => {
    const { jira } = fakeJira("cloud", {
      ...routes,
      "GET {root}/field/{}/context": siteError("forbidden"),
    });
    await expect(jira.fields.options({ field: "Region" })).rejects.toMatchObject({
      code: "forbidden",
      details: { next: expect.stringContaining("project_key") },
    });
  });

  it("do not exist on Data Center", async () => {
    const { jira } = fakeJira("datacenter", {});
    await expect(jira.fields.options({ field: "Region" })).rejects.toMatchObject({
      code: "input",
      details: { fields: { project_key: expect.any(String) } },
    });
  });
});
