import type { SandboxAnswer } from "../../types.ts";
import {
  fullComponentBean,
  fullVersionBean,
  issueTypeBean,
  shortProjectBean,
  statusBean,
  userBean,
} from "../beans.ts";
import {
  bodyOf,
  type Call,
  type Json,
  ok,
  pageOf,
  projectOf,
  textOf,
  valuesPage,
  wordsOf,
} from "../call.ts";
import { statuses } from "../catalog.ts";
import { expandSet } from "../issue-bean.ts";
import type { Project, Version } from "../model.ts";
import { fieldRefusal, refusal } from "../refusal.ts";
import type { Operation } from "../route.ts";
import { canSee, findProject } from "../world.ts";

/** Projects with their versions and components. */
export const projectOperations: readonly Operation[] = [
  { method: "GET", path: "/project/search", on: "cloud", run: searchProjects },
  {
    method: "GET",
    path: "/project",
    run: (call) => ok(visible(call).map((project) => projectBean(call, project))),
  },
  {
    method: "GET",
    path: "/project/{projectIdOrKey}",
    run: (call) => ok(wholeProject(call, projectOf(call))),
  },
  { method: "GET", path: "/project/{projectIdOrKey}/statuses", run: projectStatuses },
  {
    method: "GET",
    path: "/project/{projectIdOrKey}/versions",
    run: (call) => {
      const project = projectOf(call);
      return ok(project.versions.map((version) => fullVersionBean(call, version, project)));
    },
  },
  { method: "GET", path: "/project/{projectIdOrKey}/version", run: pagedVersions },
  {
    method: "GET",
    path: "/project/{projectIdOrKey}/components",
    run: (call) => {
      const project = projectOf(call);
      return ok(project.components.map((component) => fullComponentBean(call, component, project)));
    },
  },
  { method: "POST", path: "/version", run: createVersion },
  { method: "GET", path: "/version/{id}", run: readVersion },
  { method: "PUT", path: "/version/{id}", run: updateVersion },
];

function visible(call: Call): Project[] {
  return call.world.projects.filter((project) => canSee(call.user, project));
}

function searchProjects(call: Call): SandboxAnswer {
  const query = call.query.get("query")?.toLowerCase() ?? "";
  const keys = wordsOf(call, "keys");
  const kinds = wordsOf(call, "typeKey");
  const found = visible(call).filter(
    ({ key, name, kind }) =>
      (key.toLowerCase().includes(query) || name.toLowerCase().includes(query)) &&
      (keys.length === 0 || keys.includes(key)) &&
      (kinds.length === 0 || kinds.includes(kind)),
  );
  const order = call.query.get("orderBy") ?? "key";
  const by = /name$/.test(order) ? "name" : "key";
  found.sort((a, b) => a[by].localeCompare(b[by]));
  if (order.startsWith("-")) found.reverse();
  const page = pageOf(call, found, 50, 100);
  const self = `${call.api}/project/search?startAt=${page.startAt}&maxResults=${page.maxResults}`;
  return ok({ self, ...valuesPage(page, (project) => projectBean(call, project)) });
}

function projectBean(call: Call, project: Project): Json {
  const expand = expandSet(call.query.get("expand"));
  return {
    expand: "description,lead,issueTypes,url,projectKeys,permissions,insight",
    ...shortProjectBean(call, project),
    ...(expand.has("description") ? { description: project.description } : {}),
    ...(expand.has("lead") ? { lead: userBean(call, project.lead) } : {}),
    ...(expand.has("issueTypes")
      ? { issueTypes: project.issueTypes.map((type) => issueTypeBean(call, type)) }
      : {}),
    ...(call.deployment === "cloud"
      ? { style: project.teamManaged ? "next-gen" : "classic", isPrivate: false, properties: {} }
      : {}),
  };
}

function wholeProject(call: Call, project: Project): Json {
  return {
    ...projectBean(call, project),
    description: project.description,
    lead: userBean(call, project.lead),
    components: project.components.map((component) => fullComponentBean(call, component, project)),
    issueTypes: project.issueTypes.map((type) => issueTypeBean(call, type)),
    assigneeType: "UNASSIGNED",
    versions: project.versions.map((version) => fullVersionBean(call, version, project)),
    roles: { Administrators: `${call.api}/project/${project.id}/role/10002` },
  };
}

function projectStatuses(call: Call): SandboxAnswer {
  const all = Object.values(statuses).map((status) => statusBean(call, status));
  return ok(
    projectOf(call).issueTypes.map(({ id, name, subtask }) => ({
      self: `${call.api}/issuetype/${id}`,
      id,
      name,
      subtask,
      statuses: all,
    })),
  );
}

function pagedVersions(call: Call): SandboxAnswer {
  const project = projectOf(call);
  const page = pageOf(call, project.versions, 50, 50);
  return ok(valuesPage(page, (version) => fullVersionBean(call, version, project)));
}

function createVersion(call: Call): SandboxAnswer {
  const body = bodyOf(call);
  const wanted = body["projectId"] ?? body["project"];
  const project = findProject(call.world, call.user, String(wanted ?? ""));
  if (project === undefined) {
    throw refusal(404, `No project could be found with id or key '${String(wanted)}'.`);
  }
  const version: Version = {
    id: String(call.world.nextId()),
    name: "",
    description: "",
    released: false,
    archived: false,
    ...changesOf(project, body, undefined),
  };
  if (version.name === "") throw fieldRefusal({ name: "You must specify a valid version name" });
  project.versions.push(version);
  return ok(fullVersionBean(call, version, project), 201);
}

function versionOf(call: Call): { readonly version: Version; readonly project: Project } {
  const id = call.params["id"] ?? "";
  for (const project of visible(call)) {
    const version = project.versions.find((candidate) => candidate.id === id);
    if (version !== undefined) return { version, project };
  }
  throw refusal(404, `Could not find version for id '${id}'`);
}

function readVersion(call: Call): SandboxAnswer {
  const { version, project } = versionOf(call);
  return ok(fullVersionBean(call, version, project));
}

function updateVersion(call: Call): SandboxAnswer {
  const { version, project } = versionOf(call);
  Object.assign(version, changesOf(project, bodyOf(call), version));
  return ok(fullVersionBean(call, version, project));
}

function changesOf(project: Project, body: Json, version: Version | undefined): Partial<Version> {
  const changes: Partial<Version> = {};
  const name = textOf(body, "name")?.trim();
  if (name !== undefined) {
    if (project.versions.some((other) => other !== version && other.name === name)) {
      throw fieldRefusal({ name: "A version with this name already exists in this project." });
    }
    changes.name = name;
  }
  for (const member of ["description", "startDate", "releaseDate"] as const) {
    const text = textOf(body, member);
    if (text === undefined) continue;
    if (member !== "description" && !/^\d{4}-\d\d-\d\d$/.test(text)) {
      throw fieldRefusal({ [member]: "The date must be in the format yyyy-MM-dd." });
    }
    changes[member] = text;
  }
  for (const member of ["released", "archived"] as const) {
    const flag = body[member];
    if (typeof flag === "boolean") changes[member] = flag;
  }
  const { startDate, releaseDate } = { ...version, ...changes };
  if (startDate !== undefined && releaseDate !== undefined && startDate > releaseDate) {
    throw fieldRefusal({ releaseDate: "The release date must be after the start date." });
  }
  return changes;
}
