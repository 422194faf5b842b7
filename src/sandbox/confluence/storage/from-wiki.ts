import { cdata, escapeAttribute, escapeXml } from "./xml.ts";

function inline(source: string): string {
  return escapeXml(source)
    .replace(/\{\{(.+?)\}\}/g, "<code>$1</code>")
    .replace(/\[([^|\]]+)\|([^\]]+)\]/g, (_all, text: string, target: string) => {
      return `<a href="${escapeAttribute(target.replace(/&amp;/g, "&"))}">${text}</a>`;
    })
    .replace(/(^|[^\w*])\*(\S(?:.*?\S)?)\*(?![\w*])/g, "$1<strong>$2</strong>")
    .replace(/(^|[^\w_])_(\S(?:.*?\S)?)_(?![\w_])/g, "$1<em>$2</em>");
}

function list(lines: readonly string[], depth: number): string {
  const tag = lines[0]?.[depth] === "#" ? "ol" : "ul";
  let written = "";
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? "";
    let end = at + 1;
    while ((/^[*#]+/.exec(lines[end] ?? "")?.[0].length ?? 0) > depth + 1) end += 1;
    const nested = lines.slice(at + 1, end);
    const inner = nested.length === 0 ? "" : list(nested, depth + 1);
    written += `<li><p>${inline(line.replace(/^[*#]+\s*/, ""))}</p>${inner}</li>`;
    at = end;
  }
  return `<${tag}>${written}</${tag}>`;
}

function row(line: string): string {
  const tag = line.startsWith("||") ? "th" : "td";
  const cells = line.replace(/^\|+|\|+$/g, "").split(/\|+/);
  return `<tr>${cells.map((cell) => `<${tag}><p>${inline(cell.trim())}</p></${tag}>`).join("")}</tr>`;
}

function group(lines: readonly string[]): string {
  const first = lines[0] ?? "";
  const heading = /^h([1-6])\.\s*(.*)$/.exec(first);
  if (heading !== null) return `<h${heading[1]}>${inline(heading[2] ?? "")}</h${heading[1]}>`;
  if (/^[*#]+ /.test(first)) return list(lines, 0);
  if (first.startsWith("|")) return `<table><tbody>${lines.map(row).join("")}</tbody></table>`;
  if (/^-{4,}$/.test(first)) return "<hr/>";
  return `<p>${lines.map(inline).join("<br/>")}</p>`;
}

/** What lines may stand together: list lines, table rows, or lines of a paragraph. */
function kindOf(line: string): string {
  if (/^h[1-6]\./.test(line) || /^-{4,}$/.test(line)) return "alone";
  if (/^[*#]+ /.test(line)) return "list";
  return line.startsWith("|") ? "table" : "text";
}

function blocks(source: string): string {
  const groups: string[][] = [];
  let kind = "";
  for (const line of source.split("\n")) {
    const next = line.trim() === "" ? "" : kindOf(line);
    if (next !== "" && next !== "alone" && next === kind) groups.at(-1)?.push(line);
    else if (next !== "") groups.push([line]);
    kind = next;
  }
  return groups.map(group).join("");
}

/**
 * Wiki markup as storage format: headings, lists, tables, rules, code, links and the common marks.
 * Other macros stay as they are written.
 */
export function wikiToStorage(source: string): string {
  const parts = source.replace(/\r\n?/g, "\n").split(/\{code(?::([\w+#-]+))?\}/);
  let written = "";
  for (let at = 0; at < parts.length; at += 4) {
    written += blocks(parts[at] ?? "");
    const code = parts[at + 2];
    if (code === undefined) break;
    const language = parts[at + 1];
    const parameter =
      language === undefined ? "" : `<ac:parameter ac:name="language">${language}</ac:parameter>`;
    written +=
      `<ac:structured-macro ac:name="code" ac:schema-version="1">${parameter}` +
      `<ac:plain-text-body>${cdata(code.replace(/^\n|\n$/g, ""))}</ac:plain-text-body>` +
      `</ac:structured-macro>`;
  }
  return written;
}
