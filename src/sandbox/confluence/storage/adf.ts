import { badRequest } from "../refused.ts";

export interface AdfMark {
  readonly type: string;
  readonly attrs?: Readonly<Record<string, unknown>> | undefined;
}

export interface AdfNode {
  readonly type: string;
  readonly attrs?: Readonly<Record<string, unknown>> | undefined;
  readonly content?: readonly AdfNode[] | undefined;
  readonly text?: string | undefined;
  readonly marks?: readonly AdfMark[] | undefined;
}

export interface AdfDocument extends AdfNode {
  readonly type: "doc";
  readonly version: 1;
  readonly content: readonly AdfNode[];
}

/** What a body refers to. ADF names files by media id and people by name, storage format does not. */
export interface BodyContext {
  /** The page whose attachments are meant. */
  readonly containerId: string;
  readonly files: readonly { readonly name: string; readonly mediaId: string }[];
  /** Display name of a person by account id or user key. */
  nameOf(id: string): string | undefined;
}

/** An attribute as text, `""` when absent. */
export function attribute(node: AdfNode | AdfMark, name: string): string {
  const value = node.attrs?.[name];
  return value === undefined || value === null ? "" : String(value);
}

function isNode(value: unknown): value is AdfNode {
  if (typeof value !== "object" || value === null || !("type" in value)) return false;
  if (typeof value.type !== "string") return false;
  if (value.type === "text") return "text" in value && typeof value.text === "string";
  if (!("content" in value) || value.content === undefined) return true;
  return Array.isArray(value.content) && value.content.every(isNode);
}

/**
 * Reads the `value` of an `atlas_doc_format` body, which is JSON in a string.
 *
 * @throws Refused 400 when it is not a document of version 1.
 */
export function parseAdf(value: string): AdfDocument {
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    throw badRequest("Error parsing ADF: the value is not a JSON string");
  }
  if (!isNode(parsed) || parsed.type !== "doc" || parsed.content === undefined) {
    throw badRequest("Error parsing ADF: the value is not a document with content");
  }
  if (!("version" in parsed) || parsed.version !== 1) {
    throw badRequest("Error parsing ADF: the document has no version 1");
  }
  return { type: "doc", version: 1, content: parsed.content };
}
