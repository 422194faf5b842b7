import { type Call, isObject, type Json } from "./call.ts";
import { priorities, resolutions } from "./catalog.ts";
import { parseDuration } from "./duration.ts";
import type {
  FieldDefinition,
  IssueType,
  Named,
  Option,
  Project,
  RichText,
  Sprint,
  Value,
} from "./model.ts";
import type { AdfCheck } from "./text/adf-check.ts";
import { wikiToAdf } from "./text/wiki-input.ts";
import { canSee, findIssue, findUser } from "./world.ts";

/** Why a value was not taken; the message stands under the field's id in the answer. */
export class FieldProblem extends Error {
  override readonly name = "FieldProblem";
}

/** What reading a value needs to know. */
export interface ReadContext {
  readonly call: Call;
  readonly project: Project;
  readonly type: IssueType;
  readonly adf: AdfCheck;
  readonly current?: Value | undefined;
}

/** Longest rich text, in characters. */
const maxText = 32_767;

/**
 * The value that an input sets; `undefined` empties the field.
 *
 * @throws FieldProblem with Jira's words.
 */
export function readValue(
  context: ReadContext,
  field: FieldDefinition,
  input: unknown,
): Value | undefined {
  if (input === null || input === undefined) return undefined;
  switch (field.kind) {
    case "string":
      return { kind: "string", text: readString(field, input) };
    case "rich":
      return readRich(context, input);
    case "number":
      if (typeof input !== "number") throw new FieldProblem("Operation value must be a number");
      return { kind: "number", number: input };
    case "date":
      return { kind: "date", date: readDate(input) };
    case "user":
      return readUser(context, field, input);
    case "strings":
      return readLabels(input);
    case "option":
      return { kind: "option", option: readOption(field, field.options, input) };
    case "options":
      return {
        kind: "options",
        list: arrayOf(input).map((item) => readOption(field, field.options, item)),
      };
    case "cascade":
      return readCascade(field, input);
    case "priority":
      return { kind: "priority", priority: readNamed(priorities, input, "priority") };
    case "resolution":
      return { kind: "resolution", resolution: readNamed(resolutions, input, "resolution") };
    case "components": {
      const known = context.project.components;
      const list = arrayOf(input).map((item) => byIdOrName(known, item, "Component"));
      return { kind: "components", list };
    }
    case "versions": {
      const known = context.project.versions;
      const list = arrayOf(input).map((item) => byIdOrName(known, item, "Version"));
      return { kind: "versions", list };
    }
    case "issue":
      return readIssue(context, field, input);
    case "sprints":
      return readSprint(context, input);
    case "time":
      return readEstimates(context, input);
    case "type":
      return { kind: "type", type: readType(context.project, input) };
    default:
      throw new FieldProblem(cannotBeSet(field.id));
  }
}

/** The message for a field that is unknown or not on the screen. */
export function cannotBeSet(id: string): string {
  return `Field '${id}' cannot be set. It is not on the appropriate screen, or unknown.`;
}

/** A type of the project, by id or name. */
export function readType(project: Project, input: unknown): IssueType {
  const id = isObject(input) ? input["id"] : undefined;
  const name = isObject(input) ? input["name"] : undefined;
  const type = project.issueTypes.find(
    (candidate) => candidate.id === String(id) || candidate.name === name,
  );
  if (type !== undefined) return type;
  throw new FieldProblem(
    id === undefined && name === undefined ? "Specify an issue type" : "Specify a valid issue type",
  );
}

function readString(field: FieldDefinition, input: unknown): string {
  if (typeof input !== "string") throw new FieldProblem("Operation value must be a string");
  if (input.length > 255) {
    throw new FieldProblem(`${field.name} can't exceed 255 characters.`);
  }
  if (/[\r\n]/.test(input)) {
    throw new FieldProblem(`The ${field.id} is invalid because it contains newline characters.`);
  }
  return input;
}

function readRich(context: ReadContext, input: unknown): Value | undefined {
  const content = readRichText(context.call, context.adf, input);
  if (content === undefined) {
    throw new FieldProblem(
      context.call.format === "adf"
        ? isObject(input)
          ? "INVALID_INPUT"
          : "Operation value must be an Atlassian Document (see the Atlassian Document Format)"
        : "Operation value must be a string",
    );
  }
  if (JSON.stringify(content).length > maxText * 4 || lengthOf(content) > maxText) {
    throw new FieldProblem(
      "The entered text is too long. It exceeds the allowed limit of 32,767 characters.",
    );
  }
  return content === "" ? undefined : { kind: "rich", content };
}

/** Text in the format of the API version, as this deployment stores it; `undefined` when it is not in that format. */
export function readRichText(call: Call, adf: AdfCheck, input: unknown): RichText | undefined {
  if (call.format === "adf") return adf(input) ? input : undefined;
  if (typeof input !== "string") return undefined;
  return call.deployment === "cloud" ? wikiToAdf(input) : input;
}

function lengthOf(content: RichText): number {
  if (typeof content === "string") return content.length;
  const own = content.text?.length ?? 0;
  return (content.content ?? []).reduce((sum, child) => sum + lengthOf(child), own);
}

function readDate(input: unknown): string {
  const text = String(input);
  const valid = /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
  if (typeof input !== "string" || !valid) {
    throw new FieldProblem(
      `Error parsing date string: ${text}. Date should be in the format yyyy-MM-dd.`,
    );
  }
  return text;
}

function readUser(context: ReadContext, field: FieldDefinition, input: unknown): Value | undefined {
  if (!isObject(input)) throw new FieldProblem("data was not an object");
  const cloud = context.call.deployment === "cloud";
  const given = cloud ? ["accountId", "id"] : ["name", "key"];
  const member = given.find((name) => name in input);
  const wanted = member === undefined ? undefined : input[member];
  if (wanted === null || wanted === "") return undefined;
  if (typeof wanted !== "string") {
    throw new FieldProblem(
      cloud
        ? "'accountId' must be the only user identifying query parameter in GDPR strict mode."
        : "Specify a valid user name.",
    );
  }
  // What the forms call "Automatic".
  if (field.id === "assignee" && member === given[0] && wanted === "-1") {
    return { kind: "user", user: context.project.lead };
  }
  const user = findUser(context.call.world, wanted);
  if (user === undefined) {
    throw new FieldProblem(
      cloud ? `Specify a valid value for ${field.id}` : `User '${wanted}' does not exist.`,
    );
  }
  if (field.id === "assignee" && (!user.active || !canSee(user, context.project))) {
    throw new FieldProblem(`User '${wanted}' cannot be assigned issues.`);
  }
  return { kind: "user", user };
}

function readLabels(input: unknown): Value {
  const list = arrayOf(input).map((label) => {
    if (typeof label !== "string") throw new FieldProblem("string expected at index 0");
    if (/\s/.test(label)) {
      throw new FieldProblem(`The label '${label}' contains spaces which is invalid.`);
    }
    return label;
  });
  return { kind: "strings", list: [...new Set(list)] };
}

function arrayOf(input: unknown): readonly unknown[] {
  if (!Array.isArray(input)) throw new FieldProblem("data was not an array");
  return input;
}

function readOption(
  field: FieldDefinition,
  known: readonly Option[] | undefined,
  input: unknown,
): Option {
  if (!isObject(input)) {
    throw new FieldProblem(`Specify a valid 'id' or 'name' for ${field.name}`);
  }
  const { id, value } = input;
  const option = known?.find(
    (candidate) => candidate.id === String(id) || (id === undefined && candidate.value === value),
  );
  if (option !== undefined) return option;
  throw new FieldProblem(
    id === undefined
      ? `Option value '${String(value)}' is not valid`
      : `Option id '${String(id)}' is not valid`,
  );
}

function readCascade(field: FieldDefinition, input: unknown): Value {
  const option = readOption(field, field.options, input);
  const below: unknown = isObject(input) ? input["child"] : undefined;
  const child =
    below === undefined || below === null ? undefined : readOption(field, option.children, below);
  return { kind: "cascade", option, child };
}

function readNamed(known: readonly Named[], input: unknown, what: string): Named {
  if (!isObject(input)) {
    throw new FieldProblem(`Could not find valid 'id' or 'name' value for ${what}.`);
  }
  const found = known.find(
    ({ id, name }) =>
      id === String(input["id"]) || (input["id"] === undefined && name === input["name"]),
  );
  if (found === undefined) {
    throw new FieldProblem(
      what === "priority" ? "The priority selected is invalid." : "The resolution is invalid.",
    );
  }
  return found;
}

function byIdOrName<T extends Named>(known: readonly T[], input: unknown, what: string): T {
  const { id, name }: Json = isObject(input) ? input : {};
  const found = known.find(
    (item) => item.id === String(id) || (id === undefined && item.name === name),
  );
  if (found !== undefined) return found;
  throw new FieldProblem(
    id === undefined
      ? `${what} name '${String(name)}' is not valid`
      : `${what} id '${String(id)}' is not valid`,
  );
}

function readIssue(context: ReadContext, field: FieldDefinition, input: unknown): Value {
  const { call, type } = context;
  const wanted = isObject(input) ? (input["key"] ?? input["id"]) : input;
  const found = findIssue(call.world, call.user, String(wanted));
  if (found === undefined) {
    throw new FieldProblem(
      field.id === "parent"
        ? "Could not find issue by id or key."
        : `Issue '${String(wanted)}' must be of type 'Epic'.`,
    );
  }
  const value = found.values.get("issuetype");
  const level = value?.kind === "type" ? value.type.level : 0;
  if (level !== type.level + 1 || (type.subtask && found.project !== context.project)) {
    throw new FieldProblem(
      field.id === "parent"
        ? "Given parent work item does not belong to appropriate hierarchy."
        : `Issue '${String(wanted)}' must be of type 'Epic'.`,
    );
  }
  return { kind: "issue", id: found.id };
}

function readSprint(context: ReadContext, input: unknown): Value {
  if (typeof input !== "number") throw new FieldProblem("Number value expected as the Sprint id.");
  const sprint = context.call.world.sprints.find(({ id }) => id === input);
  if (sprint === undefined) throw new FieldProblem(`Sprint with id '${input}' does not exist.`);
  if (sprint.state === "closed")
    throw new FieldProblem("Issues cannot be added to a closed sprint.");
  const closed = context.current?.kind === "sprints" ? closedOnes(context.current.list) : [];
  return { kind: "sprints", list: [...closed, sprint] };
}

function closedOnes(sprints: readonly Sprint[]): Sprint[] {
  return sprints.filter(({ state }) => state === "closed");
}

function readEstimates(context: ReadContext, input: unknown): Value {
  if (!isObject(input)) throw new FieldProblem("data was not an object");
  const current = context.current?.kind === "time" ? context.current : undefined;
  const seconds = (name: string, fallback: number | undefined) => {
    const text = input[name];
    if (text === undefined) return fallback;
    const parsed = typeof text === "string" ? parseDuration(text) : undefined;
    if (parsed === undefined) {
      throw new FieldProblem(`You must specify a valid ${name} such as '1d 2h'.`);
    }
    return parsed;
  };
  const original = seconds("originalEstimate", current?.original);
  return {
    kind: "time",
    original,
    remaining: seconds("remainingEstimate", current?.remaining ?? original),
  };
}
