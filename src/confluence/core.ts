import { AtlassianMcpError, isOurs } from "../errors.ts";
import type { ConfluencePolicy } from "./client.ts";
import type { ConfluenceDialect } from "./dialect/types.ts";
import type { SpaceGuard } from "./guard.ts";
import type { Links } from "./links.ts";
import { type Names, type PersonRef, personKey } from "./models/person.ts";
import { parsePageRef } from "./page-ref.ts";

/** What every part of the client works with. */
export interface Core {
  readonly dialect: ConfluenceDialect;
  readonly guard: SpaceGuard;
  readonly links: Links;
  readonly policy: ConfluencePolicy;
  readonly browseBase: string;
}

/** The content id behind an id, address or tiny link. @throws AtlassianMcpError `input`, `not_found`, `forbidden`. */
export async function contentIdOf(core: Core, text: string): Promise<string> {
  const ref = parsePageRef(text, core.browseBase);
  return "id" in ref ? ref.id : findPageId(core, ref.spaceKey, ref.title);
}

/** The id of the page with exactly this title. @throws AtlassianMcpError `not_found`, `forbidden`. */
export async function findPageId(core: Core, spaceKey: string, title: string): Promise<string> {
  core.guard.requireSpace({ key: spaceKey });
  const page = await core.dialect.pages.find(await core.dialect.spaces.byKey(spaceKey), title);
  if (page !== undefined) return page.id;
  throw new AtlassianMcpError(
    "not_found",
    `Space ${spaceKey} has no page "${title}" that is visible to you`,
    { next: "Titles must match exactly; find the page with confluence_search." },
  );
}

/** Says of the site's 404 what is missing and how to go on; our own errors say it already. */
export function explainNotFound(what: string, id: string, next: string) {
  return (error: unknown): never => {
    if (isOurs(error, "not_found") && error.details.status !== undefined) {
      throw error.with({ next }, `${what} ${id} does not exist or is not visible to you`);
    }
    throw error;
  };
}

/** Display names of those people who came without one, in one go. */
export async function namesFor(
  core: Core,
  people: readonly (PersonRef | undefined)[],
): Promise<Names> {
  const unnamed = new Map<string, PersonRef>();
  for (const person of people) {
    if (person !== undefined && person.name === undefined) unnamed.set(personKey(person), person);
  }
  return unnamed.size === 0 ? new Map() : core.dialect.users.names([...unnamed.values()]);
}

/** The caller's limit within the operator's. */
export function boundedLimit(core: Core, limit: number): number {
  return Math.min(limit, core.policy.maxResults ?? limit);
}
