import { z } from "zod";
import { defineTool } from "../../define.ts";
import { issueKey } from "../../params.ts";
import { jira } from "../../toolsets.ts";
import { text } from "../params.ts";

export const addWorklog = defineTool({
  name: "jira_add_worklog",
  title: "Add worklog",
  description:
    "Log time on an issue and, if wanted, set its estimates. Durations count in the site's own working hours.",
  toolset: jira.worklog,
  access: "create",
  core: true,
  input: {
    issue_key: issueKey,
    time_spent: z.string().describe("Duration, e.g. 1d 2h 30m"),
    comment: text("Markdown note").optional(),
    started: text("ISO 8601 start; now if left out").optional(),
    original_estimate: text("New original estimate, e.g. 3d").optional(),
    remaining_estimate: text("New remaining estimate, e.g. 4h").optional(),
  },
  run: ({ issue_key, time_spent, comment, started, ...estimates }, { client }) =>
    client.worklogs.add({
      key: issue_key,
      timeSpent: time_spent,
      comment,
      started,
      originalEstimate: estimates.original_estimate,
      remainingEstimate: estimates.remaining_estimate,
    }),
});
