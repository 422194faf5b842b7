import type { Tool } from "../define.ts";
import * as comments from "./comments/index.ts";
import * as labels from "./labels/index.ts";
import * as pages from "./pages/index.ts";
import * as users from "./users/index.ts";

/** Every Confluence tool. */
export const confluenceTools: readonly Tool[] = [pages, comments, labels, users].flatMap(
  (toolset) => Object.values<Tool>(toolset),
);
