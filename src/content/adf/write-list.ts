import type { Block, ListItem } from "../tree.ts";
import type { Context } from "./rules.ts";
import { allows } from "./rules.ts";
import { type AdfNode, node } from "./types.ts";
import { splitFlow, writeFlow } from "./write-inline.ts";
import { EMPTY_PARAGRAPH, type Placed, placed, settle, type Writing } from "./writing.ts";

type List = Extract<Block, { type: "list" }>;

/** Lists that may not open an item. */
const NOT_FIRST: ReadonlySet<string> = new Set(["bulletList", "orderedList", "taskList"]);

/**
 * A list. What may not stand in an item (a table, say) moves out with all that follows in the same
 * item, and the list goes on behind it.
 */
export function writeList(list: List, context: Context, writing: Writing): Placed[] {
  const type = TYPES[list.kind];
  if (!allows(context, type)) return [{ kind: "out", block: list }];
  const result: Placed[] = [];
  let items: AdfNode[] = [];
  let start = list.start ?? 1;
  const flush = (next: number) => {
    if (items.length > 0) result.push(placed(wrap(list, items, start, writing)));
    items = [];
    start = next;
  };
  for (const [index, item] of list.items.entries()) {
    const { nodes, rest } = list.kind === "task" ? task(item, writing) : listItem(item, writing);
    items.push(...nodes);
    if (rest.length === 0) continue;
    flush((list.start ?? 1) + index + 1);
    result.push(...rest.flatMap((moved) => settle(writing, moved, context)));
  }
  flush(start);
  return result;
}

const TYPES = { bullet: "bulletList", ordered: "orderedList", task: "taskList" } as const;

function wrap(list: List, items: readonly AdfNode[], start: number, writing: Writing): AdfNode {
  if (list.kind === "task") {
    return node("taskList", { localId: writing.ids.take(undefined, items) }, items);
  }
  const order = list.kind === "ordered" && start !== 1 ? start : undefined;
  return node(TYPES[list.kind], { order }, items);
}

interface Item {
  readonly nodes: readonly AdfNode[];
  readonly rest: readonly Placed[];
}

function listItem({ children }: ListItem, writing: Writing): Item {
  const all = children.flatMap((block) => writing.block(block, "item"));
  const firstOut = all.findIndex(({ kind }) => kind !== "node");
  const kept = firstOut < 0 ? all : all.slice(0, firstOut);
  const content = kept.flatMap((one) => (one.kind === "node" ? [one.node] : []));
  const rest = firstOut < 0 ? [] : all.slice(firstOut).map(loosen);
  const [first] = content;
  const padded = first === undefined || NOT_FIRST.has(first.type);
  return {
    nodes: [node("listItem", undefined, padded ? [EMPTY_PARAGRAPH, ...content] : content)],
    rest,
  };
}

function loosen(moved: Placed): Placed {
  return moved.kind === "node" ? { kind: "loose", node: moved.node } : moved;
}

/** A task of one line, or of several paragraphs; task lists below it follow as nodes beside it. */
function task({ children, task: state }: ListItem, writing: Writing): Item {
  const lines: AdfNode[][] = [];
  const nested: AdfNode[] = [];
  const rest: Placed[] = [];
  for (const block of children) {
    const isLine = block.type === "paragraph" || block.type === "heading";
    if (isLine && nested.length === 0 && rest.length === 0) {
      const { nodes, blocks } = splitFlow(writeFlow(block.children, writing.options, false));
      lines.push(nodes);
      rest.push(...blocks.map((moved): Placed => ({ kind: "out", block: moved })));
    } else if (block.type === "list" && block.kind === "task" && rest.length === 0) {
      for (const one of writing.block(block, "doc")) {
        if (rest.length === 0 && one.kind === "node" && one.node.type === "taskList")
          nested.push(one.node);
        else rest.push(loosen(one));
      }
    } else rest.push({ kind: "out", block });
  }
  const [first = [], ...more] = lines;
  const localId = writing.ids.take(state?.id, first);
  const attrs = { localId, state: state?.done === true ? "DONE" : "TODO" };
  const own =
    more.length === 0
      ? node("taskItem", attrs, first)
      : node(
          "blockTaskItem",
          attrs,
          lines.map((line) => node("paragraph", undefined, line)),
        );
  return { nodes: [own, ...nested], rest };
}
