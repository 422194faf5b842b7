import { sameMark } from "../normalize.ts";
import type { Inline, Mark } from "../tree.ts";

/** What an opaque mark keeps: the tags around the marked text. */
export interface MarkTags {
  readonly open: string;
  readonly close: string;
}

/** The marks with one more. An inner mark replaces an outer one of its kind. */
export function withMark(marks: readonly Mark[], mark: Mark): Mark[] {
  return [...marks.filter((one) => one.kind !== mark.kind), mark];
}

/**
 * Marks for writing, one list per inline. Nodes that cannot hold marks take those that the texts on
 * both sides share, so that one notation spans all three.
 */
export function spanMarks(inlines: readonly Inline[]): (readonly Mark[])[] {
  const before: (readonly Mark[])[] = [];
  let last: readonly Mark[] = [];
  for (const inline of inlines) {
    if (inline.type === "text") last = inline.marks;
    before.push(last);
  }
  const spans: (readonly Mark[])[] = [];
  let next: readonly Mark[] = [];
  for (let i = inlines.length - 1; i >= 0; i -= 1) {
    const inline = inlines[i];
    if (inline?.type === "text") next = inline.marks;
    const shared = (before[i] ?? []).filter((mark) => next.some((one) => sameMark(one, mark)));
    spans[i] =
      inline?.type === "text" ? inline.marks : shared.filter((mark) => canSpan(mark, inline));
  }
  return spans;
}

function canSpan(mark: Mark, inline: Inline | undefined): boolean {
  return inline?.type === "break" || (mark.kind !== "link" && mark.kind !== "code");
}
