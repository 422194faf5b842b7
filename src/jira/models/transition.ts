import { z } from "zod";
import { compact } from "./compact.ts";
import { allowedName, type ScreenField, screenFieldSchema, toScreenField } from "./field.ts";

const transitionSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  to: z.looseObject({
    name: z.string(),
    statusCategory: z.looseObject({ name: z.string().optional() }).nullish(),
  }),
  hasScreen: z.boolean().optional(),
  fields: z.record(z.string(), screenFieldSchema).nullish(),
});

export const transitionListSchema = z.looseObject({ transitions: z.array(transitionSchema) });

export type JiraTransition = z.output<typeof transitionSchema>;

export interface TransitionFieldModel {
  readonly id: string;
  readonly name: string;
  readonly required: boolean;
  readonly type?: string | undefined;
  readonly allowed_values?: readonly string[] | undefined;
}

export interface TransitionModel {
  /** A number where the site's id is one, as ever. */
  readonly id: number | string;
  readonly name: string;
  /** Status after the move. */
  readonly to_status: string;
  readonly to_category?: string | undefined;
  readonly has_screen?: boolean | undefined;
  /** What the screen asks for. */
  readonly fields?: readonly TransitionFieldModel[] | undefined;
}

/** Allowed values beyond this number are left to `jira_get_field_options`. */
const MAX_ALLOWED = 50;

export function toTransition(raw: JiraTransition): TransitionModel {
  return {
    id: /^\d+$/.test(raw.id) ? Number(raw.id) : raw.id,
    name: raw.name,
    to_status: raw.to.name,
    ...compact({
      to_category: raw.to.statusCategory?.name,
      // Only some sites say so; a screen without fields does not exist.
      has_screen: raw.hasScreen ?? (raw.fields ? Object.keys(raw.fields).length > 0 : undefined),
      fields: transitionFields(raw).map(toFieldModel),
    }),
  };
}

export function transitionFields(raw: JiraTransition): ScreenField[] {
  return Object.entries(raw.fields ?? {}).map(([id, field]) => toScreenField(field, id));
}

function toFieldModel(field: ScreenField): TransitionFieldModel {
  return {
    id: field.id,
    name: field.name,
    required: field.required,
    ...compact({
      type: field.schema?.type,
      allowed_values: field.allowedValues?.slice(0, MAX_ALLOWED).map(allowedName),
    }),
  };
}
