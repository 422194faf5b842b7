import type { z } from "zod";
import type { ConnectionCache } from "../atlassian/cache.ts";
import { parseAnswer } from "../atlassian/parse.ts";
import type { Site } from "../atlassian/site.ts";
import { type AtlassianMcpError, isOurs } from "../errors.ts";
import type { ApiRequest } from "../http/types.ts";
import type { JiraPolicy } from "./client.ts";
import type { JiraDialect } from "./dialect/types.ts";

/** What every operation of the Jira client works with. */
export interface JiraContext {
  readonly site: Site;
  readonly policy: JiraPolicy;
  readonly dialect: JiraDialect;
  /** Answers that stay valid for a while (field list, create metadata). */
  readonly cache: ConnectionCache;
  /** Sends a request, which is bound to the caller's signal. */
  send(request: ApiRequest): Promise<unknown>;
}

/** Sends a request and checks the answer. @throws AtlassianMcpError `shape` and those of `ApiClient.json` */
export async function ask<Schema extends z.ZodType>(
  context: JiraContext,
  request: ApiRequest,
  schema: Schema,
  what: string,
): Promise<z.output<Schema>> {
  return parseAnswer(schema, await context.send(request), what);
}

/** Names the thing in a `not_found` of the site, which does not tell absent from hidden. */
export async function naming<T>(thing: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!isOurs(error, "not_found")) throw error;
    throw namedNotFound(thing, error);
  }
}

function namedNotFound(thing: string, error: AtlassianMcpError): AtlassianMcpError {
  return error.with(
    { next: error.details.next ?? "Check the key or id and that this account may see it." },
    `${thing} does not exist or is not visible to this account.`,
  );
}

/** Link for people to an issue. */
export function issueUrl(context: JiraContext, key: string): string {
  return `${context.site.browseBase}/browse/${encodeURIComponent(key)}`;
}

/** Key or numeric id → the form in which an issue is named inside a write. */
export function issueReference(keyOrId: string): Readonly<Record<string, string>> {
  return /^\d+$/.test(keyOrId) ? { id: keyOrId } : { key: keyOrId.toUpperCase() };
}
