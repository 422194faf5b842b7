/**
 * Arguments that several tools share. Schemas stay plain (string, integer, boolean, array of strings): what a caller may
 * send beyond that (numbers for strings, objects for JSON texts, null for absent) is evened out in `arguments.ts`.
 */
import { z } from "zod";

/** Issue key, id or browse link, trimmed: the product client knows which links are its own. */
export const issueKey = z
  .string()
  .describe("Issue key, e.g. PROJ-123")
  .transform((text) => text.trim());

export const projectKey = z
  .string()
  .describe("Project key, e.g. PROJ")
  .transform((text) => text.trim().toUpperCase());

/** Characters that the text of a body or a JSON object may have; Atlassian itself takes far less. */
export const longestBody = 1_000_000;

export const markdown = z.string().max(longestBody);

/** Comma list in one string → trimmed, non-empty entries. A JSON array of strings is accepted too. */
export function commaList(description: string) {
  return z.string().describe(description).transform(splitList);
}

function splitList(text: string): string[] {
  const trimmed = text.trim();
  if (trimmed.startsWith("[")) {
    const parsed = parseJson(trimmed);
    if (Array.isArray(parsed)) return parsed.map((entry) => String(entry).trim()).filter(Boolean);
  }
  return trimmed
    .split(",")
    .map((entry) => entry.trim())
    .filter(Boolean);
}

/** Each member of a JSON object is looked up among the fields of the site. */
const mostMembers = 1000;

/**
 * JSON object in a string → the object; an empty one for `""` and `"null"`, which models send for arguments they do not
 * use. Problems name the argument and show the form, or the limit of 1,000 members.
 */
export function jsonObject(description: string) {
  return z
    .string()
    .max(longestBody)
    .describe(description)
    .transform((text, context): Record<string, unknown> => {
      const value = ["", "null"].includes(text.trim()) ? {} : parseJson(text);
      const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
      if (isObject && Object.keys(value).length <= mostMembers) {
        return value as Record<string, unknown>;
      }
      const message = isObject
        ? `must have at most ${mostMembers} members`
        : 'must be a JSON object such as {"priority": "High"}';
      context.issues.push({ code: "custom", input: text, message });
      return z.NEVER;
    });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Comment visibility: `{"type": "group" | "role", "value": NAME}`. Absent when nothing is in it. */
export const visibility = jsonObject(
  'Who may see the comment: {"type": "group", "value": "NAME"} or {"type": "role", "value": "NAME"}',
).transform((value, context): { type: "group" | "role"; value: string } | undefined => {
  if (Object.keys(value).length === 0) return undefined;
  if ((value.type === "group" || value.type === "role") && typeof value.value === "string") {
    return { type: value.type, value: value.value };
  }
  context.issues.push({
    code: "custom",
    input: value,
    message: 'must be {"type": "group" | "role", "value": "NAME"}',
  });
  return z.NEVER;
});

/** How many results; `max` is what one call may return. */
export function limit(defaultValue: number, max: number) {
  return z.int().min(1).max(max).default(defaultValue).describe(`Results per page, 1-${max}`);
}

export const startAt = z.int().min(0).default(0).describe("Offset of the first result");
