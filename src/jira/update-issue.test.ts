import { describe, expect, it } from "vitest";
import {
  bodyOf,
  fakeJira,
  fieldList,
  jiraSites,
  siteError,
  storedText,
} from "../../test/fakes/jira.ts";
import type { UpdateIssueOptions } from "./update-issue.ts";

const ask: UpdateIssueOptions = { key: "PROJ-1", fields: {}, returnFields: ["summary"] };

describe.each(jiraSites)("updating an issue on $deployment", ({ deployment }) => {
  function site(more: Record<string, unknown> = {}, policy = {}) {
    return fakeJira(
      deployment,
      {
        "GET {root}/field": fieldList,
        "GET {root}/issue/{}": {
          id: "1",
          key: "PROJ-1",
          fields: { summary: "New", description: storedText(deployment, "Old") },
        },
        "PUT {root}/issue/{}": undefined,
        "GET {root}/issue/{}/transitions": {
          transitions: [{ id: "31", name: "Finish", to: { name: "Done" } }],
        },
        "POST {root}/issue/{}/transitions": undefined,
        "POST {root}/issue/{}/comment": { id: "5", body: storedText(deployment, "Hi") },
        "POST {root}/issue/{}/worklog": { id: "6", timeSpent: "1h" },
        ...more,
      },
      policy,
    );
  }
  const writes = (requests: readonly { method: string; path: string; json: unknown }[]) =>
    requests.filter(({ method }) => method !== "GET");

  it("does each step in its turn and returns the issue", async () => {
    const { jira, requests } = site();
    const result = await jira.issues.update({
      ...ask,
      fields: { priority: "High", labels: "a,b" },
      transition: "Done",
      comment: "Hi",
      worklog: "1h",
      worklogStarted: "2026-01-31",
    });
    expect(result).toMatchObject({
      message: "PROJ-1 updated.",
      issue: { key: "PROJ-1", summary: "New", browse_url: "https://example.test/browse/PROJ-1" },
      operations_performed: [
        "fields: priority, labels",
        "transition: Done",
        "comment",
        "worklog: 1h",
      ],
      operations_failed: [],
    });
    expect(writes(requests).map(({ path }) => path.split("/").at(-1))).toEqual([
      ...["PROJ-1", "transitions", "comment", "worklog"],
    ]);
    expect(writes(requests)[0]).toMatchObject({
      json: { fields: { priority: { name: "High" }, labels: ["a", "b"] } },
      order: "PROJ-1",
    });
  });

  it("moves the issue when fields name a status", async () => {
    const { jira, requests } = site();
    const fields = { status: "done", "Story Points": 3 };
    const result = await jira.issues.update({ ...ask, fields });
    expect(result.operations_performed).toEqual(["fields: Story Points", "transition: done"]);
    expect(writes(requests)[0]).toMatchObject({ json: { fields: { customfield_10001: 3 } } });
  });

  it("goes on after a failed step and tells what failed", async () => {
    const { jira } = site({ "PUT {root}/issue/{}": siteError("invalid", "priority: no") });
    const result = await jira.issues.update({ ...ask, fields: { priority: "X" }, comment: "Hi" });
    expect(result.operations_performed).toEqual(["comment"]);
    expect(result.operations_failed).toEqual([
      { operation: "fields: priority", code: "invalid", error: "priority: no" },
    ]);
  });

  it("is an error when every step failed", async () => {
    const { jira } = site({
      "PUT {root}/issue/{}": siteError("invalid"),
      "POST {root}/issue/{}/comment": siteError("forbidden"),
    });
    await expect(
      jira.issues.update({ ...ask, fields: { priority: "X" }, comment: "Hi" }),
    ).rejects.toMatchObject({ code: "invalid", message: expect.stringContaining("comment") });
    await expect(jira.issues.update({ ...ask, fields: { priority: "X" } })).rejects.toMatchObject({
      code: "invalid",
    });
  });

  it("writes no field when one of them is wrong", async () => {
    const { jira, requests } = site();
    const fields = { priority: "High", "Story Points": "many" };
    await expect(jira.issues.update({ ...ask, fields })).rejects.toMatchObject({ code: "input" });
    expect(writes(requests)).toEqual([]);
  });

  it("refuses a text that would destroy what it cannot express", async () => {
    const stored = opaqueText(deployment);
    const { jira, requests, context } = site({
      "GET {root}/issue/{}": { id: "1", key: "PROJ-1", fields: { description: stored } },
    });
    const { markdown, originals } = context.dialect.readText(stored);
    expect(originals.size).toBe(1);
    const change = { ...ask, fields: { description: "Only words" } };
    await expect(jira.issues.update(change)).rejects.toMatchObject({
      code: "input",
      message: expect.stringContaining([...originals.keys()][0] ?? "?"),
    });
    const clear = { ...ask, fields: { description: null } };
    await expect(jira.issues.update(clear)).rejects.toMatchObject({ code: "input" });
    expect(writes(requests)).toEqual([]);

    await jira.issues.update({ ...ask, fields: { description: `New\n\n${markdown}` } });
    const { fields } = bodyOf(writes(requests)[0]);
    const written = bodyOf({ json: fields })["description"];
    const kept = context.dialect.readText(written).originals;
    expect([...kept.keys()]).toEqual([...originals.keys()]);

    await jira.issues.update({ ...change, allowContentLoss: true });
    expect(writes(requests)).toHaveLength(2);
  });

  it("takes an issue out of its epic", async () => {
    const { jira, requests } = site();
    await jira.issues.update({ ...ask, fields: { epic_link: null } });
    expect(writes(requests)[0]?.json).toEqual(
      deployment === "cloud"
        ? { update: { parent: [{ set: { none: true } }] } }
        : { fields: { customfield_10006: null } },
    );
  });

  it("clears a text", async () => {
    const { jira, requests } = site();
    await jira.issues.update({ ...ask, fields: { description: null } });
    expect(writes(requests)[0]).toMatchObject({ json: { fields: { description: null } } });
  });

  it("wants something to do", async () => {
    const { jira } = site();
    await expect(jira.issues.update(ask)).rejects.toMatchObject({ code: "input" });
  });

  it("writes nothing outside the allowed projects, moved issues included", async () => {
    const policy = { projects: ["PROJ"] };
    const { jira, requests } = site(
      { "GET {root}/issue/{}": { id: "1", key: "OPS-1", fields: {} } },
      policy,
    );
    const change = { ...ask, fields: { priority: "High" } };
    await expect(jira.issues.update({ ...change, key: "OPS-1" })).rejects.toMatchObject({
      code: "forbidden",
    });
    expect(requests).toHaveLength(0);
    for (const key of ["PROJ-1", "10001"]) {
      await expect(jira.issues.update({ ...change, key })).rejects.toMatchObject({
        code: "forbidden",
      });
    }
    expect(writes(requests)).toEqual([]);
  });

  it("says what was done when reading back fails", async () => {
    const { jira } = site({ "GET {root}/issue/{}": siteError("upstream") });
    const result = await jira.issues.update({ ...ask, comment: "Hi" });
    expect(result).toMatchObject({
      operations_performed: ["comment"],
      warnings: [expect.any(String)],
    });
  });
});

function opaqueText(deployment: string): unknown {
  if (deployment !== "cloud") return "Words\n\n{gadget:url=x|width=3}\n";
  const extension = {
    type: "extension",
    attrs: { extensionType: "com.example", extensionKey: "k", k: "k1" },
  };
  return { version: 1, type: "doc", content: [extension] };
}
