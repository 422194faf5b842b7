import { type AdfMark, type AdfNode, asMarks, asNode } from "./types.ts";

/** What a frame keeps of the node around its content. */
export type FrameData =
  /** A node whose content is blocks. */
  | { readonly frame: "node"; readonly node: AdfNode }
  /** A node whose content is phrases; they are read as one paragraph. */
  | { readonly frame: "inline"; readonly node: AdfNode }
  /** Marks on a block (breakout, indentation, …). */
  | { readonly frame: "marks"; readonly marks: readonly AdfMark[] }
  /** A decision list; its items are read as paragraphs. */
  | { readonly frame: "decisions"; readonly node: AdfNode; readonly items: readonly AdfNode[] };

/** The data of a frame that was read from ADF; `undefined` when it belongs to another format. */
export function asFrame(data: unknown): FrameData | undefined {
  if (typeof data !== "object" || data === null || !("frame" in data)) return undefined;
  if (data.frame === "marks" && "marks" in data) {
    return { frame: "marks", marks: asMarks(data.marks) };
  }
  const node = "node" in data ? asNode(data.node) : undefined;
  if (node === undefined) return undefined;
  if (data.frame === "node" || data.frame === "inline") return { frame: data.frame, node };
  if (data.frame !== "decisions" || !("items" in data) || !Array.isArray(data.items))
    return undefined;
  return { frame: "decisions", node, items: data.items.flatMap((item) => asNode(item) ?? []) };
}

/** A node without its content. */
export function shell({ content: _content, ...rest }: AdfNode): AdfNode {
  return rest;
}
