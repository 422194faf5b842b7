export { getTransitions } from "./get-transitions.ts";
export { transitionIssue } from "./transition-issue.ts";
