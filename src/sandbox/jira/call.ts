import type { SandboxAnswer, SandboxDeployment, SandboxRequest, SandboxUser } from "../types.ts";
import type { Issue, JiraWorld, Project } from "./model.ts";
import { noSuchIssue, refusal } from "./refusal.ts";
import type { TextFormat } from "./text/rich.ts";
import { findIssue, findProject } from "./world.ts";

/** A request as the routes see it. */
export interface Call {
  readonly world: JiraWorld;
  readonly user: SandboxUser;
  readonly deployment: SandboxDeployment;
  /** What links start with: site base plus API root, e.g. `http://127.0.0.1:1234/rest/api/3`. */
  readonly api: string;
  /** Site base alone. */
  readonly site: string;
  readonly format: TextFormat;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly json: unknown;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export type Json = Readonly<Record<string, unknown>>;

export function toCall(world: JiraWorld, request: SandboxRequest): Call {
  const version = request.path.startsWith("/rest/api/2") ? "2" : "3";
  const cloud = request.deployment === "cloud";
  return {
    world,
    user: request.principal.user,
    deployment: request.deployment,
    api: `${request.siteBase}/rest/api/${cloud ? version : "2"}`,
    site: request.siteBase,
    format: cloud && version === "3" ? "adf" : "wiki",
    params: request.params,
    query: request.query,
    json: request.json,
    headers: request.headers,
    body: request.body,
  };
}

export function ok(json: unknown, status = 200): SandboxAnswer {
  return { status, json };
}

export const noContent: SandboxAnswer = { status: 204 };

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The JSON body as an object; 400 for anything else. */
export function bodyOf(call: Call): Json {
  if (isObject(call.json)) return call.json;
  throw refusal(400, "Invalid request payload. Refer to the REST API documentation and try again.");
}

/** A member of the body that has to be a string if it is there. */
export function textOf(body: Json, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw refusal(400, `Can not deserialize value of ${name}.`);
  return value;
}

/** A member of the body that holds strings or numbers, as strings. */
export function listOf(body: Json, name: string): string[] {
  const value = body[name];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw refusal(400, `Can not deserialize value of ${name}.`);
  return value.map(String);
}

/** The issue named in the path; 404 when absent or hidden. */
export function issueOf(call: Call, name = "issueIdOrKey"): Issue {
  const issue = findIssue(call.world, call.user, call.params[name] ?? "");
  if (issue === undefined) throw noSuchIssue();
  return issue;
}

/** The project named in the path; 404 when absent or hidden. */
export function projectOf(call: Call, name = "projectIdOrKey"): Project {
  const wanted = call.params[name] ?? "";
  const project = findProject(call.world, call.user, wanted);
  if (project === undefined) throw refusal(404, `No project could be found with key '${wanted}'.`);
  return project;
}

/** Comma separated values of a query parameter that may be repeated. */
export function wordsOf(call: Call, name: string): string[] {
  return call.query
    .getAll(name)
    .flatMap((value) => value.split(","))
    .map((word) => word.trim())
    .filter((word) => word !== "");
}

/** A whole number of the query; 400 where it is none, as the sites answer. */
export function numberOf(call: Call, name: string, fallback: number): number {
  const text = call.query.get(name);
  if (text === null || text === "") return fallback;
  if (!/^-?\d+$/.test(text)) {
    throw refusal(400, `'${text}' is not a valid value for the parameter '${name}'.`);
  }
  return Number(text);
}

export interface Page<T> {
  readonly startAt: number;
  readonly maxResults: number;
  readonly total: number;
  readonly isLast: boolean;
  readonly items: readonly T[];
}

/** Cuts a list by `startAt` and `maxResults`; sizes over `limit` are lowered without a word. */
export function pageOf<T>(call: Call, all: readonly T[], size: number, limit: number): Page<T> {
  const startAt = Math.max(0, numberOf(call, "startAt", 0));
  const maxResults = Math.min(Math.max(0, numberOf(call, "maxResults", size)), limit);
  const items = all.slice(startAt, startAt + maxResults);
  return {
    startAt,
    maxResults,
    total: all.length,
    isLast: startAt + items.length >= all.length,
    items,
  };
}

/** The page shape of most Cloud lists. */
export function valuesPage<T>(page: Page<T>, show: (item: T) => unknown): Json {
  const { startAt, maxResults, total, isLast } = page;
  return { maxResults, startAt, total, isLast, values: page.items.map(show) };
}
