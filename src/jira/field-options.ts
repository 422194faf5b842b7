import { z } from "zod";
import { collectOffset } from "../atlassian/paging.ts";
import { parseAnswer } from "../atlassian/parse.ts";
import { AtlassianMcpError, isOurs } from "../errors.ts";
import { ask, type JiraContext, naming } from "./context.ts";
import { createFieldsOf, issueTypesOf, pickIssueType } from "./create-meta.ts";
import { findField, requireField } from "./fields.ts";
import { compact } from "./models/compact.ts";
import { type AllowedValue, allowedName, allowedValueSchema } from "./models/field.ts";
import { guardProject } from "./policy.ts";

export interface FieldOptionsQuery {
  /** Id or name. */
  readonly field: string;
  readonly contextId?: string | undefined;
  readonly projectKey?: string | undefined;
  readonly issueType?: string | undefined;
  /** Part of a value or child value, in any case. */
  readonly contains?: string | undefined;
  readonly limit?: number | undefined;
  /** Bare values instead of options; those with children as `{ value, children }`. */
  readonly valuesOnly?: boolean | undefined;
}

export type OptionValue = string | { readonly value: string; readonly children: readonly string[] };

export interface OptionModel {
  readonly id?: string | undefined;
  readonly value: string;
  readonly disabled?: true | undefined;
  readonly child_options?: readonly OptionModel[] | undefined;
}

const contextSchema = z.looseObject({
  id: z.string(),
  name: z.string().optional(),
  isGlobalContext: z.boolean().optional(),
});

const contextPage = z.looseObject({
  values: z.array(contextSchema).default([]),
  total: z.number().optional(),
  isLast: z.boolean().optional(),
});

const optionSchema = z.looseObject({
  id: z.string(),
  value: z.string(),
  optionId: z.string().optional(),
  disabled: z.boolean().optional(),
});

const optionPage = z.looseObject({
  values: z.array(optionSchema).default([]),
  total: z.number().optional(),
  isLast: z.boolean().optional(),
});

/**
 * What a field may be set to: from the create screen of a project and issue type, else from the field's contexts
 * where the site has them.
 *
 * @throws AtlassianMcpError `input` when project and issue type are needed; `forbidden` with that as the way out.
 */
export async function getFieldOptions(
  context: JiraContext,
  query: FieldOptionsQuery,
): Promise<readonly (OptionModel | OptionValue)[]> {
  const options = await allOptions(context, query);
  const wanted = query.contains?.trim().toLowerCase();
  const fits = (option: OptionModel): boolean =>
    option.value.toLowerCase().includes(wanted ?? "") || option.child_options?.some(fits) === true;
  const found = options.filter(fits).slice(0, query.limit);
  return query.valuesOnly === true ? found.map(toValue) : found;
}

function toValue({ value, child_options: children }: OptionModel): OptionValue {
  return children === undefined ? value : { value, children: children.map((child) => child.value) };
}

async function allOptions(
  context: JiraContext,
  query: FieldOptionsQuery,
): Promise<readonly OptionModel[]> {
  const { field, contextId, projectKey, issueType } = query;
  if (projectKey !== undefined) guardProject(context, projectKey);
  if (contextId === undefined && projectKey !== undefined && issueType !== undefined) {
    return optionsOnScreen(context, field, projectKey, issueType);
  }
  if (!context.dialect.hasFieldContexts)
    throw needsScreen("This site tells options per screen only.");
  const { id } = await requireField(context, field);
  try {
    return await optionsInContext(context, id, contextId ?? (await mainContext(context, id)));
  } catch (error) {
    if (!isOurs(error, "forbidden", "auth", "scope")) throw error;
    throw error.with({ next: needsScreen("").details.next });
  }
}

async function optionsOnScreen(
  context: JiraContext,
  name: string,
  projectKey: string,
  issueType: string,
): Promise<readonly OptionModel[]> {
  const type = pickIssueType(await issueTypesOf(context, projectKey), issueType);
  const fields = await createFieldsOf(context, projectKey, type.id);
  const field = findField(name, [], fields);
  if (field === undefined || !fields.some((each) => each.id === field.id)) {
    throw new AtlassianMcpError(
      "input",
      `${name} is not on the create screen of ${type.name} in ${projectKey}.`,
      {
        fields: { field_id: "is not on this screen" },
        next: "Try another issue type, or jira_search_fields for the id of the field.",
      },
    );
  }
  return (field.allowedValues ?? []).map(toOption);
}

function toOption(allowed: AllowedValue): OptionModel {
  return {
    ...compact({ id: allowed.id === undefined ? undefined : String(allowed.id) }),
    value: allowedName(allowed),
    ...compact({
      disabled: allowed.disabled === true ? (true as const) : undefined,
      child_options: (allowed.children ?? []).map((child) =>
        toOption(parseAnswer(allowedValueSchema, child, "child option")),
      ),
    }),
  };
}

async function mainContext(context: JiraContext, fieldId: string): Promise<string> {
  const { items } = await collectOffset({
    pageSize: 100,
    fetch: async (startAt, maxResults) => {
      const path = context.dialect.path`/field/${fieldId}/context`;
      const request = { path, query: { startAt, maxResults } };
      const page = await naming(`Field ${fieldId}`, ask(context, request, contextPage, "contexts"));
      return { items: page.values, total: page.total, isLast: page.isLast };
    },
  });
  const chosen = items.find((each) => each.isGlobalContext === true) ?? items[0];
  if (chosen !== undefined) return chosen.id;
  throw new AtlassianMcpError("not_found", `Field ${fieldId} has no contexts and so no options.`);
}

async function optionsInContext(
  context: JiraContext,
  fieldId: string,
  contextId: string,
): Promise<readonly OptionModel[]> {
  const { items } = await collectOffset({
    pageSize: 100,
    fetch: async (startAt, maxResults) => {
      const path = context.dialect.path`/field/${fieldId}/context/${contextId}/option`;
      const request = { path, query: { startAt, maxResults } };
      const page = await naming(
        `Context ${contextId} of ${fieldId}`,
        ask(context, request, optionPage, "options"),
      );
      return { items: page.values, total: page.total, isLast: page.isLast };
    },
  });
  const childrenOf = (id: string) => items.filter((option) => option.optionId === id);
  return topLevel(items).map((option) => ({
    ...toOption(option),
    ...compact({ child_options: childrenOf(option.id).map((child) => toOption(child)) }),
  }));
}

function topLevel(items: readonly z.output<typeof optionSchema>[]) {
  return items.filter((option) => option.optionId === undefined);
}

function needsScreen(problem: string): AtlassianMcpError {
  return new AtlassianMcpError("input", problem, {
    fields: { project_key: "is needed", issue_type: "is needed" },
    next: "Give project_key and issue_type to read the options from that create screen.",
  });
}
