import type { SandboxUser } from "../types.ts";
import type { Call, Json } from "./call.ts";
import { jiraDate } from "./duration.ts";
import type {
  Component,
  IssueType,
  LinkType,
  Named,
  Option,
  Project,
  Sprint,
  Status,
  StatusCategory,
  Version,
} from "./model.ts";

function avatars(call: Call, path: string): Json {
  const url = (size: string) => `${call.site}/secure/${path}&size=${size}`;
  return {
    "48x48": url("large"),
    "24x24": url("small"),
    "16x16": url("xsmall"),
    "32x32": url("medium"),
  };
}

/** A person as each deployment names them: account id, or login and key. */
export function userBean(call: Call, user: SandboxUser): Json {
  const rest = {
    emailAddress: user.email,
    avatarUrls: avatars(call, `useravatar?ownerId=${user.name}`),
    displayName: user.displayName,
    active: user.active,
    timeZone: user.timeZone,
  };
  if (call.deployment === "datacenter") {
    const self = `${call.api}/user?username=${encodeURIComponent(user.name)}`;
    return { self, name: user.name, key: user.key, ...rest };
  }
  const self = `${call.api}/user?accountId=${encodeURIComponent(user.accountId)}`;
  return { self, accountId: user.accountId, accountType: "atlassian", ...rest };
}

function categoryBean(call: Call, category: StatusCategory): Json {
  return { self: `${call.api}/statuscategory/${category.id}`, ...category };
}

export function statusBean(call: Call, status: Status): Json {
  return {
    self: `${call.api}/status/${status.id}`,
    description: status.description,
    iconUrl: `${call.site}/images/icons/statuses/generic.png`,
    name: status.name,
    id: status.id,
    statusCategory: categoryBean(call, status.category),
  };
}

export function issueTypeBean(call: Call, type: IssueType): Json {
  return {
    self: `${call.api}/issuetype/${type.id}`,
    id: type.id,
    description: type.description,
    iconUrl: `${call.site}/images/icons/issuetypes/${type.name.toLowerCase()}.png`,
    name: type.name,
    subtask: type.subtask,
    avatarId: 10_300,
    ...(call.deployment === "cloud" ? { hierarchyLevel: type.level } : {}),
  };
}

export function priorityBean(call: Call, priority: Named): Json {
  const icon = priority.name.toLowerCase();
  return {
    self: `${call.api}/priority/${priority.id}`,
    iconUrl: `${call.site}/images/icons/priorities/${icon}.svg`,
    name: priority.name,
    id: priority.id,
  };
}

/** As listed under `/priority`, with description and colour. */
export function fullPriorityBean(call: Call, priority: Named): Json {
  return {
    ...priorityBean(call, priority),
    description: priority.description,
    statusColor: "#e5493a",
  };
}

export function resolutionBean(call: Call, resolution: Named): Json {
  const { id, name, description } = resolution;
  return { self: `${call.api}/resolution/${id}`, id, description, name };
}

export function componentBean(call: Call, component: Component): Json {
  const { id, name, description } = component;
  return { self: `${call.api}/component/${id}`, id, name, description };
}

/** As listed under a project, with lead and default assignee. */
export function fullComponentBean(call: Call, component: Component, project: Project): Json {
  const cloud = call.deployment === "cloud";
  const lead = component.lead;
  return {
    ...componentBean(call, component),
    ...(lead === undefined ? {} : { lead: userBean(call, lead) }),
    assigneeType: "PROJECT_DEFAULT",
    ...(cloud ? { realAssigneeType: "PROJECT_DEFAULT", isAssigneeTypeValid: true } : {}),
    project: project.key,
    ...(cloud ? { projectId: Number(project.id) } : {}),
  };
}

export function versionBean(call: Call, version: Version): Json {
  const { id, name, description, archived, released, releaseDate } = version;
  const self = `${call.api}/version/${id}`;
  return {
    self,
    id,
    description,
    name,
    archived,
    released,
    ...(releaseDate ? { releaseDate } : {}),
  };
}

/** As listed under a project, with start date and whether it is late. */
export function fullVersionBean(call: Call, version: Version, project: Project): Json {
  const { startDate, releaseDate, released } = version;
  const today = call.world.now().toISOString().slice(0, 10);
  return {
    ...versionBean(call, version),
    ...(startDate ? { startDate, userStartDate: startDate } : {}),
    ...(releaseDate ? { userReleaseDate: releaseDate } : {}),
    ...(releaseDate && !released ? { overdue: releaseDate < today } : {}),
    projectId: Number(project.id),
  };
}

export function optionBean(call: Call, option: Option): Json {
  const { id, value } = option;
  return { self: `${call.api}/customFieldOption/${id}`, value, id };
}

export function linkTypeBean(call: Call, type: LinkType): Json {
  return { ...type, self: `${call.api}/issueLinkType/${type.id}` };
}

/** A project inside an issue. */
export function shortProjectBean(call: Call, project: Project): Json {
  return {
    self: `${call.api}/project/${project.id}`,
    id: project.id,
    key: project.key,
    name: project.name,
    projectTypeKey: project.kind,
    ...(call.deployment === "cloud" ? { simplified: project.teamManaged } : {}),
    avatarUrls: avatars(call, `projectavatar?pid=${project.id}`),
  };
}

/** A sprint inside an issue: an object on Cloud, the text form of a Java object on Data Center. */
export function sprintInIssue(call: Call, sprint: Sprint): unknown {
  const date = (at: Date | undefined) => at?.toISOString();
  if (call.deployment === "cloud") {
    return {
      id: sprint.id,
      name: sprint.name,
      state: sprint.state,
      boardId: sprint.boardId,
      goal: sprint.goal,
      startDate: date(sprint.start),
      endDate: date(sprint.end),
      completeDate: date(sprint.completed),
    };
  }
  const members = {
    id: sprint.id,
    rapidViewId: sprint.boardId,
    state: sprint.state.toUpperCase(),
    name: sprint.name,
    startDate: date(sprint.start) ?? "<null>",
    endDate: date(sprint.end) ?? "<null>",
    completeDate: date(sprint.completed) ?? "<null>",
    activatedDate: date(sprint.start) ?? "<null>",
    sequence: sprint.id,
    goal: sprint.goal,
    synced: false,
    autoStartStop: false,
    incompleteIssuesDestinationId: "<null>",
  };
  const text = Object.entries(members).map(([name, value]) => `${name}=${value}`);
  return `com.atlassian.greenhopper.service.sprint.Sprint@${sprint.id}a2b3c[${text.join(",")}]`;
}

/** A sprint of the agile API. */
export function sprintBean(call: Call, sprint: Sprint): Json {
  const { id, name, state, start, end, completed, goal, boardId } = sprint;
  const date = (at: Date) => (call.deployment === "cloud" ? at.toISOString() : jiraDate(at));
  return {
    id,
    self: `${call.site}/rest/agile/1.0/sprint/${id}`,
    state,
    name,
    ...(start ? { startDate: date(start) } : {}),
    ...(end ? { endDate: date(end) } : {}),
    ...(completed ? { completeDate: date(completed) } : {}),
    originBoardId: boardId,
    goal,
  };
}
