import { z } from "zod";
import { collectOffset } from "../atlassian/paging.ts";
import { AtlassianMcpError } from "../errors.ts";
import { apiPath } from "../http/path.ts";
import { ask, type JiraContext, naming } from "./context.ts";
import { isoDate } from "./dates.ts";
import { compact } from "./models/compact.ts";
import { guardProject, isProjectAllowed } from "./policy.ts";

const boardSchema = z.looseObject({
  id: z.number(),
  name: z.string(),
  type: z.string().optional(),
  location: z
    .looseObject({ projectKey: z.string().optional(), projectName: z.string().optional() })
    .nullish(),
});

const sprintSchema = z.looseObject({
  id: z.number(),
  name: z.string(),
  state: z.string(),
  goal: z.string().nullish(),
  startDate: z.string().nullish(),
  endDate: z.string().nullish(),
  completeDate: z.string().nullish(),
  originBoardId: z.number().nullish(),
});

const boardPage = z.looseObject({ ...pageShape(), values: z.array(boardSchema).default([]) });
const sprintPage = z.looseObject({ ...pageShape(), values: z.array(sprintSchema).default([]) });
const projectPage = z.looseObject({
  ...pageShape(),
  values: z.array(z.looseObject({ key: z.string() })).default([]),
});

export interface BoardQuery {
  readonly name?: string | undefined;
  readonly projectKey?: string | undefined;
  readonly type?: string | undefined;
  readonly startAt: number;
  readonly limit: number;
}

export interface SprintQuery {
  readonly boardId: string;
  readonly state?: string | undefined;
  readonly startAt: number;
  readonly limit: number;
}

export interface BoardModel {
  readonly id: number;
  readonly name: string;
  readonly type?: string | undefined;
  readonly project_key?: string | undefined;
}

export interface SprintModel {
  readonly id: number;
  readonly name: string;
  readonly state: string;
  readonly goal?: string | undefined;
  readonly start_date?: string | undefined;
  readonly end_date?: string | undefined;
  readonly complete_date?: string | undefined;
  readonly origin_board_id?: number | undefined;
}

interface Paged {
  readonly start_at: number;
  readonly total?: number | undefined;
  readonly is_last: boolean;
  /** `start_at` of the next page; absent on the last one. */
  readonly next_start_at?: number | undefined;
}

/** One page of boards; those outside the allowed projects are left out. */
export async function getBoards(
  context: JiraContext,
  query: BoardQuery,
): Promise<Paged & { readonly boards: readonly BoardModel[] }> {
  if (query.projectKey !== undefined) guardProject(context, query.projectKey);
  const request = {
    path: apiPath`/rest/agile/1.0/board`,
    query: {
      name: query.name,
      projectKeyOrId: query.projectKey,
      type: query.type,
      startAt: query.startAt,
      maxResults: query.limit,
    },
  };
  const answer = ask(context, request, boardPage, "boards");
  const page = await naming(`Project ${query.projectKey ?? ""}`.trim(), answer);
  const boards = page.values.map(toBoard);
  return {
    boards: await allowedBoards(context, boards),
    ...paged(query.startAt, page, page.values.length),
  };
}

/** One page of a board's sprints. @throws AtlassianMcpError `not_found`, `forbidden`, `invalid` for Kanban boards. */
export async function getSprints(
  context: JiraContext,
  { boardId, state, startAt, limit }: SprintQuery,
): Promise<Paged & { readonly sprints: readonly SprintModel[] }> {
  await guardBoard(context, boardId);
  const request = {
    path: apiPath`/rest/agile/1.0/board/${boardId}/sprint`,
    query: { state, startAt, maxResults: limit },
  };
  const answer = ask(context, request, sprintPage, "sprints");
  const page = await naming(`Board ${boardId}`, answer);
  return { sprints: page.values.map(toSprint), ...paged(startAt, page, page.values.length) };
}

/** @throws AtlassianMcpError `forbidden` for boards that {@link getBoards} leaves out. */
async function guardBoard(context: JiraContext, boardId: string | number): Promise<void> {
  if (context.policy.projects === undefined) return;
  const request = { path: apiPath`/rest/agile/1.0/board/${boardId}` };
  const answer = ask(context, request, boardSchema, "board");
  const board = toBoard(await naming(`Board ${boardId}`, answer));
  if (isInReach(context, await projectsOf(context, board))) return;
  throw new AtlassianMcpError(
    "forbidden",
    `Board ${boardId} is outside the projects this server may use.`,
    {
      setting: "JIRA_PROJECTS_FILTER",
      next: "jira_get_agile_boards lists the boards that may be used.",
    },
  );
}

/** A board that names no project could show issues of any: it stays out. */
function isInReach(context: JiraContext, projectKeys: readonly string[]): boolean {
  return projectKeys.length > 0 && projectKeys.every((key) => isProjectAllowed(context, key));
}

async function allowedBoards(
  context: JiraContext,
  boards: readonly BoardModel[],
): Promise<readonly BoardModel[]> {
  if (context.policy.projects === undefined) return boards;
  const checked = await Promise.all(
    boards.map(async (board) => isInReach(context, await projectsOf(context, board))),
  );
  return boards.filter((_, index) => checked[index] === true);
}

/** The project a board lives in; for boards of people, the projects that it shows. */
async function projectsOf(context: JiraContext, board: BoardModel): Promise<string[]> {
  if (board.project_key !== undefined) return [board.project_key];
  const boardId = board.id;
  const { items } = await collectOffset({
    pageSize: 50,
    fetch: async (startAt, maxResults) => {
      const request = {
        path: apiPath`/rest/agile/1.0/board/${boardId}/project`,
        query: { startAt, maxResults },
      };
      const answer = ask(context, request, projectPage, "projects of the board");
      const page = await naming(`Board ${boardId}`, answer);
      return { items: page.values, total: page.total, isLast: page.isLast };
    },
  });
  return items.map(({ key }) => key);
}

function pageShape() {
  return {
    startAt: z.number().optional(),
    maxResults: z.number().optional(),
    total: z.number().optional(),
    isLast: z.boolean().optional(),
  };
}

function paged(
  startAt: number,
  page: { total?: number | undefined; isLast?: boolean | undefined },
  received: number,
): Paged {
  const end = startAt + received;
  const isLast = page.isLast ?? (received === 0 || (page.total !== undefined && end >= page.total));
  return {
    start_at: startAt,
    ...compact({ total: page.total }),
    is_last: isLast,
    ...(isLast ? {} : { next_start_at: end }),
  };
}

function toBoard({ id, name, type, location }: z.output<typeof boardSchema>): BoardModel {
  return { id, name, ...compact({ type, project_key: location?.projectKey }) };
}

function toSprint(raw: z.output<typeof sprintSchema>): SprintModel {
  const date = (text: string | null | undefined) => (text ? isoDate(text) : undefined);
  return {
    id: raw.id,
    name: raw.name,
    state: raw.state.toLowerCase(),
    ...compact({
      goal: raw.goal,
      start_date: date(raw.startDate),
      end_date: date(raw.endDate),
      complete_date: date(raw.completeDate),
      origin_board_id: raw.originBoardId,
    }),
  };
}
