export { createIssue } from "./create-issue.ts";
export { deleteIssue } from "./delete-issue.ts";
export { getIssue } from "./get-issue.ts";
export { search } from "./search.ts";
export { updateIssue } from "./update-issue.ts";
