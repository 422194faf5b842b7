export { getUserProfile } from "./get-user-profile.ts";
