import {
  componentBean,
  fullPriorityBean,
  issueTypeBean,
  optionBean,
  shortProjectBean,
  versionBean,
} from "./beans.ts";
import type { Call, Json } from "./call.ts";
import { priorities } from "./catalog.ts";
import type { FieldDefinition, IssueType, Project } from "./model.ts";

/** What a create screen says about one field; on an edit screen of Cloud the member `fieldId` is missing. */
export function fieldMeta(
  call: Call,
  field: FieldDefinition,
  project: Project,
  type: IssueType,
  screen: "create" | "edit",
): Json {
  const allowedValues = allowedValuesOf(call, field, project, type);
  const search = field.kind === "user" ? userSearchUrl(call, field, project) : undefined;
  return {
    required: field.required?.(project, type) === true,
    schema: field.schema,
    name: field.name,
    key: field.id,
    ...(screen === "create" || call.deployment === "datacenter" ? { fieldId: field.id } : {}),
    hasDefaultValue: field.id === "priority",
    operations: operationsOf(field),
    ...(search === undefined ? {} : { autoCompleteUrl: search }),
    ...(allowedValues === undefined ? {} : { allowedValues }),
    ...(field.id === "priority" ? { defaultValue: fullPriorityBean(call, mediumPriority()) } : {}),
  };
}

function mediumPriority() {
  const medium = priorities.find(({ name }) => name === "Medium");
  if (medium === undefined) throw new Error("no priority Medium");
  return medium;
}

function operationsOf(field: FieldDefinition): string[] {
  const lists = ["strings", "components", "versions", "options"];
  if (field.kind === "time") return ["set", "edit"];
  return lists.includes(field.kind) ? ["add", "set", "remove"] : ["set"];
}

function userSearchUrl(call: Call, field: FieldDefinition, project: Project): string {
  if (field.id !== "assignee") return `${call.api}/user/search?query=`;
  const name = call.deployment === "cloud" ? "query" : "username";
  return `${call.api}/user/assignable/search?project=${project.key}&${name}=`;
}

function allowedValuesOf(
  call: Call,
  field: FieldDefinition,
  project: Project,
  type: IssueType,
): unknown[] | undefined {
  switch (field.kind) {
    case "type":
      return [issueTypeBean(call, type)];
    case "priority":
      return priorities.map((priority) => fullPriorityBean(call, priority));
    case "components":
      return project.components.map((component) => componentBean(call, component));
    case "versions":
      return project.versions
        .filter((version) => !version.archived)
        .map((version) => versionBean(call, version));
    case "option":
    case "options":
    case "cascade":
      return (field.options ?? []).map(({ children, ...option }) => ({
        ...optionBean(call, option),
        ...(children === undefined
          ? {}
          : { children: children.map((child) => optionBean(call, child)) }),
      }));
    default:
      return field.id === "project" ? [shortProjectBean(call, project)] : undefined;
  }
}
