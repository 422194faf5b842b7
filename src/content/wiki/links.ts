import type { Image } from "../tree.ts";
import { isWord, plainText } from "./grammar.ts";

/** What stands in square brackets, up to the closing one (index behind it). */
export interface Bracket {
  /** Range of the link text; empty where the link has none. */
  readonly textStart: number;
  readonly textEnd: number;
  readonly target: string;
  /** Title, or Jira Cloud's kind of smart link. */
  readonly tip: string | undefined;
  readonly end: number;
}

const SCHEMES =
  /^(?:[a-z][a-z0-9+.-]*:\/\/|(?:mailto|tel|callto|sip|skype|news|irc|file|accountid|user|userkey|space|blog):)/i;
const SCHEME = /^[a-z][a-z0-9+.-]*:\/\/|^mailto:/i;
const PICTURE = /:\/\/|\.(?:avif|bmp|gif|jpe?g|mov|mp4|pdf|png|svg|tiff?|webm|webp)$/i;
const SETTINGS = /^(?:\s*[A-Za-z][\w.-]*(?:\s*=(?:\s*"[^"]*"\s*|[^,|"]*)|\s*)(?:[,|]|$))*$/;
const IMAGE_AT = /!([^\s!|{}](?:[^\n!|{}]*[^\s!|{}])?)(?:\|([^\n!]*))?!/y;

/** The link or mention that begins at a bracket, or `undefined` where the bracket is ordinary text. */
export function bracketAt(text: string, start: number, end: number): Bracket | undefined {
  const bars: number[] = [];
  let i = start + 1;
  for (; i < end; i += 1) {
    const char = text[i];
    if (char === "\n" || char === "[") return undefined;
    if (char === "\\") i += 1;
    else if (char === "|") bars.push(i);
    else if (char === "]") break;
  }
  if (i >= end || bars.length > 2) return undefined;
  const parts = [start, ...bars].map((from, part) => text.slice(from + 1, bars[part] ?? i));
  const [first = "", second, third] = parts;
  const target = (second ?? first).trim();
  const isBare = second === undefined;
  if (target === "" || (isBare && !/^[#^~]./.test(target) && !SCHEME.test(target)))
    return undefined;
  const [textEnd = start + 1] = bars;
  const tip = third === undefined ? undefined : plainText(third).trim();
  return { textStart: start + 1, textEnd, target, tip, end: i + 1 };
}

/** A target of wiki markup as the tree's `href`. */
export function readTarget(target: string): string {
  if (SCHEMES.test(target) || /^(?:\/|www\.)/.test(target)) return encodeUrl(target);
  const name = plainText(target);
  if (name.startsWith("#")) return `anchor:${encode(name.slice(1))}`;
  if (name.startsWith("^")) return `attachment:${encode(name.slice(1))}`;
  if (name.startsWith("~accountid:")) return name.slice(1);
  if (name.startsWith("~")) return `user:${name.slice(1)}`;
  if (/^\$\d+$/.test(name)) return `page:${name.slice(1)}`;
  const [path = "", anchor] = target.split(/(?<!&)#(.*)/s);
  const [, space = "", page = ""] = /^(?:([^:/]+):)?(.*)$/s.exec(path) ?? [];
  const hash = anchor === undefined ? "" : `#${encode(plainText(anchor))}`;
  return page === "" ? name : `page:${plainText(space)}/${encode(plainText(page))}${hash}`;
}

/** The tree's `href` as target of wiki markup. */
export function writeTarget(href: string): string {
  const colon = href.indexOf(":");
  const kind = href.slice(0, Math.max(0, colon));
  const rest = href.slice(colon + 1);
  if (kind === "anchor") return escapeName(`#${decode(rest)}`);
  if (kind === "attachment") return escapeName(`^${decode(rest)}`);
  if (kind === "accountid") return escapeName(`~${href}`);
  if (kind === "user" || kind === "userkey") return escapeName(`~${rest}`);
  if (kind === "page" && /^\d+$/.test(rest)) return `$${rest}`;
  if (kind === "page") {
    const [, space = "", title = rest, hash] =
      /^(?:([^/#]*)\/)?([^#]*)(?:#(.*))?$/s.exec(rest) ?? [];
    const anchor = hash === undefined ? "" : `#${escapeName(decode(hash))}`;
    const page = escapeName(decode(title)).replace(/(?<!&)#|:/g, entity);
    return `${space === "" ? "" : `${escapeName(decode(space))}:`}${page}${anchor}`;
  }
  return encodeUrl(href);
}

/** An address without the characters that end a link. */
function encodeUrl(url: string): string {
  return url.replace(/[\s|[\]{}\\]/g, (char) => encodeURIComponent(char));
}

/** A name inside brackets: what would end the link is written as an entity. */
function escapeName(name: string): string {
  return name.replace(/[|[\]{}\\&\n]/g, entity);
}

function entity(char: string): string {
  return `&#${char.charCodeAt(0)};`;
}

/** The image that begins at an exclamation mark. It must name a file with a type, or an address. */
export function imageAt(
  text: string,
  start: number,
  end: number,
): { image: Image; end: number } | undefined {
  IMAGE_AT.lastIndex = start;
  const [source = "", name = "", params] = IMAGE_AT.exec(text) ?? [];
  const stop = start + source.length;
  const isNamed = /\.\w{2,5}$|:\/\//.test(name) || (params ?? "").trim() !== "";
  // Inside a word only what is surely a file counts: "Oh!No.Way!" is text.
  if (isWord(text[start - 1]) && !PICTURE.test(name)) return undefined;
  if (source === "" || stop > end || !isNamed || !SETTINGS.test(params ?? "")) return undefined;
  const target = plainText(name);
  const image: Image = {
    type: "image",
    source: /:\/\//.test(target)
      ? { kind: "url", url: target }
      : { kind: "attachment", filename: target.replace(/^\^/, "") },
    ...settings(params ?? ""),
  };
  return { image, end: stop };
}

function settings(params: string): Omit<Image, "type" | "source"> {
  const all = new Map<string, string>();
  for (const [, key = "", quoted, value] of params.matchAll(
    /\s*([\w.-]+)(?:\s*=\s*(?:"([^"]*)"|([^,|]*)))?\s*(?:[,|]|$)/g,
  )) {
    all.set(key.toLowerCase(), plainText(quoted ?? value ?? "true").trim());
  }
  const pixels = (name: string) => {
    const value = all.get(name) ?? "";
    if (!/^\d{1,6}(?:px)?$/.test(value)) return undefined;
    all.delete(name);
    return Number.parseInt(value, 10);
  };
  const width = pixels("width");
  const height = pixels("height");
  const alt = all.get("alt");
  const title = all.get("title");
  for (const name of ["alt", "title"]) all.delete(name);
  return { alt, title, width, height, extra: Object.fromEntries(all) };
}

/** Writes an image; Cloud media ids are unknown to wiki markup and give the empty text. */
export function writeImage(image: Image): string {
  const { source } = image;
  if (source.kind === "media") return "";
  const name = source.kind === "url" ? source.url : source.filename;
  const all: [string, string | number | undefined][] = [
    ["width", image.width],
    ["height", image.height],
    ["alt", image.alt],
    ["title", image.title],
    ...Object.entries(image.extra ?? {}),
  ];
  const params = all.flatMap(([key, value]) => {
    if (value === undefined || value === "") return [];
    if (value === "true") return [key];
    const text = escapeSetting(String(value));
    return [`${key}=${/^[\w.:/#%-]+$/.test(text) ? text : `"${text}"`}`];
  });
  const escaped = name.replace(/[!|{}\\&\n]/g, entity);
  return `!${escaped}${params.length > 0 ? `|${params.join(",")}` : ""}!`;
}

function escapeSetting(value: string): string {
  return value.replace(/[!|"{}&\\\n]/g, entity);
}

function encode(name: string): string {
  return name.replace(/[%#]/g, (sign) => encodeURIComponent(sign));
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
