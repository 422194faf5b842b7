import { isoDate } from "../dates.ts";
import { compact } from "./compact.ts";
import { jiraUserSchema, toUser } from "./user.ts";

type Json = Readonly<Record<string, unknown>>;

/**
 * Value of a custom field, reduced to what a reader needs: the option's value, the name of a linked thing, a short
 * person, sprint or cascade; lists element by element. `undefined` for nothing.
 *
 * @param readText how rich text becomes Markdown; used for documents only.
 */
export function toCustomValue(value: unknown, readText: (stored: unknown) => string): unknown {
  if (value === null || value === undefined || value === "") return undefined;
  if (Array.isArray(value)) {
    const items = value
      .map((item) => toCustomValue(item, readText))
      .filter((item) => item !== undefined);
    return items.length > 0 ? items : undefined;
  }
  if (typeof value === "string") return fromSprintText(value) ?? isoDate(value);
  if (!isObject(value)) return value;
  return fromObject(value, readText);
}

function fromObject(value: Json, readText: (stored: unknown) => string): unknown {
  if (value["type"] === "doc") return readText(value);
  if (typeof value["displayName"] === "string") {
    const user = jiraUserSchema.safeParse(value);
    if (user.success) return toUser(user.data);
  }
  if ("value" in value) {
    const child = value["child"];
    return isObject(child) ? { value: value["value"], child: child["value"] } : value["value"];
  }
  if ("state" in value && "name" in value) return toSprintValue(value);
  if (typeof value["key"] === "string" && isObject(value["fields"])) return value["key"];
  if ("name" in value && ("self" in value || "id" in value || Object.keys(value).length === 1)) {
    return value["name"];
  }
  const rest = compact(value);
  return Object.keys(rest).length > 0 ? rest : undefined;
}

function toSprintValue(sprint: Json): unknown {
  const { id, name, state, boardId, startDate, endDate, completeDate, goal } = sprint;
  const date = (text: unknown) => (typeof text === "string" ? isoDate(text) : undefined);
  return compact({
    id,
    name,
    state: typeof state === "string" ? state.toLowerCase() : state,
    board_id: boardId,
    start_date: date(startDate),
    end_date: date(endDate),
    complete_date: date(completeDate),
    goal,
  });
}

/** Old Data Center writes a sprint as `…Sprint@1f[id=1,rapidViewId=2,state=ACTIVE,name=Sprint 1,…]`. */
function fromSprintText(text: string): unknown {
  const inner = /\.Sprint@[0-9a-f]+\[(.*)\]$/s.exec(text)?.[1];
  if (inner === undefined) return undefined;
  const entries: Record<string, string> = {};
  for (const part of inner.split(/,(?=[a-zA-Z]+=)/)) {
    const at = part.indexOf("=");
    const value = part.slice(at + 1);
    if (value !== "<null>") entries[part.slice(0, at)] = value;
  }
  const { id, rapidViewId, ...rest } = entries;
  return toSprintValue({ ...rest, id: Number(id), boardId: rapidViewId && Number(rapidViewId) });
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
