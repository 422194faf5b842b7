import { describe, expect, it } from "vitest";
import { bodyOf, fakeJira, jiraSites, siteError, storedText } from "../../test/fakes/jira.ts";

describe.each(jiraSites)("commenting on $deployment", ({ deployment }) => {
  const stored = (text: string) => ({
    id: "5",
    body: storedText(deployment, text),
    author: { displayName: "Ada" },
    created: "2026-01-31T09:00:00.000+0100",
    updated: "2026-01-31T09:00:00.000+0100",
  });
  const request = { issueId: "1", issueKey: "PROJ-1" };
  const note = { id: "6", body: "Hi", public: false, author: { displayName: "Ada" } };
  const internalOnly = { internalOnlyProjects: ["PROJ"] };
  const site = (routes: Record<string, unknown>, policy = {}) =>
    fakeJira(
      deployment,
      { "GET {root}/issue/PROJ-1": { id: "1", key: "PROJ-1" }, ...routes },
      policy,
    );
  const writes = (requests: readonly { method: string }[]) =>
    requests.filter(({ method }) => method !== "GET");

  it("writes Markdown in the form of the site", async () => {
    const { jira, requests, context } = site({ "POST {root}/issue/{}/comment": stored("Hello") });
    const visibility = { type: "role", value: "Developers" } as const;
    const comment = await jira.comments.add({ key: "PROJ-1", body: "Hello", visibility });
    expect(comment).toEqual({
      id: "5",
      body: expect.stringContaining("Hello"),
      author: "Ada",
      created: "2026-01-31T09:00:00+01:00",
      url: "https://example.test/browse/PROJ-1?focusedCommentId=5",
    });
    const { body, ...rest } = bodyOf(requests[0]);
    expect(context.dialect.readText(body).markdown.trim()).toBe("Hello");
    expect(rest).toEqual({ visibility });
    expect(requests[0]?.order).toBe("PROJ-1");
  });

  it.each([true, false])("goes through the service desk for public=%s", async (isPublic) => {
    const { jira, requests } = site({
      "GET /rest/servicedeskapi/request/{}": request,
      "POST /rest/servicedeskapi/request/{}/comment": { ...note, public: isPublic },
    });
    const comment = await jira.comments.add({ key: "PROJ-1", body: "**Hi**", isPublic });
    expect(comment).toMatchObject({ id: "6", body: "**Hi**", public: isPublic });
    expect(requests.at(-1)).toMatchObject({
      json: { body: "*Hi*", public: isPublic },
      headers: { "X-ExperimentalApi": "opt-in" },
    });
  });

  it.each([true, false])("refuses public=%s on an ordinary issue", async (isPublic) => {
    const { jira, requests } = site({
      "GET /rest/servicedeskapi/request/{}": siteError("not_found"),
    });
    const comment = { key: "PROJ-1", body: "Hi", isPublic };
    await expect(jira.comments.add(comment)).rejects.toMatchObject({ code: "input" });
    expect(writes(requests)).toEqual([]);
  });

  it.each([undefined, false])(
    "refuses people named as the other deployment names them, with public=%s",
    async (isPublic) => {
      const { jira, requests } = site({ "GET /rest/servicedeskapi/request/{}": request });
      const body = deployment === "cloud" ? "Hi [~ada]" : "Hi @[Ada](accountid:5b10)";
      const comment = { key: "PROJ-1", body, isPublic };
      await expect(jira.comments.add(comment)).rejects.toMatchObject({ code: "input" });
      expect(writes(requests)).toEqual([]);
    },
  );

  it("refuses public together with visibility, and empty texts", async () => {
    const { jira } = site({});
    const visibility = { type: "group", value: "staff" } as const;
    const both = { key: "PROJ-1", body: "Hi", isPublic: true, visibility };
    await expect(jira.comments.add(both)).rejects.toMatchObject({ code: "input" });
    await expect(jira.comments.add({ key: "PROJ-1", body: " " })).rejects.toMatchObject({
      code: "input",
    });
  });

  describe("where only internal comments may be written", () => {
    it.each([undefined, true])("refuses public=%s on a service request", async (isPublic) => {
      const { jira, requests } = site(
        { "GET /rest/servicedeskapi/request/{}": request },
        internalOnly,
      );
      const comment = { key: "PROJ-1", body: "Hi", isPublic };
      await expect(jira.comments.add(comment)).rejects.toMatchObject({ code: "forbidden" });
      expect(writes(requests)).toEqual([]);
    });

    it("writes internal notes", async () => {
      const { jira, requests } = site(
        {
          "GET /rest/servicedeskapi/request/{}": request,
          "POST /rest/servicedeskapi/request/{}/comment": note,
        },
        internalOnly,
      );
      await jira.comments.add({ key: "PROJ-1", body: "Hi", isPublic: false });
      expect(writes(requests)).toMatchObject([{ json: { public: false } }]);
    });

    it("looks at the project the issue is in now", async () => {
      const { jira } = site(
        {
          "GET {root}/issue/OLD-1": { id: "1", key: "PROJ-1" },
          "GET /rest/servicedeskapi/request/{}": request,
        },
        internalOnly,
      );
      await expect(jira.comments.add({ key: "OLD-1", body: "Hi" })).rejects.toMatchObject({
        code: "forbidden",
      });
    });

    it("leaves ordinary issues alone", async () => {
      const { jira } = site(
        {
          "GET /rest/servicedeskapi/request/{}": siteError("not_found"),
          "POST {root}/issue/{}/comment": stored("Hi"),
        },
        internalOnly,
      );
      await expect(jira.comments.add({ key: "PROJ-1", body: "Hi" })).resolves.toMatchObject({
        id: "5",
      });
    });

    it.each(["forbidden", "upstream", "auth"] as const)(
      "blocks when the site answers %s instead",
      async (code) => {
        const { jira, requests } = site(
          { "GET /rest/servicedeskapi/request/{}": siteError(code) },
          internalOnly,
        );
        await expect(jira.comments.add({ key: "PROJ-1", body: "Hi" })).rejects.toMatchObject({
          code: "forbidden",
        });
        expect(writes(requests)).toEqual([]);
      },
    );

    it("edits only comments that are internal to the letter", async () => {
      const edit = (comment: Record<string, unknown>) =>
        site(
          {
            "GET /rest/servicedeskapi/request/{}": request,
            "GET /rest/servicedeskapi/request/{}/comment/{}": comment,
            "GET {root}/issue/{}/comment/{}": stored("Old"),
            "PUT {root}/issue/{}/comment/{}": stored("New"),
          },
          internalOnly,
        );
      const change = { key: "PROJ-1", commentId: "5", body: "New" };
      await expect(edit(note).jira.comments.edit(change)).resolves.toMatchObject({ id: "5" });
      for (const comment of [{ ...note, public: true }, { id: "6" }]) {
        await expect(edit(comment).jira.comments.edit(change)).rejects.toMatchObject({
          code: "forbidden",
        });
      }
    });
  });

  describe("editing", () => {
    const change = { key: "PROJ-1", commentId: "5", body: "New" };

    it("keeps who may see the comment unless told otherwise", async () => {
      const old = { ...stored("Old"), visibility: { type: "role", value: "Admins" } };
      const { jira, requests } = site({
        "GET {root}/issue/{}/comment/{}": old,
        "PUT {root}/issue/{}/comment/{}": {
          ...stored("New"),
          updated: "2026-02-01T09:00:00.000+0100",
        },
      });
      const edited = await jira.comments.edit(change);
      expect(edited).toMatchObject({ id: "5", updated: "2026-02-01T09:00:00+01:00" });
      const visibility = { type: "group", value: "staff" } as const;
      await jira.comments.edit({ ...change, visibility });
      expect(writes(requests)).toMatchObject([
        { json: { visibility: old.visibility } },
        { json: { visibility } },
      ]);
    });

    it("names a comment that is missing", async () => {
      const { jira } = site({ "GET {root}/issue/{}/comment/{}": siteError("not_found") });
      await expect(jira.comments.edit(change)).rejects.toMatchObject({
        code: "not_found",
        message: expect.stringContaining("Comment 5 of PROJ-1"),
      });
    });
  });

  it("stays out of other projects", async () => {
    const { jira, requests } = site({}, { projects: ["PROJ"] });
    await expect(jira.comments.add({ key: "OPS-1", body: "Hi" })).rejects.toMatchObject({
      code: "forbidden",
    });
    expect(requests).toHaveLength(0);
  });
});
