/** One issue of the seed. Keys follow from the order inside a project. */
export interface SeedIssue {
  readonly type: "epic" | "story" | "task" | "bug" | "subtask" | "incident";
  readonly summary: string;
  readonly state: "todo" | "doing" | "review" | "done";
  /** Days before the seed's date. */
  readonly created: number;
  /** Days before the seed's date; for finished ones also the day of resolution. */
  readonly updated?: number | undefined;
  readonly by: string;
  readonly assignee?: string | undefined;
  readonly priority?: "Highest" | "High" | "Medium" | "Low" | "Lowest" | undefined;
  /** Key of the epic, or of the parent of a sub-task. */
  readonly parent?: string | undefined;
  readonly points?: number | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly component?: string | undefined;
  readonly fix?: string | undefined;
  readonly affects?: string | undefined;
  /** Names of sprints, in order. */
  readonly sprints?: readonly string[] | undefined;
  /** Days after the seed's date, negative for overdue. */
  readonly due?: number | undefined;
  readonly severity?: "Critical" | "Major" | "Minor" | undefined;
  readonly area?: readonly [string, string?] | undefined;
  readonly resolution?: string | undefined;
  /** Wiki markup, as the rest of the texts. */
  readonly text?: string | undefined;
  readonly notes?: string | undefined;
  readonly comments?: readonly (readonly [by: string, daysAgo: number, text: string])[] | undefined;
  readonly work?: readonly (readonly [by: string, daysAgo: number, hours: number, text?: string])[];
  /** Hours. */
  readonly estimate?: number | undefined;
}

/** The description of an epic. */
export const goal = (what: string) =>
  `h2. Goal\n${what}\n\nh2. Acceptance\n* It works on small screens\n* It is measured in the weekly report`;

/** Source, link type, target: the source blocks, clones, duplicates or relates to the target. */
export const seedLinks: readonly (readonly [string, string, string])[] = [
  ["SHOP-9", "Blocks", "SHOP-15"],
  ["SHOP-6", "Relates", "SHOP-22"],
  ["OPS-3", "Blocks", "SHOP-15"],
  ["APP-12", "Duplicate", "APP-11"],
  ["OPS-2", "Relates", "OPS-3"],
  ["SEC-2", "Blocks", "SHOP-1"],
  ["APP-6", "Relates", "SHOP-12"],
];
