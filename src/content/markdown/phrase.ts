import type { Inline } from "../tree.ts";
import { decode, encode } from "./syntax.ts";

type Status = Extract<Inline, { type: "status" }>;
type Emoji = Extract<Inline, { type: "emoji" }>;

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const SHORT = /^(?:[a-z][a-z0-9_+-]*|[+-]1)$/;

/** What `{kind:payload}` stands for; `undefined` when the payload makes no sense. */
export function phraseOf(kind: string, payload: string): Inline | undefined {
  switch (kind) {
    case "status":
      return statusOf(payload);
    case "date":
      return isDate(payload) ? { type: "date", date: payload } : undefined;
    case "emoji":
      return emojiOf(payload);
    case "opaque":
      return opaqueOf(payload);
    default:
      return undefined;
  }
}

/** A day of the calendar: `2026-02-30` is none. */
function isDate(text: string): boolean {
  if (!DATE.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function opaqueOf(payload: string): Inline | undefined {
  const [, id, label = ""] = /^([\w-]+)(?: (.*))?$/.exec(payload) ?? [];
  if (id === undefined) return undefined;
  return { type: "opaque", id, label: decode(label).trim(), data: undefined };
}

function statusOf(payload: string): Status | undefined {
  const bar = payload.lastIndexOf("|");
  const text = decode(bar < 0 ? payload : payload.slice(0, bar)).trim();
  const color = bar < 0 ? "" : decode(payload.slice(bar + 1)).trim();
  return text === "" ? undefined : { type: "status", text, color: color || "neutral" };
}

/** The id of a standard emoji is its code points in hexadecimal, so it need not be written. */
function standardId(text: string): string {
  return [...text].map((character) => character.codePointAt(0)?.toString(16) ?? "").join("-");
}

function emojiOf(payload: string): Emoji | undefined {
  const [name = "", text, id] = payload.split("|").map(decode);
  if (name === "") return undefined;
  return {
    type: "emoji",
    shortName: `:${name}:`,
    ...(text ? { text } : {}),
    ...(id ? { id } : {}),
    ...(text && id === undefined ? { id: standardId(text) } : {}),
  };
}

/** `:name:` where that says it all, else `{emoji:name|text|id}`. */
export function formatEmoji({ shortName, text, id }: Emoji): string {
  const name = shortName.slice(1, -1);
  if (text === undefined && id === undefined) {
    return SHORT.test(name) ? shortName : `{emoji:${encode(name, "|{}")}}`;
  }
  const fields = [name, text ?? "", id ?? ""];
  if (text !== undefined && id === standardId(text)) fields.pop();
  return `{emoji:${fields.map((field) => encode(field, "|{}")).join("|")}}`;
}

/** `{status:TEXT|colour}` */
export function formatStatus({ text, color }: Status): string {
  return `{status:${encode(text, "|{}")}|${encode(color, "|{}")}}`;
}
