export { createPage } from "./create-page.ts";
export { deletePage } from "./delete-page.ts";
export { getPage } from "./get-page.ts";
export { getPageChildren } from "./get-page-children.ts";
export { search } from "./search.ts";
export { updatePage } from "./update-page.ts";
