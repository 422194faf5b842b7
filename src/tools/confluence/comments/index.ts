export { addComment } from "./add-comment.ts";
export { getComments } from "./get-comments.ts";
export { replyToComment } from "./reply-to-comment.ts";
