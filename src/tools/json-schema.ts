import { z } from "zod";

/** JSON Schema as every client understands it: one `type` per node, no unions, no references. */
export interface ParameterSchema {
  readonly type: "string" | "integer" | "number" | "boolean" | "array" | "object";
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly default?: string | number | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly items?: ParameterSchema;
  readonly properties?: Readonly<Record<string, ParameterSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false;
}

export interface InputSchema extends ParameterSchema {
  readonly type: "object";
  readonly properties: Readonly<Record<string, ParameterSchema>>;
  readonly required: readonly string[];
  readonly additionalProperties: false;
}

const keywords = [
  "type",
  "description",
  "enum",
  "default",
  "minimum",
  "maximum",
  "pattern",
] as const;

/** What a tool accepts, in the conservative subset that all clients take. Runs at generation time, not per request. */
export function inputSchemaOf(input: z.ZodObject): InputSchema {
  return objectSchema(rawSchema(input));
}

/** The parameters that bound the length of their text, in characters. For checks only: a listing would pay for it. */
export function textLimitsOf(input: z.ZodObject): ReadonlyMap<string, number> {
  const limits = new Map<string, number>();
  for (const [name, { maxLength }] of Object.entries(rawSchema(input).properties ?? {})) {
    if (typeof maxLength === "number") limits.set(name, maxLength);
  }
  return limits;
}

function rawSchema(input: z.ZodObject): Raw {
  return z.toJSONSchema(input, { io: "input", reused: "inline" }) as Raw;
}

interface Raw {
  readonly [keyword: string]: unknown;
  readonly properties?: Readonly<Record<string, Raw>>;
  readonly items?: Raw;
  readonly required?: readonly string[];
}

function objectSchema(raw: Raw): InputSchema {
  const properties = Object.entries(raw.properties ?? {}).map(
    ([name, value]) => [name, simplify(value, name)] as const,
  );
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    required: raw.required ?? [],
    additionalProperties: false,
  };
}

function simplify(raw: Raw, where: string): ParameterSchema {
  const kept: Record<string, unknown> = {};
  for (const keyword of keywords) {
    const value = raw[keyword];
    if (value !== undefined && !isImpliedBound(keyword, value)) kept[keyword] = value;
  }
  if (typeof kept.type !== "string") {
    throw new TypeError(`${where}: a parameter needs exactly one JSON type`);
  }
  if (kept.type === "array") kept.items = simplify(raw.items ?? {}, `${where}[]`);
  if (kept.type === "object") Object.assign(kept, objectSchema(raw));
  // The only keywords copied are those of ParameterSchema, and `type` was checked above.
  return kept as unknown as ParameterSchema;
}

/** zod bounds every integer by the safe range; that says nothing to a reader and costs tokens. */
function isImpliedBound(keyword: string, value: unknown): boolean {
  return (
    (keyword === "maximum" && value === Number.MAX_SAFE_INTEGER) ||
    (keyword === "minimum" && value === Number.MIN_SAFE_INTEGER)
  );
}
