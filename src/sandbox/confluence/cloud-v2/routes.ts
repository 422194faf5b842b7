import type { SandboxRoute } from "../../types.ts";
import type { Site } from "../world.ts";
import { attachedOperations } from "./attached.ts";
import { commentOperations } from "./comments.ts";
import { v2Route } from "./envelope.ts";
import { pageOperations } from "./pages.ts";
import { spaceOperations } from "./spaces.ts";
import { treeOperations } from "./tree.ts";

/** Everything under `/wiki/api/v2`. */
export function cloudV2Routes(site: Site): SandboxRoute[] {
  return [
    ...pageOperations,
    ...treeOperations,
    ...commentOperations,
    ...attachedOperations,
    ...spaceOperations,
  ].map((operation) => v2Route(site, operation));
}
