import { EMOJI } from "./grammar.ts";
import { isBlank, isPunctuation, SCHEME_NEIGHBOUR } from "./syntax.ts";

/** What stands around a run of literal text: the character before and after it, `""` at an edge. */
interface Around {
  readonly before: string;
  readonly after: string;
  /** Inside the text of a link, where brackets must be balanced and addresses are not linked. */
  readonly inLink: boolean;
}

const SPECIAL = /([*_~])\1*|[\\`[\]<&{:!@]/g;
const ENTITY = /&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});/y;
const BRACE =
  /\{(?:(?:status|date|emoji|opaque|mark|expand):|\/mark\}|expand\}|inline\}|caption\}|[A-Za-z][\w.-]*=)/y;
const ANGLE =
  /<(?:\/?(?:u|ins|sub|sup|span|mark|b|strong|i|em|s|del|br|p|table|thead|tbody|tr|th|td)\b|[^\s<>]*[:@]|[^\s<>]*$)/iy;
const EDGE_START = /^\s/;
const EDGE_END = /\s$/;

/** Literal text as Markdown: everything that would become markup is escaped, and little else. */
export function escapeText(text: string, around: Around): string {
  const lines = text.split("\n");
  const escaped = lines.map((line, index) =>
    escapeLine(line, {
      ...around,
      before: index === 0 ? around.before : ";",
      after: index + 1 === lines.length ? around.after : "&",
    }),
  );
  return keepEdges(escaped.join("&#10;"), around);
}

function escapeLine(text: string, around: Around): string {
  let result = "";
  let last = 0;
  for (const { 0: found, 1: run, index } of text.matchAll(SPECIAL)) {
    if (run === undefined) {
      if (!isMarkup(found, text, index, around)) continue;
      result += `${text.slice(last, index)}\\${found}`;
    } else {
      if (!isDelimiter(found, text, index, around)) continue;
      result += text.slice(last, index) + found.replaceAll(run, `\\${run}`);
    }
    last = index + found.length;
  }
  return result + text.slice(last);
}

/** Blanks at the edge of a line would be trimmed; as entities they stay. */
function keepEdges(text: string, { before, after }: Around): string {
  let kept = text;
  if (before === "" || before === "\n") kept = kept.replace(EDGE_START, entity);
  if (after === "") kept = kept.replace(EDGE_END, entity);
  return kept;
}

function entity(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}

function isMarkup(character: string, text: string, index: number, around: Around): boolean {
  const isLast = index + 1 === text.length;
  const after = isLast ? around.after : (text[index + 1] ?? "");
  switch (character) {
    case "`":
      return true;
    case "\\":
      return isLast || isPunctuation(after) || index + 2 === text.length;
    case "[":
      return around.inLink || after === "~";
    case "]":
      return around.inLink || after === "(";
    case "!":
    case "@":
      return isLast && after === "[";
    case "<":
      return matchesAt(ANGLE, text, index);
    case "&":
      return matchesAt(ENTITY, text, index);
    case "{":
      return matchesAt(BRACE, text, index);
    default:
      return isColonMarkup(text, index, around);
  }
}

function matchesAt(expression: RegExp, text: string, index: number): boolean {
  expression.lastIndex = index;
  return expression.test(text);
}

/** Whether a run of stars, underscores or tildes could open or close a mark. */
function isDelimiter(run: string, text: string, index: number, around: Around): boolean {
  const [character] = run;
  const end = index + run.length;
  const before =
    index === 0 ? around.before : lastCharacter(text.slice(Math.max(0, index - 2), index));
  const after = end === text.length ? around.after : firstCharacter(text.slice(end, end + 2));
  if (before === character || after === character) return true;
  if (character === "~") return run.length > 1;
  if (isBlank(before) && isBlank(after)) return false;
  const inWord = [before, after].every((one) => !isBlank(one) && !isPunctuation(one));
  return character === "*" || !inWord;
}

function isColonMarkup(text: string, index: number, around: Around): boolean {
  if (text.startsWith("://", index)) {
    const scheme = /https?$/i.exec(text.slice(Math.max(0, index - 5), index))?.[0];
    if (scheme === undefined || around.inLink) return false;
    if (SCHEME_NEIGHBOUR.test(text[index - scheme.length - 1] ?? "")) return false;
    return !isBlank(text[index + 3] ?? around.after);
  }
  return !/[A-Za-z0-9:]/.test(text[index - 1] ?? "") && matchesAt(EMOJI, text, index);
}

/** The first code point of a text. */
export function firstCharacter(text: string): string {
  const code = text.codePointAt(0);
  return code === undefined ? "" : String.fromCodePoint(code);
}

/** The last code point of a text. */
export function lastCharacter(text: string): string {
  const pair = text.slice(-2);
  return /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(pair) ? pair : text.slice(-1);
}

const HASHES = /(^|[ \t])(#+)$/;
const LINE_STARTS: readonly (readonly [RegExp, string])[] = [
  [/^(?=#{1,6}(?:[ \t]|$)|>|[-+*](?:[ \t]|$)|:::)/, "\\"],
  [/^(?=([-_*])[ \t]*(?:\1[ \t]*){2,}$)/, "\\"],
  [/^(?=\[!(?:NOTE|INFO|TIP|SUCCESS|IMPORTANT|WARNING|CAUTION|ERROR)\]\s*(?:\n|$))/i, "\\"],
  [/^(\d{1,9})(?=[.)](?:[ \t]|$))/, "$1\\"],
];
const DEFINITION = /^\[(?:\\.|[^[\]\\])*\]:/s;
const TASK = /^\[[ xX]\](?=\s|$)/;
const UNDERLINE = /^(?=[=-]+[ \t]*$|[|:-][|: \t-]*$)/;

/** A rendered paragraph whose lines cannot be taken for the start of another block. */
export function escapeLines(text: string, startsItem: boolean): string {
  const lines = text.split("\n").map((line, index) => {
    let safe = line;
    for (const [start, replacement] of LINE_STARTS) safe = safe.replace(start, replacement);
    return index > 0 && safe === line ? line.replace(UNDERLINE, "\\") : safe;
  });
  const safe = lines.join("\n");
  const marker = DEFINITION.test(safe) || (startsItem && TASK.test(safe));
  return marker ? `\\${safe}` : safe;
}

/** A rendered heading that does not end in what would be taken for its closing marks. */
export function escapeHeading(text: string): string {
  return text.replace(HASHES, "$1\\$2");
}
