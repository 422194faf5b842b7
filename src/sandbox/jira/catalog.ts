import type { IssueType, LinkType, Named, Status, StatusCategory } from "./model.ts";

function category(id: number, key: string, name: string, colorName: string): StatusCategory {
  return { id, key, name, colorName };
}

export const statusCategories = {
  todo: category(2, "new", "To Do", "blue-gray"),
  doing: category(4, "indeterminate", "In Progress", "yellow"),
  done: category(3, "done", "Done", "green"),
} as const;

export const statuses = {
  todo: { id: "10000", name: "To Do", description: "", category: statusCategories.todo },
  doing: {
    id: "3",
    name: "In Progress",
    description: "Someone works on it.",
    category: statusCategories.doing,
  },
  review: {
    id: "10001",
    name: "In Review",
    description: "Waits for a second pair of eyes.",
    category: statusCategories.doing,
  },
  done: { id: "10002", name: "Done", description: "", category: statusCategories.done },
} as const satisfies Record<string, Status>;

function type(id: string, name: string, level: number, description: string): IssueType {
  return { id, name, level, description, subtask: level < 0 };
}

export const issueTypes = {
  epic: type("10000", "Epic", 1, "A big piece of work that is broken down."),
  story: type("10001", "Story", 0, "Something a customer can do afterwards."),
  task: type("10002", "Task", 0, "A piece of work."),
  bug: type("10004", "Bug", 0, "Something that does not work."),
  subtask: type("10003", "Sub-task", -1, "A part of another issue."),
  incident: type("10005", "Incident", 0, "An interruption of a service."),
} as const;

function named(id: string, name: string, description: string): Named {
  return { id, name, description };
}

export const priorities: readonly Named[] = [
  named("1", "Highest", "This problem blocks progress."),
  named("2", "High", "Serious problem that could block progress."),
  named("3", "Medium", "Has the potential to affect progress."),
  named("4", "Low", "Minor problem or easily worked around."),
  named("5", "Lowest", "Trivial problem with little or no impact."),
];

export const resolutions: readonly Named[] = [
  named("10000", "Done", "Work has been completed on this issue."),
  named("10001", "Won't Do", "This issue will not be actioned."),
  named("10002", "Duplicate", "The problem is a duplicate of an existing issue."),
  named("10003", "Cannot Reproduce", "All attempts to reproduce this issue failed."),
];

export const linkTypes: readonly LinkType[] = [
  { id: "10000", name: "Blocks", inward: "is blocked by", outward: "blocks" },
  { id: "10001", name: "Cloners", inward: "is cloned by", outward: "clones" },
  { id: "10002", name: "Duplicate", inward: "is duplicated by", outward: "duplicates" },
  { id: "10003", name: "Relates", inward: "relates to", outward: "relates to" },
];

export interface Transition {
  readonly id: string;
  readonly name: string;
  readonly from: readonly Status[];
  readonly to: Status;
  /** Asks for a resolution (required), fix versions and a comment. */
  readonly screen: boolean;
}

const { todo, doing, review, done } = statuses;

/** One workflow for every project. */
export const transitions: readonly Transition[] = [
  { id: "11", name: "Reopen", from: [done], to: todo, screen: false },
  { id: "21", name: "Start progress", from: [todo, review], to: doing, screen: false },
  { id: "31", name: "Send to review", from: [doing], to: review, screen: false },
  { id: "41", name: "Done", from: [todo, doing, review], to: done, screen: true },
  { id: "51", name: "Stop progress", from: [doing], to: todo, screen: false },
];

/** Roles and groups that a comment or worklog may be restricted to. */
export const roles: readonly string[] = ["Administrators", "Developers", "Users"];
export const groups: readonly string[] = [
  "jira-administrators",
  "jira-software-users",
  "site-admins",
];
