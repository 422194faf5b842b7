import { SaxesParser } from "saxes";
import { AtlassianMcpError } from "../../errors.ts";
import { entityText } from "./entities.ts";

/** An element of storage format with its place in the source text (string indexes). */
export interface XmlElement {
  readonly kind: "element";
  /** As written, with prefix: `ac:link`. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlNode[];
  readonly start: number;
  /** Behind the opening tag. */
  readonly innerStart: number;
  /** Before the closing tag. */
  innerEnd: number;
  end: number;
}

export type XmlNode =
  | XmlElement
  | { readonly kind: "text"; readonly text: string; readonly cdata: boolean }
  /** A comment or processing instruction. */
  | { readonly kind: "aside"; readonly start: number; readonly end: number };

/** Deepest nesting of elements that is read. */
export const MAX_DEPTH = 200;

const PREFIXES = new Set(["ac", "ri", "at", "xml", "xmlns"]);
const ADVICE =
  "Correct the XML: close every element, escape `&` and `<` in text, put attributes in quotes.";
const OPEN_ROOT = "<storage>";
const CLOSE_ROOT = "</storage>";

/**
 * Parses storage format strictly. The result is a root element around it; positions refer to `source`.
 * Throws `code` with line and column where the text is malformed or nested too deeply.
 */
export function parseXml(source: string, code: "shape" | "input"): XmlElement {
  const root = element("storage", {}, 0, 0);
  root.innerEnd = source.length;
  root.end = source.length;
  const stack: XmlElement[] = [root];
  const fail = (what: string, at: number) => storageFault(source, code, what, at);
  const parser = new SaxesParser<{ xmlns: false }>();
  const here = () => parser.position - OPEN_ROOT.length;
  const top = () => stack.at(-1) ?? root;
  let tagStart = 0;

  for (const [name, text] of entitiesOf(source, fail)) parser.ENTITIES[name] = text;
  parser.on("error", (error) => {
    const what = error.message.replace(/^\d+:\d+: /, "").replace(/\.$/, "");
    if (what === "disallowed character in tag name") {
      throw fail("`<` in text must be written `&lt;`", source.lastIndexOf("<", here() - 1));
    }
    throw fail(what, Math.min(here(), source.length) - 1);
  });
  parser.on("opentagstart", () => {
    tagStart = source.lastIndexOf("<", here() - 1);
  });
  parser.on("opentag", (tag) => {
    if (here() <= 0) return;
    if (stack.length > MAX_DEPTH) throw fail(`nested deeper than ${MAX_DEPTH} elements`, tagStart);
    const node = element(tag.name, tag.attributes, tagStart, here());
    top().children.push(node);
    stack.push(node);
  });
  parser.on("closetag", (tag) => {
    const node = top();
    if (here() > source.length) {
      if (node !== root) throw fail(`\`<${node.name}>\` is not closed`, node.start);
      return;
    }
    const end = tag.isSelfClosing ? here() : source.lastIndexOf("<", here() - 1);
    const closing = tag.isSelfClosing ? tag.name : source.slice(end + 2, here() - 1).trim();
    // The parser reports each open element before it says that the closing tag fits none.
    if (node === root) throw fail(`\`</${closing}>\` closes nothing`, end);
    if (closing !== node.name) {
      throw fail(`\`<${node.name}>\` is not closed before \`</${closing}>\``, end);
    }
    stack.pop();
    node.innerEnd = end;
    node.end = here();
  });
  parser.on("text", (text) => void top().children.push({ kind: "text", text, cdata: false }));
  parser.on("cdata", (text) => void top().children.push({ kind: "text", text, cdata: true }));
  const aside = (open: string) => () => {
    const end = source.indexOf(">", here() - 1) + 1;
    top().children.push({ kind: "aside", start: source.lastIndexOf(open, end - 1), end });
  };
  parser.on("comment", aside("<!--"));
  parser.on("processinginstruction", aside("<?"));
  parser.write(OPEN_ROOT + source + CLOSE_ROOT).close();
  return root;
}

/** The element's first child element of that name. */
export function child(node: XmlElement, name: string): XmlElement | undefined {
  return elements(node).find((one) => one.name === name);
}

/** Child elements, without text between them. */
export function elements(node: XmlElement): XmlElement[] {
  return node.children.filter((one) => one.kind === "element");
}

/** All character data below a node. */
export function textOf(node: XmlNode): string {
  if (node.kind === "text") return node.text;
  return node.kind === "element" ? node.children.map(textOf).join("") : "";
}

/** True for white space between elements. A no-break space is content. */
export function isBlank(node: XmlNode): boolean {
  return node.kind === "text" && /^[ \t\r\n\f]*$/.test(node.text);
}

/** Prefixes used in a name that storage format does not declare. */
export function isForeign(name: string): boolean {
  const colon = name.indexOf(":");
  return colon > 0 && !PREFIXES.has(name.slice(0, colon));
}

function element(
  name: string,
  attributes: Readonly<Record<string, string>>,
  start: number,
  innerStart: number,
): XmlElement {
  const ends = { innerEnd: innerStart, end: innerStart };
  return { kind: "element", name, attributes, children: [], start, innerStart, ...ends };
}

/** The named entities of a text; a loose `&` is found here because the parser would run to the end. */
function entitiesOf(
  source: string,
  fail: (what: string, at: number) => AtlassianMcpError,
): Map<string, string> {
  const found = new Map<string, string>();
  const pattern = /<!\[CDATA\[|<!--|&(?:([A-Za-z][A-Za-z0-9]*);|#[0-9]+;|#x[0-9A-Fa-f]+;)?/g;
  for (let match = pattern.exec(source); match !== null; match = pattern.exec(source)) {
    const [token, name] = match;
    if (token === "&") throw fail("`&` must be written `&amp;`", match.index);
    if (token.startsWith("<")) {
      const end = source.indexOf(token === "<!--" ? "-->" : "]]>", pattern.lastIndex);
      if (end < 0) throw fail("a comment or CDATA section is not closed", match.index);
      pattern.lastIndex = end;
    } else if (name !== undefined && !found.has(name)) {
      const text = entityText(name);
      if (text === undefined) throw fail(`unknown entity \`&${name};\``, match.index);
      found.set(name, text);
    }
  }
  return found;
}

/** The error for a fault at an index of the source text: message with line and column. */
export function storageFault(
  source: string,
  code: "shape" | "input",
  what: string,
  at: number,
): AtlassianMcpError {
  const before = source.slice(0, Math.max(0, at));
  const line = before.split("\n").length;
  const column = Math.max(1, before.length - before.lastIndexOf("\n"));
  const message = `storage format, line ${line}, column ${column}: ${what}`;
  return new AtlassianMcpError(code, message, code === "input" ? { next: ADVICE } : {});
}
