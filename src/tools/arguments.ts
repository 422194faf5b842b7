import type { z } from "zod";
import { AtlassianMcpError } from "../errors.ts";
import { closest, normalise } from "../spelling.ts";
import type { Tool } from "./define.ts";
import {
  type InputSchema,
  inputSchemaOf,
  type ParameterSchema,
  textLimitsOf,
} from "./json-schema.ts";
import { longestBody } from "./params.ts";

/** What a tool accepts; `limits` are characters of a text, where they differ from {@link longestText}. */
interface Accepted extends InputSchema {
  readonly limits: ReadonlyMap<string, number>;
}

const schemas = new WeakMap<Tool, Accepted>();

/** The work on an argument grows with its length, and every caller of the server waits for it. */
const longestText = 20_000;
const longestName = 100;
const mostArguments = 100;
/** Arguments that hold what people write: the text of a page, an issue or a comment. */
const bodies: ReadonlySet<string> = new Set(["body", "comment", "content", "description"]);

/**
 * Arguments as a model sends them → arguments as `run` takes them.
 *
 * Lenient where nothing is guessed: null counts as absent, a number or a JSON value stands for the text the schema
 * asks for, `"5"` for 5, `"true"` for true, a comma list for an array, `issueKey` for `issue_key`. A body or JSON object
 * has at most 1,000,000 characters, any other argument 20,000.
 *
 * @throws AtlassianMcpError `input` naming every argument that is missing, unknown, too long or wrong, and the valid
 *   names.
 */
export function parseArguments(tool: Tool, raw: unknown): unknown {
  const schema = schemaOf(tool);
  const problems = new Map<string, string>();
  const evened = evenOut(tool, schema, raw, problems);
  const parsed = tool.input.safeParse(evened);
  if (!parsed.success) collect(parsed.error, evened, problems);
  if (problems.size > 0) throw argumentError(tool, schema, problems);
  return parsed.data;
}

function schemaOf(tool: Tool): Accepted {
  const known = schemas.get(tool);
  if (known) return known;
  const made = { ...inputSchemaOf(tool.input), limits: textLimitsOf(tool.input) };
  schemas.set(tool, made);
  return made;
}

function evenOut(
  tool: Tool,
  schema: Accepted,
  raw: unknown,
  problems: Map<string, string>,
): Record<string, unknown> {
  if (raw === undefined || raw === null) return {};
  if (typeof raw !== "object" || Array.isArray(raw)) {
    problems.set("arguments", "must be an object");
    return {};
  }
  const entries = Object.entries(raw);
  if (entries.length > mostArguments) {
    problems.set("arguments", `must be at most ${mostArguments}`);
    return {};
  }
  const evened: Record<string, unknown> = {};
  for (const [given, value] of entries) {
    if (value === null || value === undefined) continue;
    const name = parameterName(tool, schema, given);
    const parameter = name === undefined ? undefined : schema.properties[name];
    if (name === undefined || parameter === undefined) {
      problems.set(given.slice(0, longestName), unknownArgument(given, schema));
    } else if (name !== given && Object.hasOwn(raw, name)) {
      problems.set(given, `says the same as \`${name}\`; give only one of them`);
    } else {
      const limit = schema.limits.get(name) ?? (bodies.has(name) ? longestBody : longestText);
      if (lengthOf(value) > limit) problems.set(name, `must have at most ${limit} characters`);
      else evened[name] = coerce(value, parameter);
    }
  }
  return evened;
}

function lengthOf(value: unknown): number {
  if (typeof value === "string") return value.length;
  return typeof value === "object" ? JSON.stringify(value).length : 0;
}

function parameterName(tool: Tool, schema: InputSchema, given: string): string | undefined {
  if (Object.hasOwn(schema.properties, given)) return given;
  if (Object.hasOwn(tool.argumentAliases, given)) return tool.argumentAliases[given];
  if (given.length > longestName) return undefined;
  const form = normalise(given);
  const same = Object.keys(schema.properties).filter((name) => normalise(name) === form);
  return same.length === 1 ? same[0] : undefined;
}

function unknownArgument(given: string, schema: InputSchema): string {
  const meant = closest(given.slice(0, longestName), Object.keys(schema.properties));
  return meant === undefined
    ? "is not an argument of this tool"
    : `is not an argument of this tool; did you mean \`${meant}\`?`;
}

const booleans: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["false", false],
]);

function coerce(value: unknown, parameter: ParameterSchema): unknown {
  switch (parameter.type) {
    case "string":
      if (typeof value === "number" || typeof value === "boolean") return String(value);
      return typeof value === "object" ? JSON.stringify(value) : value;
    case "integer":
    case "number":
      return typeof value === "string" && /^\s*[+-]?\d+(\.\d+)?\s*$/.test(value)
        ? Number(value)
        : value;
    case "boolean":
      if (typeof value !== "string") return value;
      return booleans.get(value.trim().toLowerCase()) ?? value;
    case "array":
      return typeof value === "string" ? listFromText(value) : value;
    default:
      return typeof value === "string" ? (jsonOrUndefined(value) ?? value) : value;
  }
}

function listFromText(text: string): unknown {
  const parsed = jsonOrUndefined(text);
  if (Array.isArray(parsed)) return parsed;
  return text
    .split(",")
    .map((entry) => entry.trim())
    .filter(Boolean);
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function collect(
  error: z.ZodError,
  evened: Record<string, unknown>,
  problems: Map<string, string>,
): void {
  for (const issue of error.issues) {
    const name = String(issue.path[0] ?? "arguments");
    if (problems.has(name)) continue;
    const isMissing = issue.path.length === 1 && !Object.hasOwn(evened, name);
    problems.set(name, isMissing ? "is required" : wordsFor(issue));
  }
}

function wordsFor(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `must be of type ${issue.expected === "int" ? "integer" : issue.expected}`;
    case "too_big":
      return `must be at most ${issue.maximum}`;
    case "too_small":
      return `must be at least ${issue.minimum}`;
    case "invalid_value":
      return `must be one of ${issue.values.map((value) => `\`${String(value)}\``).join(", ")}`;
    default:
      return issue.message;
  }
}

function argumentError(
  tool: Tool,
  schema: InputSchema,
  problems: ReadonlyMap<string, string>,
): AtlassianMcpError {
  const list = [...problems].map(([name, problem]) => `\`${name}\` ${problem}`).join("; ");
  const required = new Set(schema.required);
  const names = Object.keys(schema.properties)
    .map((name) => (required.has(name) ? `${name} (required)` : name))
    .join(", ");
  return new AtlassianMcpError("input", `${tool.name}: ${list}.`, {
    fields: Object.fromEntries(problems),
    next: `Arguments of ${tool.name}: ${names || "none"}.`,
  });
}
