import { describe, expect, it } from "vitest";
import { fakeJira, jiraSites, siteError } from "../../test/fakes/jira.ts";

describe.each(jiraSites)("deleting an issue on $deployment", ({ deployment }) => {
  const site = (subtasks: unknown[], more: Record<string, unknown> = {}) =>
    fakeJira(deployment, {
      "GET {root}/issue/{}": { id: "1", key: "PROJ-1", fields: { subtasks } },
      "DELETE {root}/issue/{}": undefined,
      ...more,
    });
  const subtask = { id: "2", key: "PROJ-2", fields: { summary: "Two" } };

  it("deletes an issue without subtasks", async () => {
    const { jira, requests, sent } = site([]);
    await expect(jira.issues.delete("PROJ-1", false)).resolves.toEqual({
      message: "PROJ-1 deleted.",
    });
    expect(sent().at(-1)).toBe("DELETE {root}/issue/PROJ-1");
    expect(requests.at(-1)?.idempotent).toBe(false);
  });

  it("names the subtasks that would go too, and deletes nothing", async () => {
    const { jira, requests } = site([subtask]);
    await expect(jira.issues.delete("PROJ-1", false)).rejects.toMatchObject({
      code: "input",
      message: expect.stringContaining("PROJ-2"),
    });
    expect(requests).toHaveLength(1);
  });

  it("deletes subtasks when asked to", async () => {
    const { jira, sent } = site([subtask]);
    await expect(jira.issues.delete("PROJ-1", true)).resolves.toMatchObject({
      deleted_subtasks: ["PROJ-2"],
    });
    expect(sent().at(-1)).toBe("DELETE {root}/issue/PROJ-1?deleteSubtasks=true");
  });

  it.each(["not_found", "forbidden"] as const)("passes on %s", async (code) => {
    const { jira } = site([], { "DELETE {root}/issue/{}": siteError(code) });
    await expect(jira.issues.delete("PROJ-1", false)).rejects.toMatchObject({ code });
  });
});
