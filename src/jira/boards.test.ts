import { describe, expect, it } from "vitest";
import { fakeJira, jiraSites, siteError } from "../../test/fakes/jira.ts";

const board = (id: number, projectKey?: string) => ({
  id,
  name: `Board ${id}`,
  type: "scrum",
  ...(projectKey === undefined ? {} : { location: { projectKey, projectId: 1 } }),
});

describe.each(jiraSites)("boards on $deployment", ({ deployment }) => {
  const page = { startAt: 0, limit: 2 };

  it("come with project and paging", async () => {
    const { jira, sent } = fakeJira(deployment, {
      "GET /rest/agile/1.0/board": {
        values: [board(1, "PROJ"), board(2)],
        total: 5,
        isLast: false,
      },
    });
    const query = { name: "Bo", projectKey: "PROJ", type: "scrum", ...page };
    await expect(jira.boards.list(query)).resolves.toEqual({
      boards: [
        { id: 1, name: "Board 1", type: "scrum", project_key: "PROJ" },
        { id: 2, name: "Board 2", type: "scrum" },
      ],
      start_at: 0,
      total: 5,
      is_last: false,
      next_start_at: 2,
    });
    expect(sent()).toEqual([
      "GET /rest/agile/1.0/board?name=Bo&projectKeyOrId=PROJ&type=scrum&startAt=0&maxResults=2",
    ]);
  });

  it("outside the allowed projects are left out", async () => {
    const { jira } = fakeJira(
      deployment,
      {
        "GET /rest/agile/1.0/board": {
          values: [board(1, "PROJ"), board(2, "OPS"), board(3), board(4), board(5)],
        },
        "GET /rest/agile/1.0/board/3/project": { values: [{ key: "PROJ" }], isLast: true },
        "GET /rest/agile/1.0/board/5/project": { values: [], isLast: true },
        "GET /rest/agile/1.0/board/4/project": {
          values: [{ key: "PROJ" }, { key: "OPS" }],
          isLast: true,
        },
      },
      { projects: ["PROJ"] },
    );
    const { boards } = await jira.boards.list(page);
    expect(boards.map(({ id }) => id)).toEqual([1, 3]);
    await expect(jira.boards.list({ ...page, projectKey: "OPS" })).rejects.toMatchObject({
      code: "forbidden",
    });
  });

  it("pass on errors instead of an empty list", async () => {
    const { jira } = fakeJira(deployment, { "GET /rest/agile/1.0/board": siteError("forbidden") });
    await expect(jira.boards.list(page)).rejects.toMatchObject({ code: "forbidden" });
  });

  it("have sprints with all their dates", async () => {
    const { jira, sent } = fakeJira(deployment, {
      "GET /rest/agile/1.0/board/{}/sprint": {
        isLast: true,
        values: [
          {
            id: 7,
            name: "Sprint 7",
            state: "CLOSED",
            goal: "",
            startDate: "2026-01-01T09:00:00.000+0100",
            endDate: "2026-01-14T09:00:00.000Z",
            completeDate: "2026-01-15T09:00:00.000Z",
            originBoardId: 1,
          },
        ],
      },
    });
    await expect(jira.boards.sprints({ boardId: "1", state: "closed", ...page })).resolves.toEqual({
      sprints: [
        {
          id: 7,
          name: "Sprint 7",
          state: "closed",
          start_date: "2026-01-01T09:00:00+01:00",
          end_date: "2026-01-14T09:00:00Z",
          complete_date: "2026-01-15T09:00:00Z",
          origin_board_id: 1,
        },
      ],
      start_at: 0,
      is_last: true,
    });
    expect(sent()).toEqual([
      "GET /rest/agile/1.0/board/1/sprint?state=closed&startAt=0&maxResults=2",
    ]);
  });

  it.each([
    ["another project", board(2, "OPS"), []],
    ["no project", board(2), []],
    ["an allowed and another project", board(2), ["PROJ", "OPS"]],
  ])("of %s do not show their sprints", async (_, given, keys) => {
    const { jira, sent } = fakeJira(
      deployment,
      {
        "GET /rest/agile/1.0/board/{}": given,
        "GET /rest/agile/1.0/board/{}/project": {
          values: keys.map((key) => ({ key })),
          isLast: true,
        },
        "GET /rest/agile/1.0/board/{}/sprint": { values: [], isLast: true },
      },
      { projects: ["PROJ"] },
    );
    await expect(jira.boards.sprints({ boardId: "2", ...page })).rejects.toMatchObject({
      code: "forbidden",
      details: { setting: "JIRA_PROJECTS_FILTER" },
    });
    expect(sent()).not.toContainEqual(expect.stringContaining("/sprint"));
  });

  it("of allowed projects alone show their sprints", async () => {
    const { jira } = fakeJira(
      deployment,
      {
        "GET /rest/agile/1.0/board/{}": board(3),
        "GET /rest/agile/1.0/board/{}/project": { values: [{ key: "PROJ" }], isLast: true },
        "GET /rest/agile/1.0/board/{}/sprint": {
          values: [{ id: 7, name: "Sprint 7", state: "active" }],
          isLast: true,
        },
      },
      { projects: ["PROJ"] },
    );
    await expect(jira.boards.sprints({ boardId: "3", ...page })).resolves.toMatchObject({
      sprints: [{ id: 7 }],
    });
  });

  it("that are missing are named", async () => {
    const { jira } = fakeJira(deployment, {
      "GET /rest/agile/1.0/board/{}/sprint": siteError("not_found"),
    });
    await expect(jira.boards.sprints({ boardId: "9", ...page })).rejects.toMatchObject({
      code: "not_found",
      message: expect.stringContaining("Board 9"),
    });
  });
});
