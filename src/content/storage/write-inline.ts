import { checkMention } from "../mention.ts";
import { sameMark } from "../normalize.ts";
import type { Inline, Mark, MarkKind, Text } from "../tree.ts";
import { cdata, escapeText } from "./entities.ts";
import { writeImage } from "./image.ts";
import { attribute, empty, writeTarget } from "./links.ts";
import { spanMarks } from "./marks.ts";
import { EMOTICONS, STATUS_COLORS } from "./names.ts";
import { keptMark, keptSource, type Writing } from "./writing.ts";

/** From the outside in: an inline comment may span links, a link may span formats. */
const NESTING: readonly MarkKind[] = [
  "opaque",
  "link",
  "color",
  "background",
  "strong",
  "em",
  "underline",
  "strike",
  "sub",
  "sup",
  "code",
];
const TAGS: Partial<Record<MarkKind, string>> = {
  strong: "strong",
  em: "em",
  underline: "u",
  strike: "del",
  sub: "sub",
  sup: "sup",
  code: "code",
};

interface Piece {
  readonly inline: Inline;
  readonly marks: readonly Mark[];
}

/** Writes the content of a line. */
export function writeLine(inlines: readonly Inline[], writing: Writing): string {
  const spans = spanMarks(inlines);
  const pieces = inlines.map((inline, i) => ({ inline, marks: spans[i] ?? [] }));
  return writePieces(pieces, 0, writing);
}

function writePieces(pieces: readonly Piece[], level: number, writing: Writing): string {
  const kind = NESTING[level];
  if (kind === undefined) return pieces.map(({ inline }) => writeInline(inline, writing)).join("");
  let out = "";
  for (let i = 0; i < pieces.length; ) {
    const mark = markOf(pieces[i], kind);
    let end = i + 1;
    while (end < pieces.length && isAlike(mark, markOf(pieces[end], kind))) end += 1;
    const group = pieces.slice(i, end);
    const inner = () => writePieces(group, level + 1, writing);
    out += mark === undefined ? inner() : writeMark(mark, group, inner, writing);
    i = end;
  }
  return out;
}

function markOf(piece: Piece | undefined, kind: MarkKind): Mark | undefined {
  return piece?.marks.find((mark) => mark.kind === kind);
}

function isAlike(a: Mark | undefined, b: Mark | undefined): boolean {
  return a === undefined || b === undefined ? a === b : sameMark(a, b);
}

function writeMark(
  mark: Mark,
  group: readonly Piece[],
  inner: () => string,
  writing: Writing,
): string {
  switch (mark.kind) {
    case "opaque": {
      const { open, close } = keptMark(mark, writing);
      return open + inner() + close;
    }
    case "link":
      return writeLink(mark, group, inner);
    case "color":
      return styled("color", mark.value, inner());
    case "background":
      return styled("background-color", mark.value, inner());
    default: {
      const tag = TAGS[mark.kind] ?? "span";
      return `<${tag}>${inner()}</${tag}>`;
    }
  }
}

function styled(property: string, value: string, inner: string): string {
  return `<span${attribute("style", `${property}: ${cssColor(value)};`)}>${inner}</span>`;
}

/** Confluence's editors store `rgb(…)`; a value that could end the declaration is left out. */
function cssColor(value: string): string {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(value);
  if (hex === null) return value.replace(/[;{}]/g, "");
  return `rgb(${hex
    .slice(1)
    .map((part) => Number.parseInt(part, 16))
    .join(",")})`;
}

function writeLink(
  mark: Extract<Mark, { kind: "link" }>,
  group: readonly Piece[],
  inner: () => string,
): string {
  const target = writeTarget(mark.href);
  const title = mark.title ?? "";
  if (target === undefined) {
    const tooltip = title === "" ? "" : attribute("title", title);
    return `<a${attribute("href", mark.href)}${tooltip}>${inner()}</a>`;
  }
  const tooltip = title === "" ? "" : attribute("ac:tooltip", title);
  const plain = plainText(group);
  let body = "";
  if (plain === undefined) body = `<ac:link-body>${inner()}</ac:link-body>`;
  else if (plain !== target.text || /^(accountid|user|userkey):/.test(mark.href)) {
    body = `<ac:plain-text-link-body>${cdata(plain)}</ac:plain-text-link-body>`;
  }
  return `<ac:link${target.attributes}${tooltip}>${target.reference}${body}</ac:link>`;
}

function plainText(group: readonly Piece[]): string | undefined {
  const [only, ...others] = group;
  if (only?.inline.type !== "text" || others.length > 0) return undefined;
  return only.marks.every(({ kind }) => kind === "link" || kind === "opaque")
    ? only.inline.text
    : undefined;
}

function writeInline(inline: Inline, writing: Writing): string {
  switch (inline.type) {
    case "text":
      return writeText(inline);
    case "break":
      return "<br />";
    case "mention": {
      checkMention(inline, writing.mentions);
      const target = writeTarget(`${inline.by}:${encodeURIComponent(inline.id)}`);
      return `<ac:link>${target?.reference ?? ""}</ac:link>`;
    }
    case "emoji":
      return writeEmoji(inline);
    case "status":
      return writeStatus(inline.text, inline.color);
    case "date":
      return empty("time", [["datetime", inline.date]]);
    case "card":
      return writeCard(inline.url);
    case "image":
      return writeImage(inline);
    case "opaque":
      return keptSource(inline, writing);
  }
}

function writeText(text: Text): string {
  return escapeText(text.text);
}

function writeEmoji(emoji: Extract<Inline, { type: "emoji" }>): string {
  const name = emoji.shortName.replaceAll(":", "");
  if (emoji.id === undefined && EMOTICONS.has(name))
    return empty("ac:emoticon", [["ac:name", name]]);
  return empty("ac:emoticon", [
    ["ac:emoji-shortname", emoji.shortName],
    ...(emoji.id === undefined ? [] : [["ac:emoji-id", emoji.id] as const]),
    ...(emoji.text === undefined ? [] : [["ac:emoji-fallback", emoji.text] as const]),
    // Cloud's own choice for every emoji that the old editor did not have.
    ["ac:name", "blue-star"],
  ]);
}

function writeStatus(text: string, color: string): string {
  const [colour = "grey"] = [...STATUS_COLORS].find(([, name]) => name === color) ?? [];
  const name = colour.charAt(0).toUpperCase() + colour.slice(1);
  return (
    '<ac:structured-macro ac:name="status" ac:schema-version="1">' +
    `<ac:parameter ac:name="title">${escapeText(text)}</ac:parameter>` +
    `<ac:parameter ac:name="colour">${name}</ac:parameter></ac:structured-macro>`
  );
}

function writeCard(url: string): string {
  const target = writeTarget(url);
  if (target === undefined) {
    const attributes = `${attribute("href", url)} data-card-appearance="inline"`;
    return `<a${attributes}>${escapeText(url)}</a>`;
  }
  const body = `<ac:link-body>${escapeText(target.text)}</ac:link-body>`;
  const attributes = `${target.attributes} ac:card-appearance="inline"`;
  return `<ac:link${attributes}>${target.reference}${body}</ac:link>`;
}
