import { bodyOf, type Call, isObject, issueOf, noContent, ok } from "../call.ts";
import type { Transition } from "../catalog.ts";
import {
  adfCheckFor,
  applyEdit,
  type EditPlan,
  planEdit,
  record,
  settleResolution,
} from "../edit.ts";
import { expandSet } from "../issue-bean.ts";
import type { FieldDefinition, Issue } from "../model.ts";
import { fieldRefusal, refusal } from "../refusal.ts";
import type { Operation } from "../route.ts";
import { possibleTransitions, transitionBeans } from "../transitions.ts";
import { setValue, statusOf, typeOf } from "../world.ts";

/** Moves through the workflow. */
export const workflowOperations: readonly Operation[] = [
  {
    method: "GET",
    path: "/issue/{issueIdOrKey}/transitions",
    run: (call) => {
      const expand = expandSet(call.query.get("expand"));
      const only = call.query.get("transitionId");
      const transitions = transitionBeans(call, issueOf(call), expand, only);
      return ok({ expand: "transitions", transitions });
    },
  },
  { method: "POST", path: "/issue/{issueIdOrKey}/transitions", run: moveIssue },
];

async function moveIssue(call: Call) {
  const issue = issueOf(call);
  const body = bodyOf(call);
  const reference = body["transition"];
  const id = isObject(reference) ? reference["id"] : undefined;
  if (typeof id !== "string" && typeof id !== "number") {
    throw refusal(400, "Missing 'transition' identifier");
  }
  const transition = possibleTransitions(issue).find((candidate) => candidate.id === String(id));
  if (transition === undefined) {
    throw refusal(400, `Transition id '${id}' is not valid for this issue.`);
  }
  const screen = screenOf(call, transition);
  const target = {
    project: issue.project,
    type: typeOf(issue),
    issue,
    screen,
    takesComments: transition.screen,
    partial: true,
  };
  const plan = planEdit(call, await adfCheckFor(call), target, body);
  if (transition.screen && !hasResolution(plan)) {
    throw fieldRefusal({ resolution: "Resolution is required." });
  }
  const before = statusOf(issue);
  applyEdit(call, issue, plan, true);
  setValue(issue, "status", { kind: "status", status: transition.to });
  const resolved = resolutionName(issue);
  settleResolution(call, issue, transition.to.category.key === "done");
  const change = { custom: false, from: null, fromString: null };
  record(call, issue, [
    {
      ...change,
      field: "status",
      fieldId: "status",
      from: before.id,
      fromString: before.name,
      to: transition.to.id,
      toString: transition.to.name,
    },
    ...(transition.screen && resolved !== undefined
      ? [
          {
            ...change,
            field: "resolution",
            fieldId: "resolution",
            to: resolved.id,
            toString: resolved.name,
          },
        ]
      : []),
  ]);
  return noContent;
}

function screenOf(call: Call, transition: Transition): FieldDefinition[] {
  if (!transition.screen) return [];
  return call.world.fields.filter(({ id }) => id === "resolution" || id === "fixVersions");
}

function hasResolution(plan: EditPlan): boolean {
  return [...plan.values].some(
    ([field, value]) => field.id === "resolution" && value !== undefined,
  );
}

function resolutionName(issue: Issue) {
  const value = issue.values.get("resolution");
  return value?.kind === "resolution" ? value.resolution : undefined;
}
