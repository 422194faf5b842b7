import { sameMark } from "../normalize.ts";
import type { Inline, Mark, Text } from "../tree.ts";

/** Phrases grouped under the marks they share: a mark node wraps the longest run that has it. */
export type Node =
  | { readonly type: "leaf"; readonly inline: Inline }
  | { readonly type: "mark"; readonly mark: Mark; readonly children: readonly Node[] };

const OUTERMOST: readonly Mark["kind"][] = ["opaque", "link", "background", "color"];

/** Nests marks around phrases. Code stays on its text, where it is written as a code span. */
export function nestMarks(inlines: readonly Inline[]): Node[] {
  return nest(inlines, []);
}

function nest(inlines: readonly Inline[], within: readonly Mark[]): Node[] {
  const nodes: Node[] = [];
  let index = 0;
  while (index < inlines.length) {
    const inline = inlines[index];
    if (inline === undefined) break;
    const best = inline.type === "text" ? longestRun(inlines, index, inline, within) : undefined;
    if (best === undefined) {
      nodes.push({ type: "leaf", inline });
      index += 1;
    } else {
      const children = nest(inlines.slice(index, best.end), [...within, best.mark]);
      nodes.push({ type: "mark", mark: best.mark, children });
      index = best.end;
    }
  }
  return nodes;
}

interface Run {
  readonly mark: Mark;
  readonly end: number;
}

function longestRun(
  inlines: readonly Inline[],
  start: number,
  first: Text,
  within: readonly Mark[],
): Run | undefined {
  let best: Run | undefined;
  for (const mark of byRank(first.marks)) {
    if (
      mark.kind === "code" ||
      within.includes(mark) ||
      within.some((one) => sameMark(one, mark))
    ) {
      continue;
    }
    const end = runEnd(inlines, start, mark);
    if (best === undefined || end > best.end) best = { mark, end };
  }
  return best;
}

function byRank(marks: readonly Mark[]): Mark[] {
  const outer = marks.filter(({ kind }) => OUTERMOST.includes(kind));
  return [...outer.reverse(), ...marks.filter(({ kind }) => !OUTERMOST.includes(kind))];
}

/** The end of the run that has the mark. Phrases without marks may stand inside, not at its end. */
function runEnd(inlines: readonly Inline[], start: number, mark: Mark): number {
  const bridges = mark.kind !== "link" && mark.kind !== "opaque";
  let end = start;
  for (let index = start; index < inlines.length; index += 1) {
    const inline = inlines[index];
    if (inline?.type === "text") {
      if (!inline.marks.some((one) => sameMark(one, mark))) break;
      end = index + 1;
    } else if (!bridges || inline?.type === "image") break;
  }
  return end;
}
