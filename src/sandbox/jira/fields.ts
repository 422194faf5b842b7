import type { SandboxDeployment } from "../types.ts";
import type { FieldDefinition, IssueType, Option, Project, Value } from "./model.ts";

/** Ids that differ between the deployments; `epicLink` and `epicName` exist on Data Center only. */
export interface FieldIds {
  readonly sprint: string;
  readonly storyPoints: string;
  /** Story points of team-managed projects, Cloud only. */
  readonly storyPointEstimate?: string | undefined;
  readonly rank: string;
  readonly epicLink?: string | undefined;
  readonly epicName?: string | undefined;
  readonly severity: string;
  readonly area: string;
  readonly releaseNotes: string;
  readonly browsers: string;
  readonly reference: string;
  readonly goLive: string;
  readonly reviewer: string;
}

const custom = (number: number) => `customfield_${number}`;

const shared = {
  severity: custom(10040),
  area: custom(10041),
  releaseNotes: custom(10042),
  browsers: custom(10043),
  reference: custom(10044),
  goLive: custom(10045),
  reviewer: custom(10046),
};

const cloudIds: FieldIds = {
  ...shared,
  sprint: custom(10020),
  storyPoints: custom(10026),
  storyPointEstimate: custom(10016),
  rank: custom(10019),
};

const dataCenterIds: FieldIds = {
  ...shared,
  sprint: custom(10104),
  storyPoints: custom(10106),
  rank: custom(10105),
  epicLink: custom(10101),
  epicName: custom(10103),
};

export function fieldIds(deployment: SandboxDeployment): FieldIds {
  return deployment === "cloud" ? cloudIds : dataCenterIds;
}

type Screen = FieldDefinition["screen"];

const everywhere: Screen = () => true;
const standardTypes: Screen = (_project, type) => type.level === 0;
const onType =
  (...names: readonly string[]): Screen =>
  (_project, type) =>
    names.includes(type.name);

const greenhopper = "com.pyxis.greenhopper.jira";
const basic = "com.atlassian.jira.plugin.system.customfieldtypes";

function system(
  id: string,
  name: string,
  kind: FieldDefinition["kind"],
  type: string,
  more: Partial<FieldDefinition> & { readonly items?: string } = {},
): FieldDefinition {
  const { items, ...rest } = more;
  return {
    id,
    name,
    kind,
    schema: { type, ...(items === undefined ? {} : { items }), system: id },
    custom: false,
    clauses: [id],
    navigable: true,
    ...rest,
  };
}

function customField(
  id: string,
  name: string,
  kind: Value["kind"] | "derived",
  type: string,
  customType: string,
  more: Partial<FieldDefinition> & { readonly items?: string } = {},
): FieldDefinition {
  const { items, ...rest } = more;
  const customId = Number(id.slice("customfield_".length));
  const schema = { type, ...(items === undefined ? {} : { items }), custom: customType, customId };
  return {
    id,
    name,
    kind,
    schema,
    custom: true,
    clauses: [`cf[${customId}]`, name],
    navigable: true,
    ...rest,
  };
}

const always = () => true;

const systemFields: readonly FieldDefinition[] = [
  system("summary", "Summary", "string", "string", { screen: everywhere, required: always }),
  system("issuetype", "Issue Type", "type", "issuetype", {
    screen: everywhere,
    required: always,
    clauses: ["issuetype", "type"],
  }),
  system("project", "Project", "derived", "project", {
    screen: everywhere,
    required: always,
    createOnly: true,
  }),
  system("description", "Description", "rich", "string", { screen: everywhere }),
  system("environment", "Environment", "rich", "string", { screen: onType("Bug", "Incident") }),
  system("status", "Status", "status", "status"),
  system("priority", "Priority", "priority", "priority", { screen: everywhere }),
  system("resolution", "Resolution", "resolution", "resolution"),
  system("resolutiondate", "Resolved", "datetime", "datetime", {
    clauses: ["resolutiondate", "resolved"],
  }),
  system("assignee", "Assignee", "user", "user", { screen: everywhere }),
  system("reporter", "Reporter", "user", "user", { screen: everywhere }),
  system("creator", "Creator", "derived", "user"),
  system("labels", "Labels", "strings", "array", { items: "string", screen: everywhere }),
  system("components", "Components", "components", "array", {
    items: "component",
    clauses: ["component"],
    screen: (project) => project.components.length > 0,
  }),
  system("fixVersions", "Fix versions", "versions", "array", {
    items: "version",
    clauses: ["fixVersion"],
    screen: (project) => project.versions.length > 0,
  }),
  system("versions", "Affects versions", "versions", "array", {
    items: "version",
    clauses: ["affectedVersion"],
    screen: (project, type) => project.versions.length > 0 && type.name === "Bug",
  }),
  system("duedate", "Due date", "date", "date", {
    clauses: ["due", "duedate"],
    screen: everywhere,
  }),
  system("created", "Created", "derived", "datetime", { clauses: ["created", "createdDate"] }),
  system("updated", "Updated", "derived", "datetime", { clauses: ["updated", "updatedDate"] }),
  system("timetracking", "Time tracking", "time", "timetracking", {
    clauses: [],
    navigable: false,
    screen: (_project, type) => type.level < 1,
  }),
  system("timespent", "Time Spent", "derived", "number"),
  system("timeestimate", "Remaining Estimate", "derived", "number", {
    clauses: ["remainingEstimate", "timeestimate"],
  }),
  system("timeoriginalestimate", "Original estimate", "derived", "number", {
    clauses: ["originalEstimate", "timeoriginalestimate"],
  }),
  system("watches", "Watchers", "derived", "watches", { clauses: ["watchers"] }),
  system("votes", "Votes", "derived", "votes"),
  system("comment", "Comment", "derived", "comments-page", { navigable: false }),
  system("worklog", "Log Work", "derived", "array", { items: "worklog", navigable: false }),
  system("issuelinks", "Linked Issues", "derived", "array", { items: "issuelinks", clauses: [] }),
  system("subtasks", "Sub-tasks", "derived", "array", { items: "issuelinks", clauses: [] }),
  system("attachment", "Attachment", "derived", "array", {
    items: "attachment",
    clauses: ["attachments"],
    navigable: false,
  }),
];

function options(first: number, ...values: readonly string[]): Option[] {
  return values.map((value, index) => ({ id: String(first + index), value }));
}

const areas: readonly Option[] = [
  { id: "10120", value: "Shop", children: options(10121, "Search", "Basket", "Checkout") },
  { id: "10130", value: "Warehouse", children: options(10131, "Stock", "Returns") },
];

function sharedCustomFields(ids: FieldIds): FieldDefinition[] {
  const incident = (_project: Project, type: IssueType) => type.name === "Incident";
  return [
    customField(ids.severity, "Severity", "option", "option", `${basic}:select`, {
      options: options(10100, "Critical", "Major", "Minor"),
      screen: onType("Bug", "Incident"),
      required: incident,
    }),
    customField(
      ids.area,
      "Product area",
      "cascade",
      "option-with-child",
      `${basic}:cascadingselect`,
      {
        options: areas,
        screen: standardTypes,
      },
    ),
    customField(ids.releaseNotes, "Release notes", "rich", "string", `${basic}:textarea`, {
      screen: onType("Story", "Bug", "Epic"),
    }),
    customField(ids.browsers, "Browsers", "options", "array", `${basic}:multiselect`, {
      items: "option",
      options: options(10110, "Firefox", "Chrome", "Safari"),
      screen: onType("Bug"),
    }),
    customField(ids.reference, "Customer reference", "string", "string", `${basic}:textfield`, {
      screen: standardTypes,
    }),
    customField(ids.goLive, "Go-live date", "date", "date", `${basic}:datepicker`, {
      screen: onType("Epic", "Story", "Task"),
    }),
    customField(ids.reviewer, "Reviewer", "user", "user", `${basic}:userpicker`, {
      screen: everywhere,
    }),
    customField(ids.rank, "Rank", "derived", "any", `${greenhopper}:gh-lexo-rank`),
    customField(ids.sprint, "Sprint", "sprints", "array", `${greenhopper}:gh-sprint`, {
      items: "json",
      screen: (project, type) => project.kind === "software" && type.level === 0,
    }),
  ];
}

function storyPoints(
  id: string,
  name: string,
  type: string,
  more: Partial<FieldDefinition>,
): FieldDefinition {
  return customField(id, name, "number", "number", type, more);
}

/** Every field of a site. `teamManaged` is the one project with its own story point field on Cloud. */
export function createFields(
  deployment: SandboxDeployment,
  teamManaged: { readonly id: string },
): readonly FieldDefinition[] {
  const ids = fieldIds(deployment);
  const estimable = (project: Project, type: IssueType) =>
    project.kind === "software" && ["Story", "Task", "Bug"].includes(type.name);
  const fields = [
    ...systemFields,
    ...sharedCustomFields(ids),
    storyPoints(ids.storyPoints, "Story Points", `${basic}:float`, {
      screen: (project, type) =>
        estimable(project, type) && (deployment === "datacenter" || !project.teamManaged),
    }),
  ];
  const subtaskParent = (_project: Project, type: IssueType) => type.subtask;
  if (deployment === "cloud") {
    fields.push(
      storyPoints(
        ids.storyPointEstimate ?? "",
        "Story point estimate",
        `${greenhopper}:jsw-story-points`,
        {
          screen: (project, type) => estimable(project, type) && project.teamManaged,
          projectId: teamManaged.id,
        },
      ),
      {
        ...system("parent", "Parent", "issue", "issuelink"),
        screen: (_project, type) => type.level < 1,
        required: subtaskParent,
      },
    );
    return fields;
  }
  fields.push(
    {
      ...system("parent", "Parent", "issue", "issuelink"),
      screen: subtaskParent,
      required: subtaskParent,
    },
    customField(ids.epicLink ?? "", "Epic Link", "issue", "any", `${greenhopper}:gh-epic-link`, {
      screen: standardTypes,
    }),
    customField(
      ids.epicName ?? "",
      "Epic Name",
      "string",
      "string",
      `${greenhopper}:gh-epic-label`,
      {
        screen: onType("Epic"),
        required: (_project, type) => type.name === "Epic",
      },
    ),
  );
  return fields;
}
