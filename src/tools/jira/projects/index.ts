export { getAllProjects } from "./get-all-projects.ts";
