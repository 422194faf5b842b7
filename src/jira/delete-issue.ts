import { AtlassianMcpError } from "../errors.ts";
import { ask, type JiraContext, naming } from "./context.ts";
import { issueSchema } from "./models/issue.ts";
import { guardIssue } from "./policy.ts";

/**
 * Deletes an issue, with its subtasks only where that is asked for.
 *
 * @throws AtlassianMcpError `input` listing the subtasks when there are some; `not_found`, `forbidden`.
 */
export async function deleteIssue(
  context: JiraContext,
  key: string,
  deleteSubtasks: boolean,
): Promise<{ message: string; deleted_subtasks?: readonly string[] }> {
  await guardIssue(context, key);
  const path = context.dialect.path`/issue/${key}`;
  const query = { fields: "subtasks", updateHistory: false };
  const issue = await naming(`Issue ${key}`, ask(context, { path, query }, issueSchema, "issue"));
  const subtasks = subtaskKeys(issue.fields?.["subtasks"]);
  if (subtasks.length > 0 && !deleteSubtasks) {
    throw new AtlassianMcpError("input", `${key} has subtasks: ${subtasks.join(", ")}.`, {
      fields: { delete_subtasks: "must be true to delete them as well" },
      next: "Set delete_subtasks to true to delete them too, or move them first.",
    });
  }
  const request = context.send({
    method: "DELETE",
    path,
    query: { deleteSubtasks: subtasks.length > 0 ? true : undefined },
    order: key,
    idempotent: false,
  });
  await naming(`Issue ${key}`, request);
  const message = `${key} deleted.`;
  return subtasks.length > 0 ? { message, deleted_subtasks: subtasks } : { message };
}

function subtaskKeys(subtasks: unknown): string[] {
  if (!Array.isArray(subtasks)) return [];
  return subtasks.flatMap((each: unknown) =>
    typeof each === "object" && each !== null && "key" in each ? [String(each.key)] : [],
  );
}
