export { createIssueLink } from "./create-issue-link.ts";
export { getLinkTypes } from "./get-link-types.ts";
