import { normalizeInlines } from "../normalize.ts";
import type { Block, Image, Inline, Mark, Text } from "../tree.ts";
import { markOfTag } from "./grammar.ts";
import type { Token } from "./library.ts";
import { phraseOf } from "./phrase.ts";
import { decode, decodeTarget, parseAttributes } from "./syntax.ts";

/** A piece of a line: a phrase of the tree, or something that concerns the block around it. */
export type Piece =
  | Inline
  | {
      readonly type: "attributes" | "empty" | "table-tag";
      readonly source: string;
      /** For when it turns out to be text. */
      readonly marks: readonly Mark[];
    }
  | Extract<Block, { type: "card-block" }>;

const CARD = /^card:(inline|block|embed)$/;
const SCHEMES = /^(?:page|attachment):/;

/** Pieces of a line of tokens. Adjacent text is not merged yet. */
export function readPieces(tokens: readonly Token[]): Piece[] {
  return new InlineReader(tokens).read();
}

/** Phrases from pieces; what concerns no block here is the text it was written as. */
export function phrasesOf(pieces: readonly Piece[]): Inline[] {
  return normalizeInlines(pieces.map(asPhrase));
}

function asPhrase(piece: Piece): Inline {
  switch (piece.type) {
    case "attributes":
    case "empty":
    case "table-tag":
      return text(piece.source, piece.marks);
    case "card-block":
      return { type: "card", url: piece.url };
    default:
      return piece;
  }
}

function text(content: string, marks: readonly Mark[]): Text {
  return { type: "text", text: content, marks };
}

/** The text of phrases without any marks, for `alt`. */
function plainText(inlines: readonly Inline[]): string {
  return inlines
    .map((inline) => {
      if (inline.type === "text" || inline.type === "status") return inline.text;
      if (inline.type === "mention") return inline.name ?? inline.id;
      if (inline.type === "image") return inline.alt ?? "";
      return inline.type === "break" ? " " : "";
    })
    .join("");
}

/** The address of a link as the tree has it. */
function hrefOf(target: string): string {
  if (target.startsWith("#") && target.length > 1) return `anchor:${decodeTarget(target.slice(1))}`;
  return SCHEMES.test(target) ? decodeTarget(target) : target;
}

/** The source of an image as the tree has it; a relative path names an attachment. */
function sourceOf(target: string): Image["source"] {
  if (target.startsWith("attachment:")) {
    return { kind: "attachment", filename: decodeTarget(target.slice("attachment:".length)) };
  }
  const [, id, collection = ""] = /^media:([^?]+)(?:\?collection=(.*))?$/.exec(target) ?? [];
  if (id !== undefined) {
    return { kind: "media", id: decodeTarget(id), collection: decodeTarget(collection) };
  }
  if (/^(?:[a-z][a-z0-9+.-]*:|\/)/i.test(target)) return { kind: "url", url: target };
  return { kind: "attachment", filename: decodeTarget(target.split("/").at(-1) ?? target) };
}

class InlineReader {
  readonly #tokens: readonly Token[];
  readonly #pieces: Piece[] = [];
  #marks: readonly Mark[] = [];
  /** Open marks by kind, the innermost last. */
  readonly #open = new Map<Mark["kind"], Mark[]>();
  /** What each open tag set, by the name of the tag. */
  readonly #tags = new Map<string, Mark["kind"][]>();

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  read(): Piece[] {
    const paired = pairTags(this.#tokens);
    for (let index = 0; index < this.#tokens.length; index += 1) {
      const token = this.#tokens[index];
      if (token === undefined) break;
      if (token.type === "link_open") index = this.#openLink(token, index);
      else if (token.type === "tag_open" || token.type === "tag_close") {
        if (paired.has(token)) this.#tag(token);
        else this.#text(token.content);
      } else this.#token(token);
    }
    return this.#pieces;
  }

  #token(token: Token): void {
    switch (token.type) {
      case "softbreak":
        this.#text(" ");
        break;
      case "hardbreak":
        this.#push({ type: "break" });
        break;
      case "code_inline":
        this.#push(text(token.content, [...this.#marks, { kind: "code" }]));
        break;
      case "strong_open":
      case "em_open":
      case "s_open":
        this.#begin(emphasis(token.type));
        break;
      case "strong_close":
      case "em_close":
      case "s_close":
        this.#end(emphasis(token.type).kind);
        break;
      case "link_close":
        this.#end("link");
        break;
      case "image":
        if (token.attrGet("src")) this.#push(imageOf(token, this.#marks));
        else this.#text(`![${token.content}]()`);
        break;
      case "mention":
        this.#push(mentionOf(token));
        break;
      case "phrase":
        this.#phrase(token);
        break;
      case "attributes":
        this.#attributes(token.content);
        break;
      case "empty":
        this.#push({ type: "empty", source: token.content, marks: this.#marks });
        break;
      case "table_tag":
        this.#push({ type: "table-tag", source: token.content, marks: this.#marks });
        break;
      default:
        this.#text(token.content);
    }
  }

  #push(piece: Piece): void {
    this.#pieces.push(piece);
  }

  #text(content: string): void {
    this.#push(text(content, this.#marks));
  }

  #phrase(token: Token): void {
    const phrase = phraseOf(token.markup, token.info);
    if (phrase === undefined) this.#text(token.content);
    else this.#push(phrase);
  }

  #begin(mark: Mark): void {
    push(this.#open, mark.kind, mark);
    this.#update();
  }

  #end(kind: Mark["kind"] | undefined): void {
    if (kind !== undefined) this.#open.get(kind)?.pop();
    this.#update();
  }

  #update(): void {
    this.#marks = [...this.#open.values()].flatMap((stack) => stack.at(-1) ?? []);
  }

  #tag(token: Token): void {
    const name = token.markup;
    if (token.type === "tag_close") {
      this.#end(this.#tags.get(name)?.pop());
      return;
    }
    const mark: Mark | undefined =
      name === "{"
        ? { kind: "opaque", id: token.info, data: undefined }
        : markOfTag(name, token.info);
    if (mark === undefined) return;
    push(this.#tags, name, mark.kind);
    this.#begin(mark);
  }

  /** Returns the index of the last token that was read. */
  #openLink(token: Token, index: number): number {
    const href = String(token.attrGet("href") ?? "");
    const title = String(token.attrGet("title") ?? "");
    const card = CARD.exec(title)?.[1];
    if (card === undefined || href === "") {
      this.#begin({ kind: "link", href: hrefOf(href), ...(title === "" ? {} : { title }) });
      return index;
    }
    if (card === "inline") this.#push({ type: "card", url: href });
    else this.#push({ type: "card-block", url: href, kind: card === "block" ? "block" : "embed" });
    let end = index;
    while (end < this.#tokens.length && this.#tokens[end]?.type !== "link_close") end += 1;
    return end;
  }

  /** Braces directly behind an image, card, mention or placeholder belong to it. */
  #attributes(source: string): void {
    const attributes = parseAttributes(source) ?? {};
    const last = this.#pieces.at(-1);
    const changed = last && withAttributes(last, attributes);
    if (changed === undefined) this.#push({ type: "attributes", source, marks: this.#marks });
    else this.#pieces[this.#pieces.length - 1] = changed;
  }
}

function emphasis(type: string): Mark {
  if (type.startsWith("s_")) return { kind: "strike" };
  return { kind: type.startsWith("em") ? "em" : "strong" };
}

function push<K, V>(stacks: Map<K, V[]>, key: K, value: V): void {
  const stack = stacks.get(key);
  if (stack === undefined) stacks.set(key, [value]);
  else stack.push(value);
}

/** The tags that have a partner of the same name on the same line of tokens. */
function pairTags(tokens: readonly Token[]): Set<Token> {
  const paired = new Set<Token>();
  const open = new Map<string, Token[]>();
  for (const token of tokens) {
    if (token.type === "tag_open") push(open, token.markup, token);
    if (token.type !== "tag_close") continue;
    const partner = open.get(token.markup)?.pop();
    if (partner !== undefined) paired.add(partner).add(token);
  }
  return paired;
}

function mentionOf(token: Token): Inline {
  const by = token.markup === "user" || token.markup === "userkey" ? token.markup : "accountid";
  const name = decode(token.content).replace(/^@/, "");
  return { type: "mention", by, id: decodeTarget(token.info), ...(name === "" ? {} : { name }) };
}

function imageOf(token: Token, marks: readonly Mark[]): Image {
  const alt = plainText(phrasesOf(readPieces(token.children ?? [])));
  const title = String(token.attrGet("title") ?? "");
  const link = marks.find((mark) => mark.kind === "link");
  return {
    type: "image",
    source: sourceOf(String(token.attrGet("src") ?? "")),
    ...(alt === "" ? {} : { alt }),
    ...(title === "" ? {} : { title }),
    ...(link === undefined ? {} : { extra: { link: link.href } }),
  };
}

function withAttributes(piece: Piece, attributes: Record<string, string>): Piece | undefined {
  if ("inline" in attributes || "caption" in attributes) return undefined;
  if (piece.type === "mention") return { ...piece, extra: { ...piece.extra, ...attributes } };
  if (piece.type === "card-block") {
    return { ...piece, options: { ...piece.options, ...attributes } };
  }
  if (piece.type !== "image") return undefined;
  const { width, height, ...extra } = attributes;
  const [wide, high] = [Number(width), Number(height)];
  return {
    ...piece,
    ...(wide > 0 ? { width: wide } : {}),
    ...(high > 0 ? { height: high } : {}),
    ...(Object.keys(extra).length > 0 ? { extra: { ...piece.extra, ...extra } } : {}),
  };
}
