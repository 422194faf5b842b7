import type { SandboxDeployment, SandboxUser } from "../types.ts";

/** Text as the deployment stores it: an ADF document on Cloud, wiki markup on Data Center. */
export type RichText = AdfNode | string;

export interface AdfNode {
  readonly type: string;
  readonly version?: number | undefined;
  readonly text?: string | undefined;
  readonly attrs?: Readonly<Record<string, unknown>> | undefined;
  readonly marks?: readonly {
    readonly type: string;
    readonly attrs?: Readonly<Record<string, unknown>>;
  }[];
  readonly content?: readonly AdfNode[] | undefined;
}

export interface StatusCategory {
  readonly id: number;
  readonly key: string;
  readonly name: string;
  readonly colorName: string;
}

export interface Status {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly category: StatusCategory;
}

export interface IssueType {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly subtask: boolean;
  /** 1 epic, 0 standard, -1 sub-task. */
  readonly level: number;
}

export interface Named {
  readonly id: string;
  readonly name: string;
  readonly description: string;
}

export interface Component extends Named {
  readonly lead?: SandboxUser | undefined;
}

export interface Version extends Named {
  name: string;
  description: string;
  released: boolean;
  archived: boolean;
  /** `YYYY-MM-DD`. */
  startDate?: string | undefined;
  releaseDate?: string | undefined;
}

export interface Option {
  readonly id: string;
  readonly value: string;
  readonly children?: readonly Option[] | undefined;
}

export interface Project {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly lead: SandboxUser;
  readonly kind: "software" | "business";
  readonly teamManaged: boolean;
  readonly issueTypes: readonly IssueType[];
  readonly components: Component[];
  readonly versions: Version[];
  /** Login names of people to whom the project does not exist. */
  readonly hiddenFrom: readonly string[];
  lastNumber: number;
}

export interface Sprint {
  readonly id: number;
  readonly boardId: number;
  name: string;
  goal: string;
  state: "future" | "active" | "closed";
  start?: Date | undefined;
  end?: Date | undefined;
  completed?: Date | undefined;
}

export interface Board {
  readonly id: number;
  readonly name: string;
  readonly type: "scrum" | "kanban";
  readonly project: Project;
}

/** The value of a field; which kind a field holds is said by its definition. */
export type Value =
  | { readonly kind: "string"; readonly text: string }
  | { readonly kind: "rich"; readonly content: RichText }
  | { readonly kind: "number"; readonly number: number }
  | { readonly kind: "date"; readonly date: string }
  | { readonly kind: "datetime"; readonly at: Date }
  | { readonly kind: "user"; readonly user: SandboxUser }
  | { readonly kind: "strings"; readonly list: readonly string[] }
  | { readonly kind: "option"; readonly option: Option }
  | { readonly kind: "options"; readonly list: readonly Option[] }
  | { readonly kind: "cascade"; readonly option: Option; readonly child?: Option | undefined }
  | { readonly kind: "status"; readonly status: Status }
  | { readonly kind: "type"; readonly type: IssueType }
  | { readonly kind: "priority"; readonly priority: Named }
  | { readonly kind: "resolution"; readonly resolution: Named }
  | { readonly kind: "components"; readonly list: readonly Component[] }
  | { readonly kind: "versions"; readonly list: readonly Version[] }
  /** Parent or epic, by issue id. */
  | { readonly kind: "issue"; readonly id: number }
  /** Closed ones first, the current one last. */
  | { readonly kind: "sprints"; readonly list: readonly Sprint[] }
  /** Estimates in seconds; what was spent is the sum of the worklogs. */
  | {
      readonly kind: "time";
      readonly original?: number | undefined;
      readonly remaining?: number | undefined;
    };

export interface Visibility {
  readonly type: "role" | "group";
  readonly value: string;
}

export interface Comment {
  readonly id: number;
  readonly author: SandboxUser;
  readonly created: Date;
  body: RichText;
  updatedBy: SandboxUser;
  updated: Date;
  visibility?: Visibility | undefined;
  properties: readonly { readonly key: string; readonly value: unknown }[];
}

export interface Worklog {
  readonly id: number;
  readonly author: SandboxUser;
  readonly created: Date;
  comment?: RichText | undefined;
  updated: Date;
  started: Date;
  seconds: number;
  visibility?: Visibility | undefined;
}

export interface Attachment {
  readonly id: number;
  readonly filename: string;
  readonly mimeType: string;
  readonly bytes: number;
  readonly author: SandboxUser;
  readonly created: Date;
}

export interface Change {
  readonly field: string;
  readonly fieldId: string;
  readonly custom: boolean;
  readonly from: string | null;
  readonly fromString: string | null;
  readonly to: string | null;
  readonly toString: string | null;
}

export interface History {
  readonly id: number;
  readonly author: SandboxUser;
  readonly created: Date;
  readonly changes: readonly Change[];
}

export interface RemoteLink {
  readonly id: number;
  globalId?: string | undefined;
  relationship?: string | undefined;
  application: Readonly<Record<string, unknown>>;
  object: Readonly<Record<string, unknown>>;
}

export interface Issue {
  readonly id: number;
  readonly key: string;
  readonly project: Project;
  readonly creator: SandboxUser;
  readonly created: Date;
  updated: Date;
  /** By field id; an absent field is empty. */
  readonly values: Map<string, Value>;
  readonly comments: Comment[];
  readonly worklogs: Worklog[];
  readonly attachments: Attachment[];
  readonly history: History[];
  readonly remoteLinks: RemoteLink[];
  readonly watchers: Set<SandboxUser>;
  readonly properties: Map<string, unknown>;
  /** Order on boards, smaller first. */
  rank: number;
}

export interface LinkType {
  readonly id: string;
  readonly name: string;
  /** Phrase read from the target to the source, e.g. `is blocked by`. */
  readonly inward: string;
  readonly outward: string;
}

/** `source` *outward phrase* `target`: with type Blocks the source blocks the target. */
export interface IssueLink {
  readonly id: number;
  readonly type: LinkType;
  readonly source: number;
  readonly target: number;
}

export interface FieldDefinition {
  readonly id: string;
  readonly name: string;
  readonly kind: Value["kind"] | "derived";
  readonly schema?: Readonly<Record<string, unknown>> | undefined;
  readonly custom: boolean;
  /** Names in JQL. */
  readonly clauses: readonly string[];
  readonly navigable: boolean;
  /** For select kinds. */
  readonly options?: readonly Option[] | undefined;
  /** Where it is on the create and edit screens; absent: nowhere. */
  readonly screen?: ((project: Project, type: IssueType) => boolean) | undefined;
  readonly required?: ((project: Project, type: IssueType) => boolean) | undefined;
  /** Set on create only, or only by a transition. */
  readonly createOnly?: boolean | undefined;
  /** The one project of a team-managed field. */
  readonly projectId?: string | undefined;
}

/** Everything one Jira site holds. */
export interface JiraWorld {
  readonly deployment: SandboxDeployment;
  readonly users: readonly [SandboxUser, SandboxUser, ...SandboxUser[]];
  readonly now: () => Date;
  /** Milliseconds until a new issue is found by search. */
  readonly indexLagMs: number;
  readonly projects: readonly Project[];
  readonly boards: readonly Board[];
  readonly sprints: Sprint[];
  readonly fields: readonly FieldDefinition[];
  /** In order of creation. */
  readonly issues: Map<number, Issue>;
  readonly keys: Map<string, Issue>;
  readonly links: Map<number, IssueLink>;
  /** A number not used before, for ids of everything that is created. */
  nextId(): number;
}
