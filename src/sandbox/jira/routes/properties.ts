import type { SandboxAnswer } from "../../types.ts";
import { type Call, issueOf, noContent, ok } from "../call.ts";
import { refusal } from "../refusal.ts";
import type { Operation } from "../route.ts";

const one = "/issue/{issueIdOrKey}/properties/{propertyKey}";

/** Values that programs keep on an issue. */
export const propertyOperations: readonly Operation[] = [
  { method: "GET", path: "/issue/{issueIdOrKey}/properties", run: listKeys },
  { method: "GET", path: one, run: readProperty },
  { method: "PUT", path: one, run: writeProperty },
  { method: "DELETE", path: one, run: deleteProperty },
];

function keyOf(call: Call): string {
  return call.params["propertyKey"] ?? "";
}

function listKeys(call: Call): SandboxAnswer {
  const issue = issueOf(call);
  const keys = [...issue.properties.keys()].map((key) => ({
    key,
    self: `${call.api}/issue/${issue.id}/properties/${encodeURIComponent(key)}`,
  }));
  return ok({ keys });
}

function readProperty(call: Call): SandboxAnswer {
  const issue = issueOf(call);
  const key = keyOf(call);
  if (!issue.properties.has(key)) {
    throw refusal(404, `The property with key '${key}' does not exist.`);
  }
  return ok({ key, value: issue.properties.get(key) });
}

/** 201 for a new key, 200 for a known one. */
function writeProperty(call: Call): SandboxAnswer {
  const issue = issueOf(call);
  const key = keyOf(call);
  if (call.json === undefined) throw refusal(400, "The property value cannot be empty.");
  if (key.length > 255)
    throw refusal(400, "The property key cannot be longer than 255 characters.");
  const created = !issue.properties.has(key);
  issue.properties.set(key, call.json);
  return { status: created ? 201 : 200 };
}

function deleteProperty(call: Call): SandboxAnswer {
  const issue = issueOf(call);
  const key = keyOf(call);
  if (!issue.properties.delete(key)) {
    throw refusal(404, `The property with key '${key}' does not exist.`);
  }
  return noContent;
}
