import type { Call } from "../call.ts";
import { priorities, resolutions, statusCategories, statuses } from "../catalog.ts";
import type { FieldDefinition, Issue, Value } from "../model.ts";
import { plainText } from "../text/rich.ts";
import { canSee, findIssue, parentOf, spentOn, sprintsOf, statusOf, typeOf } from "../world.ts";

/** A field as JQL sees it. */
export interface ClauseField {
  /** As messages name it. */
  readonly name: string;
  /** `match`: equality on tokens; the others compare or search. */
  readonly kind: "match" | "text" | "date" | "number";
  /** Ordered fields take `<`, `>` although they match by token: priority and key. */
  readonly rank?: ((token: string) => number) | undefined;
  /** Tokens of an issue; empty is EMPTY. */
  tokens?(issue: Issue): readonly string[];
  /** Tokens that an operand stands for; `undefined` where there is no such value. */
  resolve?(text: string): readonly string[] | undefined;
  text?(issue: Issue): string;
  /** Milliseconds for dates. */
  number?(issue: Issue): number | undefined;
  /** For ORDER BY, where the above is not what to sort by. */
  sort?(issue: Issue): string | number | undefined;
}

/** The field with this name, in any case; `undefined` where there is none. */
export function clauseField(call: Call, name: string): ClauseField | undefined {
  const wanted = name.toLowerCase();
  const system = systemField(call, wanted);
  if (system !== undefined) return system;
  const definition = call.world.fields.find(
    (field) =>
      field.id === wanted || field.clauses.some((clause) => clause.toLowerCase() === wanted),
  );
  return definition && definedField(call, definition);
}

function systemField(call: Call, name: string): ClauseField | undefined {
  switch (name) {
    case "project":
      return projectField(call);
    case "key":
    case "issuekey":
    case "issue":
    case "id":
      return keyField(call);
    case "parent":
      return {
        ...issueField(call, "parent"),
        tokens: (issue) => idOf(parentOf(call.world, issue)),
      };
    case "statuscategory":
      return named("statusCategory", Object.values(statusCategories), (issue) => [
        String(statusOf(issue).category.id),
      ]);
    case "status":
      return named("status", Object.values(statuses), (issue) => [statusOf(issue).id]);
    case "issuetype":
    case "type": {
      const types = call.world.projects.flatMap(({ issueTypes }) => issueTypes);
      return named("issuetype", types, (issue) => [typeOf(issue).id]);
    }
    case "creator":
      return userField(call, "creator", (issue) => [issue.creator.accountId]);
    case "watcher":
      return userField(call, "watcher", ({ watchers }) =>
        [...watchers].map((user) => user.accountId),
      );
    case "worklogauthor":
      return userField(call, "worklogAuthor", ({ worklogs }) =>
        worklogs.map(({ author }) => author.accountId),
      );
    case "attachments":
      return {
        name,
        kind: "match",
        tokens: ({ attachments }) => attachments.map(({ id }) => String(id)),
        // Only IS EMPTY and IS NOT EMPTY are asked of it.
        resolve: () => undefined,
      };
    case "text":
      return { name: "text", kind: "text", text: allText };
    case "comment":
      return { name: "comment", kind: "text", text: commentText };
    case "created":
    case "createddate":
      return { name: "created", kind: "date", number: (issue) => issue.created.getTime() };
    case "updated":
    case "updateddate":
      return { name: "updated", kind: "date", number: (issue) => issue.updated.getTime() };
    case "timespent":
      return { name: "timespent", kind: "number", number: (issue) => spentOn(issue) || undefined };
    case "remainingestimate":
    case "originalestimate":
      return { name, kind: "number", number: (issue) => estimateOf(issue, name) };
    case "rank":
      return { name: "Rank", kind: "number", number: (issue) => issue.rank };
    default:
      return undefined;
  }
}

function definedField(call: Call, field: FieldDefinition): ClauseField | undefined {
  const { id } = field;
  const name = field.custom ? field.name : (field.clauses[0] ?? id);
  const valueIn = (issue: Issue) => issue.values.get(id);
  switch (field.kind) {
    case "string":
    case "rich":
      return { name, kind: "text", text: (issue) => textOf(valueIn(issue)) };
    case "number":
    case "date":
    case "datetime":
      return {
        name,
        kind: field.kind === "number" ? "number" : "date",
        number: (issue) => numberOf(valueIn(issue)),
      };
    case "user":
      return userField(call, name, (issue) => tokensOf(valueIn(issue)));
    case "strings": {
      const tokens = (issue: Issue) => tokensOf(valueIn(issue));
      return { name, kind: "match", tokens, resolve: (text) => [text.toLowerCase()] };
    }
    case "priority":
      return {
        ...named(name, priorities, (issue) => tokensOf(valueIn(issue))),
        rank: (token) => -Number(token),
      };
    case "resolution":
      return named(name, resolutions, (issue) => tokensOf(valueIn(issue)));
    case "components":
    case "versions": {
      const items = call.world.projects.flatMap((project) => [
        ...(field.kind === "components" ? project.components : project.versions),
      ]);
      return named(name, items, (issue) => tokensOf(valueIn(issue)));
    }
    case "option":
    case "options":
    case "cascade": {
      const all = (field.options ?? []).flatMap((option) => [option, ...(option.children ?? [])]);
      const items = all.map((option) => ({ id: option.id, name: option.value }));
      return named(name, items, (issue) => tokensOf(valueIn(issue)));
    }
    case "sprints":
      return named(name, call.world.sprints, (issue) =>
        sprintsOf(call.world, issue).map((sprint) => String(sprint.id)),
      );
    case "issue":
      return { ...issueField(call, name), tokens: (issue) => tokensOf(valueIn(issue)) };
    default:
      return undefined;
  }
}

function named(
  name: string,
  items: readonly { readonly id: string | number; readonly name: string }[],
  tokens: (issue: Issue) => readonly string[],
): ClauseField {
  return {
    name,
    kind: "match",
    tokens,
    resolve(text) {
      const wanted = text.toLowerCase();
      const found = items.filter((item) => item.name.toLowerCase() === wanted);
      const hits = found.length > 0 ? found : items.filter((item) => String(item.id) === text);
      return hits.length === 0 ? undefined : [...new Set(hits.map((item) => String(item.id)))];
    },
    sort: (issue) => {
      const [first] = tokens(issue);
      return items.find((item) => String(item.id) === first)?.name.toLowerCase();
    },
  };
}

function projectField(call: Call): ClauseField {
  const { projects } = call.world;
  // Cloud answers a hidden project with an empty result, Data Center says that it does not exist.
  const known = projects.filter(
    (project) => call.deployment === "cloud" || canSee(call.user, project),
  );
  return {
    name: "project",
    kind: "match",
    tokens: (issue) => [issue.project.id],
    resolve(text) {
      const wanted = text.toLowerCase();
      const project = known.find(
        ({ id, key, name }) =>
          id === text || key.toLowerCase() === wanted || name.toLowerCase() === wanted,
      );
      return project && [project.id];
    },
    sort: (issue) => issue.project.name.toLowerCase(),
  };
}

function issueField(call: Call, name: string): ClauseField {
  return {
    name,
    kind: "match",
    resolve: (text) => {
      const issue = findIssue(call.world, call.user, text);
      return issue && idOf(issue);
    },
  };
}

function keyField(call: Call): ClauseField {
  const number = (issue: Issue | undefined) => Number(issue?.key.split("-")[1]);
  return {
    ...issueField(call, "key"),
    tokens: idOf,
    rank: (token) => number(call.world.issues.get(Number(token))),
    sort: (issue) => `${issue.project.key}-${String(number(issue)).padStart(8, "0")}`,
  };
}

function idOf(issue: Issue | undefined): string[] {
  return issue === undefined ? [] : [String(issue.id)];
}

function userField(
  call: Call,
  name: string,
  tokens: (issue: Issue) => readonly string[],
): ClauseField {
  const { users } = call.world;
  return {
    name,
    kind: "match",
    tokens,
    resolve(text) {
      const wanted = text.toLowerCase();
      const hits = users.filter((user) => {
        const own = call.deployment === "cloud" ? [user.accountId] : [user.name, user.key];
        return [...own, user.email, user.displayName].some((id) => id.toLowerCase() === wanted);
      });
      return hits.length === 0 ? undefined : hits.map((user) => user.accountId);
    },
    sort: (issue) => {
      const [first] = tokens(issue);
      return users.find((user) => user.accountId === first)?.displayName.toLowerCase();
    },
  };
}

function tokensOf(value: Value | undefined): string[] {
  switch (value?.kind) {
    case "user":
      return [value.user.accountId];
    case "strings":
      return value.list.map((label) => label.toLowerCase());
    case "priority":
      return [value.priority.id];
    case "resolution":
      return [value.resolution.id];
    case "components":
    case "versions":
      return value.list.map(({ id }) => id);
    case "option":
      return [value.option.id];
    case "options":
      return value.list.map(({ id }) => id);
    case "cascade":
      return [value.option.id, ...(value.child === undefined ? [] : [value.child.id])];
    case "issue":
      return [String(value.id)];
    default:
      return [];
  }
}

function textOf(value: Value | undefined): string {
  if (value?.kind === "string") return value.text;
  return value?.kind === "rich" ? plainText(value.content) : "";
}

function numberOf(value: Value | undefined): number | undefined {
  if (value?.kind === "number") return value.number;
  if (value?.kind === "datetime") return value.at.getTime();
  return value?.kind === "date" ? Date.parse(value.date) : undefined;
}

function estimateOf(issue: Issue, name: string): number | undefined {
  const value = issue.values.get("timetracking");
  if (value?.kind !== "time") return undefined;
  return name === "originalestimate" ? value.original : value.remaining;
}

function commentText(issue: Issue): string {
  return issue.comments.map(({ body }) => plainText(body)).join("\n");
}

function allText(issue: Issue): string {
  return [...issue.values.values()].map(textOf).concat(commentText(issue)).join("\n");
}
