import { describe, expect, it } from "vitest";
import { fakeJira, fieldList, jiraSites } from "../../test/fakes/jira.ts";
import { toFieldWrite } from "./special-fields.ts";

describe.each(jiraSites)("parents and epics on $deployment", ({ deployment }) => {
  const isCloud = deployment === "cloud";
  const { context } = fakeJira(deployment, { "GET {root}/field": fieldList });
  const underEpic = isCloud
    ? { id: "parent", value: { key: "PROJ-9" } }
    : { id: "customfield_10006", value: "PROJ-9" };

  it.each([
    ["epicKey", "PROJ-9"],
    ["epic_link", "proj-9"],
    ["epic link", { key: "PROJ-9" }],
    ["parent", "https://example.test/browse/PROJ-9"],
  ])("%s takes %j", async (name, value) => {
    await expect(toFieldWrite(context, name, value)).resolves.toEqual(underEpic);
  });

  it("write the parent of a subtask into its own field", async () => {
    const scope = { isSubtask: true };
    await expect(toFieldWrite(context, "parent", "PROJ-9", scope)).resolves.toEqual({
      id: "parent",
      value: { key: "PROJ-9" },
    });
    await expect(toFieldWrite(context, "parent", { id: 10001 }, scope)).resolves.toEqual({
      id: "parent",
      value: { id: "10001" },
    });
  });

  it.each([
    [["PROJ-1"]],
    [true],
    [{ name: "x" }],
    ["https://other.example/browse/PROJ-9"],
    [{ key: "https://other.example/browse/PROJ-9" }],
  ])("refuse %j", async (value) => {
    await expect(toFieldWrite(context, "parent", value)).rejects.toMatchObject({ code: "input" });
  });

  it("find the epic's name by the kind of field, not by its id", async () => {
    await expect(toFieldWrite(context, "epic_name", "Big")).resolves.toEqual({
      id: "customfield_10007",
      value: "Big",
    });
  });

  it("refuse what the site has no field for", async () => {
    await expect(toFieldWrite(context, "epic_color", "green")).rejects.toMatchObject({
      code: "input",
      details: { fields: { epic_color: expect.any(String) } },
    });
    const bare = fakeJira(deployment, { "GET {root}/field": [] });
    await expect(toFieldWrite(bare.context, "epic_name", "Big")).rejects.toMatchObject({
      code: "input",
      details: { next: expect.stringContaining("summary") },
    });
    if (isCloud) return;
    await expect(toFieldWrite(bare.context, "epic_link", "PROJ-9")).rejects.toMatchObject({
      code: "input",
    });
  });
});
