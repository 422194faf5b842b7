import type { JiraContext } from "./context.ts";
import type { FieldDefinition } from "./models/field.ts";
import type { IssueReading } from "./models/issue.ts";
import { isProjectAllowed, projectOf } from "./policy.ts";

/**
 * How answers of this connection become models: links, relatives outside `JIRA_PROJECTS_FILTER`, names.
 *
 * @param names of custom fields by id, where the caller wants them instead of ids.
 */
export function issueReading(
  context: JiraContext,
  definitions: readonly FieldDefinition[],
  names: Readonly<Record<string, string>> | undefined,
): IssueReading {
  return {
    dialect: context.dialect,
    browseBase: context.site.browseBase,
    definitions,
    names,
    isInReach: (key) => isProjectAllowed(context, projectOf(key) ?? ""),
  };
}
