import type { SandboxAnswer, SandboxDeployment, SandboxRoute } from "../types.ts";
import { type Call, toCall } from "./call.ts";
import type { JiraWorld } from "./model.ts";
import { JiraRefusal } from "./refusal.ts";
import { scopesOf } from "./scopes.ts";

export interface Operation {
  readonly method: SandboxRoute["method"];
  /** Below the API root (`/issue/{issueIdOrKey}`), or a whole path when it starts with `/rest/`. */
  readonly path: string;
  /** Absent: both. */
  readonly on?: SandboxDeployment | undefined;
  readonly anonymous?: boolean | undefined;
  run(call: Call): SandboxAnswer | Promise<SandboxAnswer>;
}

/** Routes of one site: on Cloud under `/rest/api/3` and `/rest/api/2`, on Data Center under `/rest/api/2`. */
export function toRoutes(world: JiraWorld, operations: readonly Operation[]): SandboxRoute[] {
  return operations
    .filter(({ on }) => (on ?? world.deployment) === world.deployment)
    .flatMap((operation) =>
      patternsOf(world, operation.path).map((pattern) => route(world, operation, pattern)),
    );
}

function patternsOf(world: JiraWorld, path: string): string[] {
  if (path.startsWith("/rest/")) return [path];
  const versions = world.deployment === "cloud" ? ["3", "2"] : ["2"];
  return versions.map((version) => `/rest/api/${version}${path}`);
}

function route(world: JiraWorld, operation: Operation, pattern: string): SandboxRoute {
  const { method, anonymous, run } = operation;
  return {
    product: "jira",
    deployment: world.deployment,
    method,
    pattern,
    anonymous,
    scopes: world.deployment === "cloud" ? scopesOf(method, pattern) : undefined,
    async run(request) {
      try {
        return await run(toCall(world, request));
      } catch (error) {
        if (error instanceof JiraRefusal) return error.answer;
        throw error;
      }
    },
  };
}
