import { z } from "zod";
import { collectOffset } from "../atlassian/paging.ts";
import { parseAnswer } from "../atlassian/parse.ts";
import type { JiraContext } from "./context.ts";
import { compact } from "./models/compact.ts";
import { jiraUserSchema, toUser, type UserModel } from "./models/user.ts";
import { isProjectAllowed } from "./policy.ts";

const projectSchema = z.looseObject({
  id: z.string(),
  key: z.string(),
  name: z.string(),
  description: z.string().nullish(),
  projectCategory: z.looseObject({ name: z.string() }).nullish(),
  lead: jiraUserSchema.nullish(),
  projectTypeKey: z.string().optional(),
  style: z.string().optional(),
  archived: z.boolean().optional(),
});

const projectPage = z.looseObject({
  values: z.array(projectSchema).default([]),
  total: z.number().optional(),
  isLast: z.boolean().optional(),
});

export interface ProjectModel {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly description?: string | undefined;
  readonly category?: string | undefined;
  readonly lead?: UserModel | undefined;
  /** `software`, `service_desk`, `business`. */
  readonly type?: string | undefined;
  /** `next-gen` for team-managed projects. */
  readonly style?: string | undefined;
  readonly archived?: boolean | undefined;
}

const PAGE_SIZE = 100;

/** Every project in sight and within the filter. */
export async function listProjects(
  context: JiraContext,
  includeArchived: boolean,
): Promise<ProjectModel[]> {
  const { items } = await collectOffset({
    pageSize: PAGE_SIZE,
    fetch: async (startAt, maxResults) => {
      const { request, isWhole } = context.dialect.projectList(
        startAt,
        maxResults,
        includeArchived,
      );
      const answer = await context.send(request);
      return isWhole
        ? { items: parseAnswer(z.array(projectSchema), answer, "projects"), isLast: true }
        : readPage(parseAnswer(projectPage, answer, "projects"));
    },
  });
  return items.map(toProject).filter((project) => isProjectAllowed(context, project.key));
}

function readPage(page: z.output<typeof projectPage>) {
  return { items: page.values, total: page.total, isLast: page.isLast };
}

function toProject(raw: z.output<typeof projectSchema>): ProjectModel {
  return {
    id: raw.id,
    key: raw.key.toUpperCase(),
    name: raw.name,
    ...compact({
      description: raw.description,
      category: raw.projectCategory?.name,
      lead: raw.lead ? toUser(raw.lead) : undefined,
      type: raw.projectTypeKey,
      style: raw.style,
      archived: raw.archived === true ? true : undefined,
    }),
  };
}
