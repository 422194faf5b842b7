import type { SandboxAnswer } from "../types.ts";

/** Thrown inside a route to end it with an answer in Jira's error shape. */
export class JiraRefusal extends Error {
  override readonly name = "JiraRefusal";
  readonly answer: SandboxAnswer;

  constructor(answer: SandboxAnswer) {
    super(`${answer.status} ${JSON.stringify(answer.json)}`);
    this.answer = answer;
  }
}

/** A refusal with general messages, one or several. */
export function refusal(status: number, ...errorMessages: readonly string[]): JiraRefusal {
  return new JiraRefusal({ status, json: { errorMessages, errors: {} } });
}

/** A 400 that names fields. */
export function fieldRefusal(errors: Readonly<Record<string, string>>): JiraRefusal {
  return new JiraRefusal({ status: 400, json: { errorMessages: [], errors } });
}

/** Hidden and absent issues look the same, on purpose. */
export function noSuchIssue(): JiraRefusal {
  return refusal(404, "Issue does not exist or you do not have permission to see it.");
}
