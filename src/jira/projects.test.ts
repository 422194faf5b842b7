import { describe, expect, it } from "vitest";
import { fakeJira, jiraSites, siteError } from "../../test/fakes/jira.ts";

const project = (key: string, more: Record<string, unknown> = {}) => ({
  id: "1",
  key,
  name: `Project ${key}`,
  projectTypeKey: "software",
  avatarUrls: { "48x48": "x" },
  ...more,
});

describe.each(jiraSites)("projects on $deployment", ({ deployment }) => {
  const isCloud = deployment === "cloud";
  const route = isCloud ? "GET {root}/project/search" : "GET {root}/project";
  const answer = (projects: unknown[]) =>
    isCloud ? { values: projects, total: projects.length, isLast: true } : projects;

  it("are listed in short", async () => {
    const full = project("PROJ", {
      description: "What we do",
      projectCategory: { name: "Product" },
      lead: { displayName: "Ada" },
    });
    const { jira } = fakeJira(deployment, { [route]: answer([full, project("OPS")]) });
    await expect(jira.projects.list(false)).resolves.toEqual([
      {
        id: "1",
        key: "PROJ",
        name: "Project PROJ",
        description: "What we do",
        category: "Product",
        lead: { display_name: "Ada" },
        type: "software",
      },
      { id: "1", key: "OPS", name: "Project OPS", type: "software" },
    ]);
  });

  it("are limited to the allowed ones", async () => {
    const { jira } = fakeJira(
      deployment,
      { [route]: answer([project("PROJ"), project("OPS")]) },
      { projects: ["ops"] },
    );
    const keys = (await jira.projects.list(false)).map(({ key }) => key);
    expect(keys).toEqual(["OPS"]);
  });

  it("include archived ones when asked", async () => {
    const { jira, requests } = fakeJira(deployment, {
      [route]: answer([project("OLD", { archived: true })]),
    });
    await expect(jira.projects.list(true)).resolves.toMatchObject([{ archived: true }]);
    expect(requests[0]?.query).toMatchObject(
      isCloud ? { status: ["live", "archived"] } : { includeArchived: "true" },
    );
  });

  it("pass on errors instead of an empty list", async () => {
    const { jira } = fakeJira(deployment, { [route]: siteError("auth") });
    await expect(jira.projects.list(false)).rejects.toMatchObject({ code: "auth" });
  });
});

it("collects every page on Cloud", async () => {
  const { jira } = fakeJira("cloud", {
    "GET {root}/project/search": ({ query }: { query: Record<string, unknown> }) => ({
      values: [project(`P${query["startAt"]}`)],
      total: 3,
    }),
  });
  const keys = (await jira.projects.list(false)).map(({ key }) => key);
  expect(keys).toEqual(["P0", "P1", "P2"]);
});
