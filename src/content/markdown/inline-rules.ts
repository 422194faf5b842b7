import {
  BREAK,
  EMOJI,
  EMPTY,
  MENTION,
  markOfTag,
  TABLE_TAG,
  TAG,
  TOKEN,
  WIKI_MENTION,
} from "./grammar.ts";
import type { Parser, InlineState as State } from "./library.ts";
import { phraseOf } from "./phrase.ts";
import { ATTRIBUTES_SOURCE, bareUrlAt, SCHEME_NEIGHBOUR } from "./syntax.ts";

const ATTRIBUTES = new RegExp(ATTRIBUTES_SOURCE, "y");

/** Adds the rules of our dialect. Their tokens carry plain strings; `read-inline.ts` reads them. */
export function addInlineRules(md: Parser): void {
  const { ruler } = md.inline;
  ruler.before("link", "mention", mention);
  ruler.before("link", "wiki_mention", wikiMention);
  ruler.before("link", "token", token);
  ruler.before("link", "emoji", emoji);
  ruler.before("link", "bare_url", bareUrl);
  ruler.before("autolink", "tag", tag);
}

function match(state: State, expression: RegExp): RegExpExecArray | undefined {
  expression.lastIndex = state.pos;
  const found = expression.exec(state.src);
  return found && expression.lastIndex <= state.posMax ? found : undefined;
}

/** Emits a token unless the parser only looks ahead, and moves behind the source it covers. */
function emit(
  state: State,
  silent: boolean,
  source: string,
  fields: { type: string; markup?: string; info?: string; content?: string },
): true {
  if (!silent) {
    const { type, markup = "", info = "", content = source } = fields;
    const token = state.push(type, "", 0);
    Object.assign(token, { markup, info, content });
  }
  state.pos += source.length;
  return true;
}

function mention(state: State, silent: boolean): boolean {
  if (state.src[state.pos] !== "@") return false;
  const [source, name, by, id] = match(state, MENTION) ?? [];
  if (source === undefined || by === undefined || id === undefined) return false;
  return emit(state, silent, source, {
    type: "mention",
    markup: by,
    info: id,
    content: name ?? "",
  });
}

function wikiMention(state: State, silent: boolean): boolean {
  if (state.src[state.pos] !== "[" || state.src[state.pos + 1] !== "~") return false;
  const [source, cloud, id] = match(state, WIKI_MENTION) ?? [];
  if (source === undefined || id === undefined) return false;
  const by = cloud === undefined ? "user" : "accountid";
  return emit(state, silent, source, { type: "mention", markup: by, info: id, content: "" });
}

function token(state: State, silent: boolean): boolean {
  if (state.src[state.pos] !== "{") return false;
  const [source, kind, payload = ""] = match(state, TOKEN) ?? [];
  if (source !== undefined) {
    if (kind === undefined) return emit(state, silent, source, { type: "tag_close", markup: "{" });
    if (kind === "mark") {
      if (!/^[\w-]+$/.test(payload)) return false;
      return emit(state, silent, source, { type: "tag_open", markup: "{", info: payload });
    }
    if (phraseOf(kind, payload) === undefined) return false;
    return emit(state, silent, source, { type: "phrase", markup: kind, info: payload });
  }
  const [attributes] = match(state, ATTRIBUTES) ?? [];
  if (attributes === undefined) return false;
  return emit(state, silent, attributes, { type: "attributes" });
}

function emoji(state: State, silent: boolean): boolean {
  if (state.src[state.pos] !== ":" || /[A-Za-z0-9:]/.test(state.src[state.pos - 1] ?? ""))
    return false;
  const [source] = match(state, EMOJI) ?? [];
  if (source === undefined) return false;
  return emit(state, silent, source, {
    type: "phrase",
    markup: "emoji",
    info: source.slice(1, -1),
  });
}

function bareUrl(state: State, silent: boolean): boolean {
  const { src, pos } = state;
  if (state.linkLevel > 0 || src[pos] !== ":" || src[pos + 1] !== "/") return false;
  const scheme = /https?$/i.exec(src.slice(Math.max(0, pos - 5), pos))?.[0];
  if (scheme === undefined || SCHEME_NEIGHBOUR.test(src[pos - scheme.length - 1] ?? ""))
    return false;
  const url = bareUrlAt(src.slice(0, state.posMax), pos - scheme.length);
  if (url === "" || (!silent && !state.pending.endsWith(scheme))) return false;
  if (!silent) {
    state.pending = state.pending.slice(0, -scheme.length);
    state.push("link_open", "a", 1).attrs = [["href", url]];
    state.push("text", "", 0).content = url;
    state.push("link_close", "a", -1);
  }
  state.pos += url.length - scheme.length;
  return true;
}

function tag(state: State, silent: boolean): boolean {
  if (state.src[state.pos] !== "<") return false;
  const [line] = match(state, BREAK) ?? [];
  if (line !== undefined) return emit(state, silent, line, { type: "hardbreak" });
  const [empty] = match(state, EMPTY) ?? [];
  if (empty !== undefined) return emit(state, silent, empty, { type: "empty" });
  const [cell] = match(state, TABLE_TAG) ?? [];
  if (cell !== undefined) return emit(state, silent, cell, { type: "table_tag" });
  const [source, slash, rawName = "", info = ""] = match(state, TAG) ?? [];
  if (source === undefined) return false;
  const markup = rawName.toLowerCase();
  if (slash === "/") return emit(state, silent, source, { type: "tag_close", markup });
  if (markOfTag(markup, info) === undefined) return false;
  return emit(state, silent, source, { type: "tag_open", markup, info });
}
