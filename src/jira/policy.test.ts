import { describe, expect, it } from "vitest";
import { fakeJira, jiraSites, siteError } from "../../test/fakes/jira.ts";
import { guardIssue, guardKey, guardProject, projectOf } from "./policy.ts";

it.each([
  ["PROJ-1", "PROJ"],
  ["proj-1", "PROJ"],
  ["A_B2-10", "A_B2"],
  ["10001", undefined],
])("reads the project of %s", (key, project) => {
  expect(projectOf(key)).toBe(project);
});

describe.each(jiraSites)("the project filter on $deployment", ({ deployment }) => {
  const policy = { projects: ["PROJ"] };

  it("costs nothing where there is none", async () => {
    const { context, requests } = fakeJira(deployment, {});
    await guardIssue(context, "ANY-1");
    expect(requests).toHaveLength(0);
  });

  it("knows projects in any case and names the setting otherwise", () => {
    const { context } = fakeJira(deployment, {}, policy);
    expect(() => guardProject(context, "proj")).not.toThrow();
    expect(() => guardProject(context, "OPS")).toThrow(
      expect.objectContaining({
        code: "forbidden",
        details: expect.objectContaining({ setting: "JIRA_PROJECTS_FILTER" }),
      }),
    );
  });

  it("refuses a key of another project without asking the site", async () => {
    const { context, requests } = fakeJira(deployment, {}, policy);
    await expect(guardIssue(context, "OPS-1")).rejects.toMatchObject({ code: "forbidden" });
    expect(requests).toHaveLength(0);
  });

  it.each([
    ["a numeric id of another project", "10001", "OPS-1", "forbidden"],
    ["a key whose issue has moved away", "PROJ-1", "OPS-9", "forbidden"],
  ])("looks up %s", async (_, given, present, code) => {
    const { context } = fakeJira(
      deployment,
      { "GET {root}/issue/{}": { id: "10001", key: present } },
      policy,
    );
    await expect(guardIssue(context, given)).rejects.toMatchObject({ code });
  });

  it("lets through what is inside", async () => {
    const { context, sent } = fakeJira(
      deployment,
      { "GET {root}/issue/{}": { id: "10001", key: "PROJ-5" } },
      policy,
    );
    await guardIssue(context, "10001");
    expect(sent()).toEqual(["GET {root}/issue/10001?fields=project&updateHistory=false"]);
  });

  it("fails closed when the look-up fails", async () => {
    const { context } = fakeJira(
      deployment,
      { "GET {root}/issue/{}": siteError("upstream") },
      policy,
    );
    await expect(guardIssue(context, "10001")).rejects.toMatchObject({ code: "upstream" });
  });

  it("checks the form of keys where the operator set one", () => {
    const { context } = fakeJira(deployment, {}, { issueKeyPattern: /^[A-Z]{4}-\d+$/ });
    expect(() => guardKey(context, "PROJ-1")).not.toThrow();
    expect(() => guardKey(context, "10001")).not.toThrow();
    expect(() => guardKey(context, "AB-1")).toThrow(expect.objectContaining({ code: "input" }));
  });
});
