import { resolutionBean, statusBean, versionBean } from "./beans.ts";
import type { Call, Json } from "./call.ts";
import { resolutions, type Transition, transitions } from "./catalog.ts";
import type { Issue } from "./model.ts";
import { statusOf } from "./world.ts";

/** The moves that are possible from the issue's status. */
export function possibleTransitions(issue: Issue): Transition[] {
  const from = statusOf(issue);
  return transitions.filter((transition) => transition.from.some(({ id }) => id === from.id));
}

/** As `GET /issue/{key}/transitions` lists them; `transitions.fields` in `expand` adds their screens. */
export function transitionBeans(
  call: Call,
  issue: Issue,
  expand: ReadonlySet<string>,
  only?: string | null,
): Json[] {
  const cloud = call.deployment === "cloud";
  return possibleTransitions(issue)
    .filter(({ id }) => only === undefined || only === null || only === id)
    .map((transition) => ({
      id: transition.id,
      name: transition.name,
      to: statusBean(call, transition.to),
      ...(cloud
        ? {
            hasScreen: transition.screen,
            isGlobal: false,
            isInitial: false,
            isAvailable: true,
            isConditional: false,
            looped: false,
          }
        : {}),
      ...(expand.has("transitions.fields") ? { fields: screenOf(call, issue, transition) } : {}),
    }));
}

function screenOf(call: Call, issue: Issue, transition: Transition): Json {
  if (!transition.screen) return {};
  const fieldId = (id: string) => (call.deployment === "cloud" ? {} : { fieldId: id });
  return {
    resolution: {
      required: true,
      schema: { type: "resolution", system: "resolution" },
      name: "Resolution",
      key: "resolution",
      ...fieldId("resolution"),
      hasDefaultValue: false,
      operations: ["set"],
      allowedValues: resolutions.map((resolution) => resolutionBean(call, resolution)),
    },
    fixVersions: {
      required: false,
      schema: { type: "array", items: "version", system: "fixVersions" },
      name: "Fix versions",
      key: "fixVersions",
      ...fieldId("fixVersions"),
      hasDefaultValue: false,
      operations: ["set", "add", "remove"],
      allowedValues: issue.project.versions.map((version) => versionBean(call, version)),
    },
    comment: {
      required: false,
      schema: { type: "comments-page", system: "comment" },
      name: "Comment",
      key: "comment",
      ...fieldId("comment"),
      hasDefaultValue: false,
      operations: ["add"],
    },
  };
}
