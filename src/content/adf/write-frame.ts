import type { Block } from "../tree.ts";
import { asFrame, type FrameData } from "./frames.ts";
import { allows, allowsMark, BLOCK_TYPES, type Context } from "./rules.ts";
import { type AdfMark, type AdfNode, node } from "./types.ts";
import { foreign, splitFlow, writeFlow } from "./write-inline.ts";
import { contain, originalOf, type Placed, placed, type Writing } from "./writing.ts";

type Frame = Extract<Block, { type: "frame" }>;
type Data<Kind extends FrameData["frame"]> = Extract<FrameData, { frame: Kind }>;

const INNER: ReadonlyMap<string, Context> = new Map([
  ["bodiedExtension", "extension"],
  ["bodiedSyncBlock", "sync"],
  ["layoutColumn", "column"],
]);

/** A frame around its present content. Where its node may not stand it moves out. */
export function writeFrame(frame: Frame, context: Context, writing: Writing): Placed[] {
  const data = originalOf(writing.options, frame);
  const kept = asFrame(data);
  if (kept === undefined) throw foreign(frame.id);
  if (kept.frame === "marks") {
    return frame.children.flatMap((block) =>
      writing.block(block, context).map((one) => withMarks(one, kept.marks, context)),
    );
  }
  if (!allows(context, kept.node.type) && BLOCK_TYPES.has(kept.node.type)) {
    return [{ kind: "out", block: { ...frame, data } }];
  }
  if (kept.frame === "decisions") return writeDecisions(frame, kept, context, writing);
  if (kept.frame === "inline") return writeLines(frame, kept, context, writing);
  const inner = INNER.get(kept.node.type) ?? "doc";
  return contain(writing, frame.children, inner, context, (content) => ({ ...kept.node, content }));
}

function withMarks(one: Placed, marks: readonly AdfMark[], context: Context): Placed {
  if (one.kind !== "node") return one;
  const own = one.node.marks ?? [];
  const added = marks.filter(
    ({ type }) => allowsMark(context, one.node.type, type) && compatible(type, own),
  );
  return added.length === 0 ? one : placed({ ...one.node, marks: [...own, ...added] });
}

/** A paragraph is either aligned or indented. */
function compatible(type: string, own: readonly AdfMark[]): boolean {
  const taken = own.map((mark) => mark.type);
  return !taken.includes(type) && !(type === "indentation" && taken.includes("alignment"));
}

/** The lines of a frame's paragraphs and headings, and whatever else it holds now. */
function linesOf(frame: Frame, writing: Writing): { lines: AdfNode[][]; others: Block[] } {
  const lines: AdfNode[][] = [];
  const others: Block[] = [];
  for (const block of frame.children) {
    if (block.type !== "paragraph" && block.type !== "heading") others.push(block);
    else {
      const { nodes, blocks } = splitFlow(writeFlow(block.children, writing.options, false));
      lines.push(nodes);
      others.push(...blocks);
    }
  }
  return { lines, others };
}

function writeDecisions(
  frame: Frame,
  { node: list, items }: Data<"decisions">,
  context: Context,
  writing: Writing,
): Placed[] {
  const { lines, others } = linesOf(frame, writing);
  const content = (lines.length > 0 ? lines : [[]]).map((line, index) => {
    const attrs = items[index]?.attrs ?? { state: "DECIDED" };
    const wanted = typeof attrs.localId === "string" ? attrs.localId : undefined;
    return node("decisionItem", { ...attrs, localId: writing.ids.take(wanted, line) }, line);
  });
  return [
    placed({ ...list, content }),
    ...others.flatMap((block) => writing.block(block, context)),
  ];
}

function writeLines(
  frame: Frame,
  { node: shell }: Data<"inline">,
  context: Context,
  writing: Writing,
): Placed[] {
  const { lines, others } = linesOf(frame, writing);
  const content = lines.flatMap((line, index) =>
    index === 0 ? line : [node("hardBreak"), ...line],
  );
  return [
    placed({ ...shell, content }),
    ...others.flatMap((block) => writing.block(block, context)),
  ];
}
