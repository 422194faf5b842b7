import type { AdfNode } from "../model.ts";

/**
 * Wiki markup to ADF: headings, flat lists, code blocks, quotes, rules and paragraphs with bold, italic, monospace,
 * links and mentions. Used for the seed and where v2 of Cloud takes wiki markup; other notation stays as text.
 */
export function wikiToAdf(wiki: string): AdfNode {
  const lines = wiki.replaceAll("\r\n", "\n").split("\n");
  const content: AdfNode[] = [];
  let index = 0;
  while (index < lines.length) {
    const line = lines[index] ?? "";
    if (line.trim() === "") {
      index += 1;
      continue;
    }
    const taken = codeBlock(lines, index) ?? list(lines, index) ?? single(line);
    if (taken !== undefined) {
      content.push(taken.node);
      index += taken.lines;
      continue;
    }
    const end = paragraphEnd(lines, index);
    content.push({ type: "paragraph", content: inlines(lines.slice(index, end).join("\n")) });
    index = end;
  }
  return { version: 1, type: "doc", content };
}

interface Taken {
  readonly node: AdfNode;
  readonly lines: number;
}

function codeBlock(lines: readonly string[], start: number): Taken | undefined {
  const opening = /^\{code(?::([\w+-]+))?\}$/.exec(lines[start] ?? "");
  const end = lines.indexOf("{code}", start + 1);
  if (opening === null || end < 0) return undefined;
  const text = lines.slice(start + 1, end).join("\n");
  const language = opening[1];
  const node: AdfNode = {
    type: "codeBlock",
    ...(language === undefined ? {} : { attrs: { language } }),
    ...(text === "" ? {} : { content: [{ type: "text", text }] }),
  };
  return { node, lines: end - start + 1 };
}

function list(lines: readonly string[], start: number): Taken | undefined {
  const marker = /^([*#]) /.exec(lines[start] ?? "")?.[1];
  if (marker === undefined) return undefined;
  let end = start;
  while (lines[end]?.startsWith(`${marker} `) === true) end += 1;
  const items = lines.slice(start, end).map(
    (line): AdfNode => ({
      type: "listItem",
      content: [{ type: "paragraph", content: inlines(line.slice(2)) }],
    }),
  );
  const type = marker === "*" ? "bulletList" : "orderedList";
  return { node: { type, content: items }, lines: end - start };
}

function single(line: string): Taken | undefined {
  const heading = /^h([1-6])\. (.+)$/.exec(line);
  if (heading !== null) {
    const attrs = { level: Number(heading[1]) };
    return { node: { type: "heading", attrs, content: inlines(heading[2] ?? "") }, lines: 1 };
  }
  if (/^----+$/.test(line)) return { node: { type: "rule" }, lines: 1 };
  if (!line.startsWith("bq. ")) return undefined;
  const paragraph: AdfNode = { type: "paragraph", content: inlines(line.slice(4)) };
  return { node: { type: "blockquote", content: [paragraph] }, lines: 1 };
}

function paragraphEnd(lines: readonly string[], start: number): number {
  let end = start + 1;
  while (end < lines.length) {
    const line = lines[end] ?? "";
    if (line.trim() === "" || /^([*#] |h[1-6]\. |bq\. |----|\{code)/.test(line)) break;
    end += 1;
  }
  return end;
}

const notation =
  /\{\{(?<code>[^}\n]+)\}\}|\*(?<strong>\S(?:[^*\n]*\S)?)\*|\b_(?<em>[^_\n]+)_\b|\[~(?<user>[^\]\n]+)\]|\[(?:(?<label>[^|\]\n]+)\|)?(?<href>https?:[^\]\s]+)\]|(?<line>\n)/g;

function inlines(text: string): AdfNode[] {
  const nodes: AdfNode[] = [];
  let at = 0;
  for (const match of text.matchAll(notation)) {
    if (match.index > at) nodes.push({ type: "text", text: text.slice(at, match.index) });
    nodes.push(inline(match.groups ?? {}));
    at = match.index + match[0].length;
  }
  if (at < text.length) nodes.push({ type: "text", text: text.slice(at) });
  return nodes;
}

function inline(groups: Readonly<Record<string, string | undefined>>): AdfNode {
  const { code, strong, em, user, label, href } = groups;
  if (code !== undefined) return { type: "text", text: code, marks: [{ type: "code" }] };
  if (strong !== undefined) return { type: "text", text: strong, marks: [{ type: "strong" }] };
  if (em !== undefined) return { type: "text", text: em, marks: [{ type: "em" }] };
  if (user !== undefined) {
    const id = user.replace(/^accountid:/, "");
    return { type: "mention", attrs: { id, text: `@${id}` } };
  }
  if (href === undefined) return { type: "hardBreak" };
  return { type: "text", text: label ?? href, marks: [{ type: "link", attrs: { href } }] };
}
