import type { MentionKinds } from "../../content/mention.ts";
import type { Originals } from "../../content/tree.ts";
import type { ApiPath } from "../../http/path.ts";
import type { ApiRequest } from "../../http/types.ts";
import type { FieldDefinition } from "../models/field.ts";
import type { JiraUser } from "../models/user.ts";

/** A stored text, readable. */
export interface ReadText {
  readonly markdown: string;
  /** What the placeholders in `markdown` stand for. */
  readonly originals: Originals;
}

/** A search for one page of issues, before it is a request. */
export interface SearchPageQuery {
  readonly jql: string;
  readonly fields: readonly string[];
  readonly expand: readonly string[];
  readonly maxResults: number;
  /** Opaque: what the page before gave as `next`. Absent: the first page. */
  readonly cursor?: string | undefined;
}

export interface SearchPage {
  readonly issues: readonly unknown[];
  /** Absent on the last page. */
  readonly next?: string | undefined;
  readonly total?: number | undefined;
  readonly names: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
}

/** A request for one page of a list; `whole` lists come in one answer. */
export interface ListRequest {
  readonly request: ApiRequest;
  readonly isWhole: boolean;
}

/** Where an issue's parent is written, and in which form. */
export interface ParentField {
  readonly id: string;
  /** `{ key }` rather than the key alone. */
  readonly takesObject: boolean;
}

/**
 * Everything in which the two kinds of Jira differ. Product code asks the dialect and never what kind of site it
 * talks to.
 */
export interface JiraDialect {
  /** Tagged template for paths below the platform API's root. */
  readonly path: (parts: TemplateStringsArray, ...values: readonly (string | number)[]) => ApiPath;

  /** How people are mentioned in texts. */
  readonly mentions: MentionKinds;
  /** Stored rich text (null for none) → Markdown. */
  readText(stored: unknown): ReadText;
  /**
   * Markdown → stored form; placeholders are exchanged for `originals`.
   *
   * @throws AtlassianMcpError `input` for unknown placeholders and mentions of another kind than `mentions`.
   */
  writeText(markdown: string, originals?: Originals): unknown;
  /** True for a value that already has the stored form of rich text, beyond plain text. */
  isStoredText(value: unknown): boolean;

  /** How a person is named in a write. */
  userReference(user: JiraUser): Readonly<Record<string, string>>;
  /** A write that names the person by the identifier alone, where that needs no look-up. */
  directReference(identifier: string): Readonly<Record<string, string>> | undefined;
  /** The value that stands for "whoever Jira chooses". */
  readonly automaticAssignee: Readonly<Record<string, string>>;
  /** The body of an assignment to nobody. */
  readonly noAssignee: Readonly<Record<string, null>>;
  /** The parameter that carries the text of a user search. */
  readonly userQueryName: string;
  /** Queries of `GET /user` that may find exactly this identifier, best first. */
  userLookups(identifier: string): readonly Readonly<Record<string, string>>[];

  /** A query without a restriction is refused by the site. */
  readonly needsBoundedJql: boolean;
  /** Offset and token of a caller → the first page's cursor. @throws AtlassianMcpError `input` */
  firstCursor(startAt: number, pageToken: string | undefined): string | undefined;
  searchRequest(query: SearchPageQuery): ApiRequest;
  readSearchPage(answer: unknown): SearchPage;

  projectList(startAt: number, maxResults: number, includeArchived: boolean): ListRequest;

  /** Stored values do not tell their kind: the field list is needed to read custom fields and epics. */
  readonly readsByDefinition: boolean;
  /** Fields that tell under which epic an issue is. */
  epicFields(definitions: readonly FieldDefinition[]): readonly string[];
  /** The epic of an issue, from its raw fields. */
  readEpic(
    fields: Readonly<Record<string, unknown>>,
    definitions: readonly FieldDefinition[],
  ): { readonly key: string; readonly name?: string | undefined } | undefined;
  /** The field that puts an issue under a parent or epic. @throws AtlassianMcpError `input` where there is none. */
  parentField(isSubtask: boolean, definitions: readonly FieldDefinition[]): ParentField;

  /** The site has an administrators' resource for the options of a field. */
  readonly hasFieldContexts: boolean;
}
