import { describe, expect, it } from "vitest";
import { inTurn } from "../../test/fakes/fake-site.ts";
import { bodyOf, fakeJira, jiraSites, siteError, storedText } from "../../test/fakes/jira.ts";

describe.each(jiraSites)("time entries on $deployment", ({ deployment }) => {
  const entry = (id: string) => ({
    id,
    comment: storedText(deployment, "Work"),
    author: { displayName: "Ada" },
    started: "2026-01-31T09:00:00.000+0100",
    timeSpent: "1h 30m",
    timeSpentSeconds: 5400,
  });

  it("are listed over all pages", async () => {
    const { jira, sent } = fakeJira(deployment, {
      "GET {root}/issue/{}/worklog": inTurn(
        { worklogs: [entry("1"), entry("2")], total: 3 },
        { worklogs: [entry("3")], total: 3 },
      ),
    });
    const { worklogs } = await jira.worklogs.list("PROJ-1");
    expect(worklogs.map(({ id }) => id)).toEqual(["1", "2", "3"]);
    expect(worklogs[0]).toEqual({
      id: "1",
      comment: expect.stringContaining("Work"),
      author: "Ada",
      started: "2026-01-31T09:00:00+01:00",
      time_spent: "1h 30m",
      time_spent_seconds: 5400,
    });
    expect(sent()).toEqual([
      "GET {root}/issue/PROJ-1/worklog",
      "GET {root}/issue/PROJ-1/worklog?startAt=2",
    ]);
  });

  const site = (more: Record<string, unknown> = {}) =>
    fakeJira(deployment, {
      "POST {root}/issue/{}/worklog": entry("9"),
      "PUT {root}/issue/{}": undefined,
      ...more,
    });

  it("are added with durations as the site reads them", async () => {
    const { jira, requests, sent } = site();
    const added = await jira.worklogs.add({
      key: "PROJ-1",
      timeSpent: "1h30m",
      started: "2026-01-31T09:00:00+01:00",
      originalEstimate: "3d",
      remainingEstimate: "4h",
    });
    expect(added).toMatchObject({
      message: "1h 30m logged on PROJ-1.",
      worklog: { id: "9", original_estimate_updated: true, remaining_estimate_updated: true },
    });
    expect(sent()).toEqual([
      "PUT {root}/issue/PROJ-1",
      "POST {root}/issue/PROJ-1/worklog?adjustEstimate=new&newEstimate=4h",
    ]);
    expect(requests.map(({ json }) => json)).toEqual([
      { update: { timetracking: [{ edit: { originalEstimate: "3d" } }] } },
      { timeSpent: "1h 30m", started: "2026-01-31T09:00:00.000+0100" },
    ]);
  });

  it("carry a comment in the form of the site", async () => {
    const { jira, requests, context } = site();
    await jira.worklogs.add({ key: "PROJ-1", timeSpent: "1h", comment: "Hello" });
    const { comment } = bodyOf(requests[0]);
    expect(context.dialect.readText(comment).markdown.trim()).toBe("Hello");
  });

  it.each([
    { timeSpent: "an hour" },
    { timeSpent: "1h", started: "yesterday" },
    { timeSpent: "1h", remainingEstimate: "none" },
  ])("are checked before anything is sent: %j", async (wrong) => {
    const { jira, requests } = site();
    await expect(jira.worklogs.add({ key: "PROJ-1", ...wrong })).rejects.toMatchObject({
      code: "input",
    });
    expect(requests).toHaveLength(0);
  });

  it("log nothing when the estimate is refused", async () => {
    const { jira, requests } = site({ "PUT {root}/issue/{}": siteError("invalid") });
    const entryWithEstimate = { key: "PROJ-1", timeSpent: "1h", originalEstimate: "3d" };
    await expect(jira.worklogs.add(entryWithEstimate)).rejects.toMatchObject({ code: "invalid" });
    expect(requests).toHaveLength(1);
  });

  it("say that the estimate was set when the entry is refused afterwards", async () => {
    const { jira } = site({ "POST {root}/issue/{}/worklog": siteError("forbidden") });
    const entryWithEstimate = { key: "PROJ-1", timeSpent: "1h", originalEstimate: "3d" };
    await expect(jira.worklogs.add(entryWithEstimate)).rejects.toMatchObject({
      code: "forbidden",
      message: expect.stringContaining("3d"),
    });
  });
});
