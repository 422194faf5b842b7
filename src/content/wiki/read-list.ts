import type { Block, Inline, ListItem } from "../tree.ts";
import { matchAt } from "./grammar.ts";
import { startAt, textEnd } from "./lines.ts";
import type { Reading } from "./read-inline.ts";

type List = Extract<Block, { type: "list" }>;
type ReadContent = (start: number, end: number) => Block[];

interface Item {
  readonly children: Block[];
  readonly done: boolean | undefined;
}
interface OpenList {
  readonly sign: string;
  readonly items: Item[];
}

const BOX_AT = /\[([ xX])\](?:[ \t]+|(?=\n|$))/y;

/**
 * Reads the list lines that begin at an index, with the text and macros that belong to their items.
 * The last sign of a line says its kind, their number its depth. A bullet list whose items all
 * begin with `[ ]` or `[x]` is a task list.
 */
export function readLists(
  start: number,
  end: number,
  reading: Reading,
  readContent: ReadContent,
): { blocks: Block[]; end: number } {
  const { text } = reading;
  const top: Block[] = [];
  const stack: { list: OpenList; close: () => void }[] = [];
  const closeTo = (depth: number) => {
    while (stack.length > depth) stack.pop()?.close();
  };
  const open = (sign: string) => {
    const list: OpenList = { sign, items: [] };
    const parent = stack.at(-1)?.list;
    if (parent !== undefined && parent.items.length === 0) {
      parent.items.push({ children: [], done: undefined });
    }
    const into = parent?.items.at(-1)?.children ?? top;
    stack.push({ list, close: () => void into.push(finish(list)) });
  };
  let index = start;
  for (let line = startAt(index, end, reading); line?.kind === "list"; ) {
    const { signs } = line;
    closeTo(signs.length);
    if (stack.length === signs.length && kindOf(stack.at(-1)?.list.sign) !== kindOf(signs.at(-1))) {
      closeTo(signs.length - 1);
    }
    while (stack.length < signs.length) open(signs[stack.length] ?? "*");
    const box = matchAt(BOX_AT, text, line.end);
    const from = box === undefined ? line.end : line.end + box[0].length;
    const isOver = (next: number) => {
      const following = startAt(next, end, reading);
      return following !== undefined && following.kind !== "macro";
    };
    const stop = textEnd(from, end, reading, isOver, true);
    const done = box === undefined ? undefined : box[1] !== " ";
    stack.at(-1)?.list.items.push({ children: readContent(from, stop), done });
    index = stop;
    if (index >= end) break;
    line = startAt(index + 1, end, reading);
    if (line?.kind === "list") index += 1;
  }
  closeTo(0);
  return { blocks: top, end: index };
}

function kindOf(sign: string | undefined): List["kind"] {
  return sign === "#" ? "ordered" : "bullet";
}

function finish({ sign, items }: OpenList): List {
  const kind = kindOf(sign);
  const isTask = kind === "bullet" && items.every(({ done }) => done !== undefined);
  if (isTask) {
    const tasks = items.map(
      ({ children, done = false }): ListItem => ({ children, task: { done } }),
    );
    return { type: "list", kind: "task", items: tasks };
  }
  return { type: "list", kind, items: items.map((item) => ({ children: withBox(item) })) };
}

/** Puts a box back as text: not every item of the list has one. */
function withBox({ children, done }: Item): Block[] {
  if (done === undefined) return children;
  const box: Inline = { type: "text", text: done ? "[x] " : "[ ] ", marks: [] };
  const [first, ...others] = children;
  return first?.type === "paragraph"
    ? [{ ...first, children: [box, ...first.children] }, ...others]
    : [{ type: "paragraph", children: [box] }, ...children];
}
