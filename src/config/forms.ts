import { parsedUrl } from "../parsed-url.ts";

/** The value of a text, or what is wrong with it and how to write it. */
export type Form<T> = { readonly value: T } | { readonly problem: string; readonly remedy: string };

const trueWords = ["true", "1", "yes", "y", "on"];
const falseWords = ["false", "0", "no", "n", "off"];

/** The one boolean dialect: trimmed, any case. */
export function readBoolean(text: string): Form<boolean> {
  const word = text.trim().toLowerCase();
  if (trueWords.includes(word)) return { value: true };
  if (falseWords.includes(word)) return { value: false };
  return {
    problem: "is neither yes nor no",
    remedy: `Write true (${trueWords.slice(1).join(", ")}) or false (${falseWords.slice(1).join(", ")}).`,
  };
}

/** A plain decimal number within bounds; `integer` forbids fractions. Units and digit groups are refused. */
export function readNumber(
  text: string,
  { type, min, max }: { type: "integer" | "number"; min: number; max: number },
): Form<number> {
  const kind = type === "integer" ? "a whole number" : "a number";
  const pattern = type === "integer" ? /^[+-]?\d+$/ : /^[+-]?(\d+(\.\d*)?|\.\d+)$/;
  const remedy = `Write ${kind} from ${min} to ${max}, without a unit.`;
  if (!pattern.test(text.trim())) return { problem: `is not ${kind}`, remedy };
  const value = Number(text);
  if (value < min || value > max) return { problem: "is out of range", remedy };
  return { value };
}

/** One of the given words, in any case. */
export function readEnum(
  text: string,
  values: readonly string[],
  synonyms: Readonly<Record<string, string>> = {},
): Form<string> {
  const word = text.trim().toLowerCase();
  const value = values.includes(word)
    ? word
    : Object.entries(synonyms).find(([synonym]) => synonym === word)?.[1];
  if (value !== undefined) return { value };
  return { problem: "is not one of the known words", remedy: `Write ${values.join(" or ")}.` };
}

/** Names between commas (or blanks and commas), trimmed, without repetitions. */
export function readList(text: string, separator: "comma" | "space"): Form<string[]> {
  const items = text.split(separator === "comma" ? "," : /[\s,]+/).map((item) => item.trim());
  const value = [...new Set(items.filter((item) => item !== ""))];
  if (value.length > 0) return { value };
  return { problem: "names nothing", remedy: "Write at least one entry, or remove the setting." };
}

export function readRegex(text: string): Form<RegExp> {
  try {
    return { value: new RegExp(text) };
  } catch {
    return {
      problem: "is not a regular expression of JavaScript",
      remedy: "Named groups are written (?<name>…), and inline flags are not known.",
    };
  }
}

/** A UUID, in lower case. */
export function readUuid(text: string): Form<string> {
  const value = text.trim().toLowerCase();
  if (/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(value)) return { value };
  return {
    problem: "is not the id of a site",
    remedy:
      "Write it as 11111111-2222-3333-4444-555555555555; https://YOUR-SITE.atlassian.net/_edge/tenant_info shows it.",
  };
}

/** A JSON object. */
export function readJsonObject(text: string): Form<Readonly<Record<string, unknown>>> {
  const problem = { problem: "is not a JSON object", remedy: 'Write it as {"name": "value"}.' };
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? { value } : problem;
  } catch {
    return problem;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * An absolute URL with one of the schemes. User information is refused unless `userInfo` allows it;
 * a missing scheme is filled in where `assume` names one.
 */
export function readUrl(
  text: string,
  rules: { schemes: readonly string[]; userInfo: boolean; assume?: string | undefined },
): Form<URL> {
  const trimmed = text.trim();
  const written =
    rules.assume !== undefined && !/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed)
      ? `${rules.assume}://${trimmed}`
      : trimmed;
  const scheme = rules.schemes[0] ?? "https";
  const url = parsedUrl(written);
  if (url === undefined || !rules.schemes.includes(url.protocol.slice(0, -1))) {
    const known = rules.schemes.map((name) => `${name}:`).join(", ");
    const bare = /^[\w.-]+(:\d+)?(\/\S*)?$/.test(trimmed);
    return bare
      ? { problem: "has no scheme", remedy: `Put ${scheme}:// in front of it.` }
      : {
          problem: "is not a usable URL",
          remedy: `Write an absolute URL; known schemes are ${known}.`,
        };
  }
  // A password with # or ? in it ends the host early: its @ is then found in another part of the URL.
  if (!rules.userInfo && trimmed.includes("@")) {
    return {
      problem: "holds a user name or password",
      remedy: "Remove everything between // and @; credentials have settings of their own.",
    };
  }
  return { value: url };
}
