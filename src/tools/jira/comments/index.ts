export { addComment } from "./add-comment.ts";
export { editComment } from "./edit-comment.ts";
