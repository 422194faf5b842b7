export { searchUser } from "./search-user.ts";
