import { describe, expect, it } from "vitest";
import { fakeJira, fieldList, jiraSites, siteError, storedText } from "../../test/fakes/jira.ts";

describe.each(jiraSites)("moving an issue on $deployment", ({ deployment }) => {
  const resolution = {
    fieldId: "resolution",
    name: "Resolution",
    required: true,
    schema: { type: "resolution" },
    allowedValues: [{ id: "1", name: "Fixed" }],
  };
  const transitions = [
    { id: "11", name: "Start", to: { name: "In Progress" }, hasScreen: false },
    { id: "21", name: "Resolve", to: { name: "Done" }, hasScreen: true, fields: { resolution } },
    { id: "31", name: "Reject", to: { name: "Done" } },
  ];
  const site = (more: Record<string, unknown> = {}, policy = {}) =>
    fakeJira(
      deployment,
      {
        "GET {root}/field": fieldList,
        "GET {root}/issue/{}/transitions": { transitions },
        "POST {root}/issue/{}/transitions": undefined,
        "POST {root}/issue/{}/comment": { id: "5", body: storedText(deployment, "Hi") },
        "GET {root}/issue/{}": { id: "1", key: "PROJ-1", fields: { status: { name: "Done" } } },
        ...more,
      },
      policy,
    );
  const moved = (requests: readonly { method: string; path: string; json: unknown }[]) =>
    requests.find(({ method, path }) => method === "POST" && path.endsWith("/transitions"))?.json;

  it("lists the moves with their target and what their screens ask for", async () => {
    const { jira, sent } = site();
    const list = await jira.transitions.list("PROJ-1");
    expect(list[0]).toEqual({ id: 11, name: "Start", to_status: "In Progress", has_screen: false });
    expect(list[1]).toMatchObject({
      to_status: "Done",
      has_screen: true,
      fields: [{ id: "resolution", name: "Resolution", required: true, allowed_values: ["Fixed"] }],
    });
    expect(sent()).toEqual(["GET {root}/issue/PROJ-1/transitions?expand=transitions.fields"]);
  });

  it.each([
    ["its id", "11", "11"],
    ["its name", "resolve", "21"],
    ["the status it leads to", "in progress", "11"],
  ])("finds the move by %s", async (_, to, id) => {
    const { jira, requests } = site();
    const result = await jira.transitions.perform({ key: "PROJ-1", to });
    expect(moved(requests)).toEqual({ transition: { id } });
    expect(result.issue).toMatchObject({ key: "PROJ-1", status: { name: "Done" } });
  });

  it.each(["Done", "Closed", ""])("lists the choice when %j does not decide it", async (to) => {
    const { jira, requests } = site();
    await expect(jira.transitions.perform({ key: "PROJ-1", to })).rejects.toMatchObject({
      code: "input",
      message: expect.stringContaining("21 Resolve → Done"),
    });
    expect(moved(requests)).toBeUndefined();
  });

  it("brings fields into the form of the screen", async () => {
    const { jira, requests } = site();
    await jira.transitions.perform({ key: "PROJ-1", to: "21", fields: { Resolution: "fixed" } });
    expect(moved(requests)).toMatchObject({ fields: { resolution: { id: "1" } } });
    const wrong = { key: "PROJ-1", to: "21", fields: { resolution: "Lost" } };
    await expect(jira.transitions.perform(wrong)).rejects.toMatchObject({ code: "input" });
  });

  it.each(["Epic Link", "customfield_10006", "parent"])(
    "refuses an issue outside the project filter in %s",
    async (name) => {
      const { jira, requests } = site({}, { projects: ["PROJ"] });
      for (const value of ["OPS-1", { key: "OPS-1" }]) {
        const move = { key: "PROJ-1", to: "21", fields: { resolution: "fixed", [name]: value } };
        await expect(jira.transitions.perform(move)).rejects.toMatchObject({ code: "forbidden" });
      }
      expect(moved(requests)).toBeUndefined();
    },
  );

  it("names the required fields when the site misses some", async () => {
    const { jira } = site({ "POST {root}/issue/{}/transitions": siteError("invalid") });
    await expect(jira.transitions.perform({ key: "PROJ-1", to: "21" })).rejects.toMatchObject({
      code: "invalid",
      details: { next: expect.stringContaining("(resolution)") },
    });
  });

  it("sends a comment along only where the screen takes one", async () => {
    const comment = { fieldId: "comment", name: "Comment", schema: { type: "comments-page" } };
    const withField = [{ id: "21", name: "Resolve", to: { name: "Done" }, fields: { comment } }];
    const along = site({ "GET {root}/issue/{}/transitions": { transitions: withField } });
    await along.jira.transitions.perform({ key: "PROJ-1", to: "21", comment: "Hi" });
    expect(moved(along.requests)).toHaveProperty("update.comment");
    expect(along.sent()).not.toContain("POST {root}/issue/PROJ-1/comment");

    const alone = site();
    await alone.jira.transitions.perform({ key: "PROJ-1", to: "11", comment: "Hi" });
    expect(moved(alone.requests)).toEqual({ transition: { id: "11" } });
    expect(alone.sent()).toContain("POST {root}/issue/PROJ-1/comment");
  });

  it("warns when the issue moved but the comment did not follow", async () => {
    const { jira } = site({ "POST {root}/issue/{}/comment": siteError("forbidden") });
    const result = await jira.transitions.perform({ key: "PROJ-1", to: "11", comment: "Hi" });
    expect(result.warnings).toHaveLength(1);
  });

  it("refuses comments that customers of an internal-only project would see", async () => {
    const { jira, requests } = site(
      { "GET /rest/servicedeskapi/request/{}": { issueId: "1" } },
      { internalOnlyProjects: ["PROJ"] },
    );
    const move = { key: "PROJ-1", to: "11", comment: "Hi" };
    await expect(jira.transitions.perform(move)).rejects.toMatchObject({ code: "forbidden" });
    expect(moved(requests)).toBeUndefined();
  });

  it("names an issue that is missing", async () => {
    const { jira } = site({ "GET {root}/issue/{}/transitions": siteError("not_found") });
    await expect(jira.transitions.list("PROJ-9")).rejects.toMatchObject({
      code: "not_found",
      message: expect.stringContaining("PROJ-9"),
    });
  });
});
