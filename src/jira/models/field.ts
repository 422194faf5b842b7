import { z } from "zod";

const fieldSchemaSchema = z.looseObject({
  type: z.string(),
  items: z.string().optional(),
  system: z.string().optional(),
  custom: z.string().optional(),
  customId: z.number().optional(),
});

/** Jira's description of a field's values. */
export type FieldSchema = z.output<typeof fieldSchemaSchema>;

export const fieldDefinitionSchema = z.looseObject({
  id: z.string(),
  key: z.string().optional(),
  name: z.string(),
  custom: z.boolean().optional(),
  searchable: z.boolean().optional(),
  clauseNames: z.array(z.string()).optional(),
  schema: fieldSchemaSchema.optional(),
});

/** One entry of the site's field list. */
export type FieldDefinition = z.output<typeof fieldDefinitionSchema>;

export const allowedValueSchema = z.looseObject({
  id: z.union([z.string(), z.number()]).optional(),
  key: z.string().optional(),
  name: z.string().optional(),
  value: z.string().optional(),
  disabled: z.boolean().optional(),
  children: z.array(z.looseObject({})).optional(),
});

export type AllowedValue = z.output<typeof allowedValueSchema>;

/** A field as a create, edit or transition screen has it. */
export const screenFieldSchema = z.looseObject({
  fieldId: z.string().optional(),
  key: z.string().optional(),
  name: z.string().default(""),
  required: z.boolean().default(false),
  hasDefaultValue: z.boolean().default(false),
  schema: fieldSchemaSchema.optional(),
  allowedValues: z.array(allowedValueSchema).nullish(),
});

/** What is needed to format a value: the same for the site's field list and for a screen. */
export interface WritableField {
  readonly id: string;
  readonly name: string;
  readonly schema?: FieldSchema | undefined;
  readonly allowedValues?: readonly AllowedValue[] | undefined;
}

export interface ScreenField extends WritableField {
  readonly required: boolean;
  readonly hasDefaultValue: boolean;
}

/** @param id the key of the field where the answer is a map. */
export function toScreenField(raw: z.output<typeof screenFieldSchema>, id?: string): ScreenField {
  const fieldId = raw.fieldId ?? id ?? raw.key ?? "";
  return {
    id: fieldId,
    name: raw.name || fieldId,
    required: raw.required,
    hasDefaultValue: raw.hasDefaultValue,
    schema: raw.schema,
    allowedValues: raw.allowedValues ?? undefined,
  };
}

/** How an allowed value is shown and named by callers: its `value`, `name` or key. */
export function allowedName(allowed: AllowedValue): string {
  return allowed.value ?? allowed.name ?? allowed.key ?? String(allowed.id ?? "");
}
