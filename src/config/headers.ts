import { type Form, readJsonObject } from "./forms.ts";

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Visible Latin-1 with inner blanks and tabs: what a header may carry (RFC 9110 §5.5). */
const content = /^[\x21-\x7e\x80-\xff]([\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?$/;
const ofTheConnection = new Set([
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
const howToWrite =
  'Write Name=value,Other=value, or a JSON object such as {"Name": "a value, with a comma"}.';

/** True for the name of a header that may be copied from one message into another. */
export function isPassable(name: string): boolean {
  const lower = name.toLowerCase();
  return token.test(name) && !ofTheConnection.has(lower) && !ofTheBody.has(lower);
}

const ofTheBody = new Set([
  "accept-encoding",
  "content-encoding",
  "content-type",
  "proxy-authorization",
]);

/** Headers written as `K=V,K2=V2` or as a JSON object of texts. Names keep their case. */
export function readHeaders(text: string): Form<Readonly<Record<string, string>>> {
  const pairs = text.trim().startsWith("{") ? jsonPairs(text) : plainPairs(text);
  if (!Array.isArray(pairs)) return pairs;
  const seen = new Set<string>();
  for (const [name, value] of pairs) {
    const problem = problemOf(name, value, seen);
    if (problem !== undefined) return { problem, remedy: howToWrite };
    seen.add(name.toLowerCase());
  }
  return { value: Object.fromEntries(pairs) };
}

type Pairs = [name: string, value: string][];
type Refusal = { readonly problem: string; readonly remedy: string };

function plainPairs(text: string): Pairs | Refusal {
  const parts = text.split(",").filter((part) => part.trim() !== "");
  const pairs = parts.map((part): [string, string] => {
    const cut = part.indexOf("=");
    return cut < 0 ? ["", part] : [part.slice(0, cut).trim(), part.slice(cut + 1).trim()];
  });
  if (pairs.length === 0) return { problem: "names no header", remedy: howToWrite };
  if (pairs.every(([name]) => name !== "")) return pairs;
  return {
    problem: "has a part without a name and an equals sign; a value may hold a comma only in JSON",
    remedy: howToWrite,
  };
}

function jsonPairs(text: string): Pairs | Refusal {
  const object = readJsonObject(text);
  if (!("value" in object)) return object;
  const pairs: Pairs = [];
  for (const [name, value] of Object.entries(object.value)) {
    if (typeof value !== "string") {
      return { problem: "has a header value that is not a text", remedy: howToWrite };
    }
    pairs.push([name, value.trim()]);
  }
  return pairs;
}

function problemOf(name: string, value: string, seen: ReadonlySet<string>): string | undefined {
  if (!token.test(name)) return "has a header name with characters that names cannot have";
  if (!content.test(value)) return "has a header value that is empty or holds control characters";
  if (seen.has(name.toLowerCase())) return "names a header twice";
  if (ofTheConnection.has(name.toLowerCase()))
    return "sets a header that belongs to the connection";
  return undefined;
}
