import type { Align, Block, Image, Inline } from "../tree.ts";
import type { Token } from "./library.ts";
import { type Piece, phrasesOf, readPieces } from "./read-inline.ts";
import { parseAttributes } from "./syntax.ts";

/** A line of tokens as a block, and the attributes behind it that concern its container. */
interface ReadLine {
  readonly block: Block;
  /** The id of a task, from `{id=…}`. */
  readonly id?: string | undefined;
}

const LINE_KEYS: ReadonlySet<string> = new Set(["align", "id"]);

/** A paragraph, or the block that stands alone in it (image, card, placeholder). */
export function readParagraph(tokens: readonly Token[]): ReadLine {
  return paragraphOf(readPieces(tokens));
}

/** The same from pieces. */
export function paragraphOf(pieces: readonly Piece[]): ReadLine {
  const { content, attributes } = splitAttributes(pieces);
  const single = singleBlock(content);
  if (single !== undefined) return { block: single, id: attributes.id };
  const align = alignOf(attributes.align);
  const empty = content.length === 1 && content[0]?.type === "empty";
  const children = empty ? [] : phrasesOf(withoutInlineFlag(content));
  return { block: { type: "paragraph", children, ...(align && { align }) }, id: attributes.id };
}

/** Phrases and alignment of a heading. */
export function readHeading(tokens: readonly Token[]): { children: Inline[]; align?: Align } {
  const { content, attributes } = splitAttributes(readPieces(tokens));
  const align = alignOf(attributes.align);
  return { children: phrasesOf(content), ...(align && { align }) };
}

/** Narrows a word to an alignment. */
export function alignOf(word: string | undefined): Align | undefined {
  return word === "left" || word === "center" || word === "right" ? word : undefined;
}

/** Takes a trailing `{align=… id=…}` off. The one blank in front of it is part of the notation. */
function splitAttributes(pieces: readonly Piece[]): {
  content: readonly Piece[];
  attributes: Record<string, string>;
} {
  const last = pieces.at(-1);
  if (last?.type !== "attributes") return { content: pieces, attributes: {} };
  const attributes = parseAttributes(last.source) ?? {};
  const before = pieces.at(-2);
  const apart = before === undefined || (before.type === "text" && before.text.endsWith(" "));
  const separate = apart || before.type === "break" || before.type === "empty";
  if (!separate || !Object.keys(attributes).every((key) => LINE_KEYS.has(key))) {
    return { content: pieces, attributes: {} };
  }
  const content = pieces.slice(0, -1);
  if (before?.type === "text") {
    content[content.length - 1] = { ...before, text: before.text.slice(0, -1) };
  }
  return {
    content: content.filter((piece) => piece.type !== "text" || piece.text !== ""),
    attributes,
  };
}

function singleBlock(pieces: readonly Piece[]): Block | undefined {
  const [first, second, ...rest] = pieces;
  if (first?.type === "card-block" && second === undefined) return first;
  if (first?.type === "opaque" && second === undefined) return first;
  if (first?.type !== "image") return undefined;
  if (second === undefined) return { type: "image-block", image: first };
  return captioned(first, [second, ...rest]);
}

/** `![…](…)` and `{caption} …` behind it or on the next line. */
function captioned(image: Image, pieces: readonly Piece[]): Block | undefined {
  const [gap, flag, ...rest] = pieces;
  if (gap?.type !== "text" || gap.text.trim() !== "") return undefined;
  if (flag?.type !== "attributes" || flag.source !== "{caption}") return undefined;
  const [first, ...others] = rest;
  if (first?.type === "text" && first.text.startsWith(" ")) {
    return captionBlock(image, [{ ...first, text: first.text.slice(1) }, ...others]);
  }
  return captionBlock(image, rest);
}

function captionBlock(image: Image, pieces: readonly Piece[]): Block {
  const caption = phrasesOf(pieces);
  return { type: "image-block", image, ...(caption.length > 0 ? { caption } : {}) };
}

/** `{inline}` behind a lone image or placeholder says that it is text after all. */
function withoutInlineFlag(pieces: readonly Piece[]): readonly Piece[] {
  const [first, flag] = pieces;
  const flagged = flag?.type === "attributes" && flag.source === "{inline}";
  if (pieces.length === 2 && flagged && (first?.type === "image" || first?.type === "opaque")) {
    return pieces.slice(0, 1);
  }
  return pieces;
}
