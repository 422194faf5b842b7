import { AtlassianMcpError } from "../../errors.ts";

/** Attributes of a node or mark. */
export type AdfAttributes = Readonly<Record<string, unknown>>;

export interface AdfMark {
  readonly type: string;
  readonly attrs?: AdfAttributes | undefined;
}

/** A node of the Atlassian Document Format. */
export interface AdfNode {
  readonly type: string;
  readonly attrs?: AdfAttributes | undefined;
  readonly content?: readonly AdfNode[] | undefined;
  readonly marks?: readonly AdfMark[] | undefined;
  readonly text?: string | undefined;
}

/** A whole document, as the Cloud APIs take and give it. */
export interface AdfDocument {
  readonly version: 1;
  readonly type: "doc";
  readonly content: readonly AdfNode[];
}

const MAX_DEPTH = 100;

/** The nodes of a document. Throws `input`, naming the place, when the value is no ADF document. */
export function contentOf(adf: unknown): readonly AdfNode[] {
  if (adf === null || adf === undefined) return [];
  if (!isRecord(adf) || adf.type !== "doc") {
    throw new AtlassianMcpError("input", "This is no ADF document: the root is not of type doc.", {
      next: 'Pass an object like {"version":1,"type":"doc","content":[…]}.',
    });
  }
  const content = adf.content ?? [];
  if (!isNodes(content, "content", 0)) throw malformed("content");
  return content;
}

function malformed(path: string): AtlassianMcpError {
  return new AtlassianMcpError("input", `The ADF document is malformed at ${path}.`, {
    next: "Each node needs a type; content and marks are lists, attrs is an object, text a string.",
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isNodes(value: unknown, path: string, depth: number): value is readonly AdfNode[] {
  if (!Array.isArray(value)) return false;
  if (depth > MAX_DEPTH) {
    throw new AtlassianMcpError("input", "The ADF document is nested too deeply.", {
      next: `Use at most ${MAX_DEPTH} levels.`,
    });
  }
  return value.every((node, index) => {
    const place = `${path}[${index}]`;
    if (!isRecord(node) || !isNode(node, place, depth)) throw malformed(place);
    return true;
  });
}

function isNode(node: Record<string, unknown>, path: string, depth: number): boolean {
  const { type, attrs, content, marks, text } = node;
  const fits =
    typeof type === "string" &&
    (attrs === undefined || isRecord(attrs)) &&
    (text === undefined || typeof text === "string") &&
    (marks === undefined || isMarks(marks));
  return fits && (content === undefined || isNodes(content, `${path}.content`, depth + 1));
}

function isMarks(value: unknown): value is readonly AdfMark[] {
  return (
    Array.isArray(value) &&
    value.every(
      (mark) =>
        isRecord(mark) &&
        typeof mark.type === "string" &&
        (mark.attrs === undefined || isRecord(mark.attrs)),
    )
  );
}

/** An original as a node; `undefined` when it belongs to another format. */
export function asNode(data: unknown): AdfNode | undefined {
  const list: unknown = [data];
  return isRecord(data) && typeof data.type === "string" && isNodes(list, "original", 0)
    ? list[0]
    : undefined;
}

/** An original as marks, single or several. */
export function asMarks(data: unknown): readonly AdfMark[] {
  const list: unknown = Array.isArray(data) ? data : [data];
  return isMarks(list) ? list : [];
}

/** A text attribute, unless it is absent or empty. */
export function textAttribute(node: AdfNode | AdfMark, name: string): string | undefined {
  const value = node.attrs?.[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A numeric attribute. */
export function numberAttribute(node: AdfNode | AdfMark, name: string): number | undefined {
  const value = node.attrs?.[name];
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** Attributes as text options under other names; absent ones are left out. */
export function optionsFrom(
  node: AdfNode | AdfMark,
  names: Readonly<Record<string, string>>,
): Record<string, string> | undefined {
  const entries = Object.entries(names).flatMap(([option, attribute]) => {
    const value = node.attrs?.[attribute];
    const plain = typeof value === "string" || typeof value === "number" || value === true;
    return plain && value !== "" ? [[option, String(value)] as const] : [];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** An object without its undefined members, `undefined` when nothing is left. */
export function present(values: AdfAttributes): AdfAttributes | undefined {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** A node with only the members it has. */
export function node(
  type: string,
  attrs?: AdfAttributes | undefined,
  content?: readonly AdfNode[] | undefined,
  marks: readonly AdfMark[] = [],
): AdfNode {
  const kept = attrs && present(attrs);
  return {
    type,
    ...(kept && { attrs: kept }),
    ...(content && { content }),
    ...(marks.length > 0 && { marks }),
  };
}
