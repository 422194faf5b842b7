import { Parser } from "htmlparser2";
import { writeMarkdown } from "../markdown/write.ts";
import { readTree } from "./read.ts";
import { MAX_DEPTH, type XmlElement } from "./xml.ts";

const SKIPPED = new Set(["head", "iframe", "noscript", "script", "style", "template", "title"]);
const LINES = new Set([
  "address",
  "article",
  "blockquote",
  "br",
  "dd",
  "div",
  "dt",
  "h1",
  "h2",
  "h3",
  "h4",
  "h5",
  "h6",
  "hr",
  "li",
  "ol",
  "p",
  "pre",
  "section",
  "table",
  "tr",
  "ul",
]);
const HIGHLIGHT = /@@@(?:end)?hl@@@/g;

/** Rendered HTML or a search excerpt as plain text: a line per block, no search highlights. */
export function htmlToText(html: string): string {
  let text = "";
  walk(html, {
    open(name) {
      if (LINES.has(name)) text += "\n";
      else if (name === "td" || name === "th") text += " ";
    },
    close(name) {
      if (LINES.has(name) && name !== "br") text += "\n";
    },
    text(part) {
      text += part.replace(/[ \t\r\n\f]+/g, " ");
    },
  });
  return text
    .replace(/ {2,}/g, " ")
    .replace(/ ?\n[ \n]*/g, "\n")
    .trim();
}

/** Rendered HTML or a search excerpt as Markdown; unknown elements dissolve into their content. */
export function excerptToMarkdown(html: string): string {
  const root = element("html", {});
  const stack = [root];
  let ignored = 0;
  const top = () => stack.at(-1) ?? root;
  walk(html, {
    open(name, attributes) {
      if (stack.length > MAX_DEPTH) {
        ignored += 1;
        return;
      }
      const node = element(name, attributes);
      top().children.push(node);
      stack.push(node);
    },
    close() {
      if (ignored > 0) ignored -= 1;
      else if (stack.length > 1) stack.pop();
    },
    text: (text) => void top().children.push({ kind: "text", text, cdata: false }),
  });
  return writeMarkdown(readTree(root, "", true).document).trim();
}

interface Visitor {
  open(name: string, attributes: Record<string, string>): void;
  close(name: string): void;
  text(text: string): void;
}

/** Calls the visitor for what a browser would show. */
function walk(html: string, visitor: Visitor): void {
  let skipping = 0;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (SKIPPED.has(name)) skipping += 1;
        else if (skipping === 0) visitor.open(name, attributes);
      },
      onclosetag(name) {
        if (SKIPPED.has(name)) skipping = Math.max(0, skipping - 1);
        else if (skipping === 0) visitor.close(name);
      },
      ontext(text) {
        if (skipping === 0) visitor.text(text);
      },
    },
    { decodeEntities: true, lowerCaseTags: true },
  );
  parser.end(html.replace(HIGHLIGHT, ""));
}

function element(name: string, attributes: Record<string, string>): XmlElement {
  const place = { start: 0, innerStart: 0, innerEnd: 0, end: 0 };
  return { kind: "element", name, attributes, children: [], ...place };
}
