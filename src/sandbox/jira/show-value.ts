import {
  componentBean,
  issueTypeBean,
  optionBean,
  priorityBean,
  resolutionBean,
  sprintInIssue,
  statusBean,
  userBean,
  versionBean,
} from "./beans.ts";
import type { Call, Json } from "./call.ts";
import { formatDuration, jiraDate } from "./duration.ts";
import type { FieldDefinition, Issue, Value } from "./model.ts";
import { showRich } from "./text/rich.ts";
import { spentOn, statusOf, summaryOf, typeOf } from "./world.ts";

/** A field's value as the JSON of an issue has it. */
export function showValue(
  call: Call,
  issue: Issue,
  field: FieldDefinition,
  value: Value | undefined,
): unknown {
  if (field.kind === "time") return timeTracking(issue, value);
  if (value === undefined) return emptyList.has(field.id) ? [] : null;
  switch (value.kind) {
    case "string":
      return value.text;
    case "rich":
      return showRich(value.content, call.format);
    case "number":
      return value.number;
    case "date":
      return value.date;
    case "datetime":
      return jiraDate(value.at);
    case "user":
      return userBean(call, value.user);
    case "strings":
      return value.list;
    case "option":
      return optionBean(call, value.option);
    case "options":
      return value.list.map((option) => optionBean(call, option));
    case "cascade": {
      const { option, child } = value;
      const below = child === undefined ? {} : { child: optionBean(call, child) };
      return { ...optionBean(call, option), ...below };
    }
    case "status":
      return statusBean(call, value.status);
    case "type":
      return issueTypeBean(call, value.type);
    case "priority":
      return priorityBean(call, value.priority);
    case "resolution":
      return resolutionBean(call, value.resolution);
    case "components":
      return value.list.map((component) => componentBean(call, component));
    case "versions":
      return value.list.map((version) => versionBean(call, version));
    case "sprints":
      return value.list.map((sprint) => sprintInIssue(call, sprint));
    case "issue":
      return showIssueReference(call, field, value.id);
    case "time":
      return timeTracking(issue, value);
  }
}

const emptyList = new Set(["labels", "components", "fixVersions", "versions"]);

function showIssueReference(call: Call, field: FieldDefinition, id: number): unknown {
  const other = call.world.issues.get(id);
  if (other === undefined) return null;
  return field.id === "parent" ? issueReference(call, other) : other.key;
}

/** An issue inside another one: parent, sub-task or linked issue. */
export function issueReference(call: Call, issue: Issue): Json {
  const priority = issue.values.get("priority");
  return {
    id: String(issue.id),
    key: issue.key,
    self: `${call.api}/issue/${issue.id}`,
    fields: {
      summary: summaryOf(issue),
      status: statusBean(call, statusOf(issue)),
      ...(priority?.kind === "priority" ? { priority: priorityBean(call, priority.priority) } : {}),
      issuetype: issueTypeBean(call, typeOf(issue)),
    },
  };
}

function timeTracking(issue: Issue, value: Value | undefined): Json {
  const { original, remaining } = value?.kind === "time" ? value : {};
  const spent = spentOn(issue);
  return {
    ...(original === undefined
      ? {}
      : { originalEstimate: formatDuration(original), originalEstimateSeconds: original }),
    ...(remaining === undefined
      ? {}
      : { remainingEstimate: formatDuration(remaining), remainingEstimateSeconds: remaining }),
    ...(spent === 0 ? {} : { timeSpent: formatDuration(spent), timeSpentSeconds: spent }),
  };
}

/** Id and text of a value as the history records them. */
export function describeValue(
  call: Call,
  value: Value | undefined,
): { readonly id: string | null; readonly text: string | null } {
  if (value === undefined) return { id: null, text: null };
  const plain = (text: string) => ({ id: null, text });
  const item = (id: string | number, text: string) => ({ id: String(id), text });
  const all = (items: readonly { readonly id: string | number; readonly name: string }[]) =>
    item(items.map(({ id }) => id).join(", "), items.map(({ name }) => name).join(", "));
  switch (value.kind) {
    case "string":
      return plain(value.text);
    case "rich": {
      const text = showRich(value.content, "wiki");
      return plain(typeof text === "string" ? text : "");
    }
    case "number":
      return plain(String(value.number));
    case "date":
      return item(value.date, value.date);
    case "datetime":
      return item(jiraDate(value.at), jiraDate(value.at));
    case "user":
      return item(
        call.deployment === "cloud" ? value.user.accountId : value.user.key,
        value.user.displayName,
      );
    case "strings":
      return plain(value.list.join(" "));
    case "option":
      return item(value.option.id, value.option.value);
    case "options":
      return all(value.list.map(({ id, value: name }) => ({ id, name })));
    case "cascade":
      return item(
        value.option.id,
        [value.option, value.child].map((o) => o?.value ?? "").join(" "),
      );
    case "status":
      return item(value.status.id, value.status.name);
    case "type":
      return item(value.type.id, value.type.name);
    case "priority":
      return item(value.priority.id, value.priority.name);
    case "resolution":
      return item(value.resolution.id, value.resolution.name);
    case "components":
    case "versions":
    case "sprints":
      return all(value.list);
    case "issue":
      return item(value.id, call.world.issues.get(value.id)?.key ?? "");
    case "time":
      return plain(String(value.original ?? ""));
  }
}
