export { addWorklog } from "./add-worklog.ts";
export { getWorklog } from "./get-worklog.ts";
