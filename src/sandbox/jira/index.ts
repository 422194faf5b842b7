import type { SandboxRoute } from "../types.ts";
import type { JiraWorld } from "./model.ts";
import { type Operation, toRoutes } from "./route.ts";
import { agileOperations } from "./routes/agile.ts";
import { attachmentOperations } from "./routes/attachments.ts";
import { commentOperations } from "./routes/comments.ts";
import { issueOperations } from "./routes/issues.ts";
import { linkOperations } from "./routes/links.ts";
import { metadataOperations } from "./routes/metadata.ts";
import { peopleOperations } from "./routes/people.ts";
import { projectOperations } from "./routes/projects.ts";
import { propertyOperations } from "./routes/properties.ts";
import { searchOperations } from "./routes/search.ts";
import { workflowOperations } from "./routes/workflow.ts";
import { worklogOperations } from "./routes/worklogs.ts";

const operations: readonly Operation[] = [
  ...metadataOperations,
  ...issueOperations,
  ...workflowOperations,
  ...commentOperations,
  ...worklogOperations,
  ...attachmentOperations,
  ...propertyOperations,
  ...searchOperations,
  ...linkOperations,
  ...projectOperations,
  ...peopleOperations,
  ...agileOperations,
];

/** Every Jira route of one site, Cloud or Data Center as its world says. */
export function jiraRoutes(world: JiraWorld): SandboxRoute[] {
  return toRoutes(world, operations);
}
