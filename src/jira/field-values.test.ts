import { describe, expect, it } from "vitest";
import { fakeJira, fieldList, jiraSites, siteError, storedText } from "../../test/fakes/jira.ts";
import { toJiraValue } from "./field-values.ts";
import type { FieldSchema, WritableField } from "./models/field.ts";

const field = (schema: FieldSchema, more: Partial<WritableField> = {}): WritableField => ({
  id: "customfield_1",
  name: "Thing",
  schema,
  ...more,
});

const labels = field({ type: "array", items: "string" }, { id: "labels", name: "Labels" });
const sprint = field({
  type: "array",
  items: "json",
  custom: "com.pyxis.greenhopper.jira:gh-sprint",
});
const listOf = (items: string) => field({ type: "array", items });
const of = (type: string) => field({ type });

const fitting: [string, WritableField, unknown, unknown][] = [
  ["priority by name", of("priority"), "High", { name: "High" }],
  ["priority object", of("priority"), { id: "2" }, { id: "2" }],
  ["labels from a comma list", labels, "a, b", ["a", "b"]],
  ["labels from a list", labels, ["a"], ["a"]],
  [
    "components from names",
    listOf("component"),
    ["api", { id: "3" }],
    [{ name: "api" }, { id: "3" }],
  ],
  ["versions from text", listOf("version"), "1.0, 1.1", [{ name: "1.0" }, { name: "1.1" }]],
  ["options from a list", listOf("option"), ["A"], [{ value: "A" }]],
  ["option by value", of("option"), "Red", { value: "Red" }],
  ["number from text", of("number"), "3.5", 3.5],
  ["text from number", of("string"), 7, "7"],
  ["date with time", of("date"), "2026-01-31T10:00:00Z", "2026-01-31"],
  ["time", of("datetime"), "2026-01-31T10:00Z", "2026-01-31T10:00:00.000+0000"],
  [
    "cascade from text",
    of("option-with-child"),
    "EU > DE",
    { value: "EU", child: { value: "DE" } },
  ],
  ["cascade from a list", of("option-with-child"), ["EU"], { value: "EU" }],
  [
    "cascade object",
    of("option-with-child"),
    { value: "EU", child: "DE" },
    { value: "EU", child: { value: "DE" } },
  ],
  ["sprint from text", sprint, "42", 42],
  ["sprint as it is read", sprint, [{ id: 42, name: "S" }], 42],
  ["project by key", of("project"), "PROJ", { key: "PROJ" }],
  ["estimates", of("timetracking"), { original_estimate: "2d" }, { originalEstimate: "2d" }],
  [
    "checklist from a list",
    field({ type: "string", custom: "com.okapya.jira.checklist:checklist" }),
    ["a", "b"],
    "* a\n* b",
  ],
  ["team id", of("team"), "team-1", "team-1"],
  ["value of an unknown type", of("sd-approvals"), { any: 1 }, { any: 1 }],
  ["null", of("priority"), null, null],
  ["null for a list", labels, null, []],
];

const unfitting: [string, WritableField, unknown][] = [
  ["a list for a number", of("number"), [1]],
  ["text for a number", of("number"), "many"],
  ["a word for a date", of("date"), "soon"],
  ["blanks in labels", labels, ["two words"]],
  ["a name for a sprint", sprint, "Sprint 1"],
  ["text for estimates", of("timetracking"), "2d"],
  ["a list for an option", of("option"), ["A", "B"]],
  ["an object for text", of("string"), { a: 1 }],
  ["links as a field", listOf("issuelinks"), []],
  ["a status as a field", of("status"), "Done"],
  ["a third level", of("option-with-child"), "A > B > C"],
];

describe.each(jiraSites)("a value on $deployment", ({ deployment }) => {
  const { context } = fakeJira(deployment, {});

  it.each(fitting)("takes its form: %s", async (_, target, value, sent) => {
    await expect(toJiraValue(context, target, value)).resolves.toEqual(sent);
  });

  it.each(unfitting)("is refused with the field's name: %s", async (_, target, value) => {
    await expect(toJiraValue(context, target, value)).rejects.toMatchObject({
      code: "input",
      message: expect.stringContaining(target.name),
    });
  });

  it("is checked against the allowed ones and takes their spelling", async () => {
    const allowedValues = [
      { id: "1", value: "Red" },
      { id: "2", value: "Blue" },
    ];
    const target = field({ type: "option" }, { allowedValues });
    await expect(toJiraValue(context, target, "red")).resolves.toEqual({ id: "1" });
    await expect(toJiraValue(context, target, "Green")).rejects.toMatchObject({
      code: "input",
      details: { fields: { customfield_1: "takes one of Red, Blue" } },
    });
  });

  it("becomes rich text where the field holds it", async () => {
    const notes = fieldList.find((each) => each.name === "Notes");
    const written = await toJiraValue(context, notes ?? of("string"), "Hello");
    expect(context.dialect.readText(written).markdown.trim()).toBe("Hello");
    expect(typeof written).toBe(deployment === "cloud" ? "object" : "string");
    await expect(toJiraValue(context, notes ?? of("string"), 5)).rejects.toMatchObject({
      code: "input",
    });
  });

  it("names a person as the site does", async () => {
    const person =
      deployment === "cloud"
        ? { accountId: "a1", displayName: "Ada" }
        : { name: "ada", displayName: "Ada" };
    const site = fakeJira(deployment, {
      "GET {root}/user": siteError("not_found"),
      "GET {root}/user/search": [person],
    });
    const { displayName, ...reference } = person;
    const many = toJiraValue(site.context, listOf("user"), [displayName, { name: "kept" }]);
    await expect(many).resolves.toEqual([reference, { name: "kept" }]);
    await expect(toJiraValue(site.context, of("user"), "Nobody")).rejects.toMatchObject({
      code: "not_found",
    });
  });
});

it("keeps a document as it is on Cloud", async () => {
  const { context } = fakeJira("cloud", {});
  const document = storedText("cloud", "x");
  const description = { id: "description", name: "Description" };
  await expect(toJiraValue(context, description, document)).resolves.toEqual(document);
});
