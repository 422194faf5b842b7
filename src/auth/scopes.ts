import type { Product } from "../atlassian/site.ts";
import { type AtlassianMcpError, isOurs } from "../errors.ts";
import table from "./operation-scopes.json" with { type: "json" };

/**
 * Atlassian Cloud has two generations of scopes. Classic ones are few and wide (`read:jira-work`), granular ones name
 * thing and product (`read:issue:jira`). Most operations take either; an app may hold some of both.
 */
export type ScopeKind = "classic" | "granular";

/** Scopes under which everything in question works, for apps that hold mostly one kind. */
export type ScopeSets = Readonly<Record<ScopeKind, readonly string[]>>;

interface Row {
  readonly method: string;
  readonly segments: readonly string[];
  readonly alternatives: readonly (readonly string[])[];
}

/** Made at the first question: most processes never ask one. */
const rows = new Map<Product, readonly Row[]>();

function rowsOf(product: Product): readonly Row[] {
  const known = rows.get(product);
  if (known !== undefined) return known;
  const made = Object.entries<readonly string[]>(table[product]).map(([operation, sets]) => ({
    ...parsed(operation),
    alternatives: sets.map((set) => set.split(" ")),
  }));
  rows.set(product, made);
  return made;
}

/**
 * Scope sets that open an operation of Cloud; any one suffices, and of a set all are needed. The classic one comes
 * first, where there is one.
 *
 * @param operation method and path template as in `details.operation`, e.g. `GET /rest/api/3/issue/{}`. What stands
 *   between the braces does not matter, nor does `/wiki` before a path of Confluence.
 * @returns empty where Atlassian names no scope; `undefined` for an operation that is not known, as are all of Data
 *   Center.
 */
export function scopesOfOperation(
  product: Product,
  operation: string,
): readonly (readonly string[])[] | undefined {
  const { method, segments } = parsed(operation);
  const [best] = rowsOf(product)
    .filter((row) => row.method === method && fits(row.segments, segments))
    .sort((a, b) => placeholders(a) - placeholders(b));
  return best?.alternatives;
}

function parsed(operation: string): { method: string; segments: readonly string[] } {
  const [method = "", path = ""] = operation.split(" ");
  return { method, segments: path.replace(/^\/wiki\//, "/").split("/") };
}

/** A placeholder of Atlassian's may be a word of ours (`/move/append/{}`), but not the other way round. */
function fits(wanted: readonly string[], given: readonly string[]): boolean {
  return (
    wanted.length === given.length &&
    wanted.every((part, index) => part === given[index] || part.startsWith("{"))
  );
}

function placeholders({ segments }: Row): number {
  return segments.filter((part) => part.startsWith("{")).length;
}

/**
 * What has to be added to a grant before an operation works: what the classic set has more than the grant, or the
 * smallest set where there is no classic one.
 *
 * @param granted `undefined` where nobody knows: the whole first set.
 * @returns empty when the grant suffices; `undefined` where the scopes of the operation are not known.
 */
export function missingScopes(
  product: Product,
  operation: string,
  granted: readonly string[] | undefined,
): readonly string[] | undefined {
  const alternatives = scopesOfOperation(product, operation);
  if (alternatives === undefined || granted === undefined) return alternatives?.[0];
  const missing = alternatives.map((set) => set.filter((scope) => !granted.includes(scope)));
  if (missing.some((set) => set.length === 0)) return [];
  if (alternatives[0]?.every(isClassic)) return missing[0];
  return missing.sort((a, b) => a.length - b.length)[0];
}

/** Classic scopes have two parts; the one for downloads is the exception. */
function isClassic(scope: string): boolean {
  return scope.split(":").length === 2 || scope.startsWith("readonly:");
}

/** What all these operations of one product need together; where a kind has no set, the other kind stands in. */
export function scopesOfOperations(product: Product, operations: readonly string[]): ScopeSets {
  const needed = operations.map((operation) => scopesOfOperation(product, operation) ?? []);
  const union = (pick: (sets: readonly (readonly string[])[]) => readonly string[] | undefined) =>
    inOrder(needed.flatMap((sets) => pick(sets) ?? []));
  return { classic: union((sets) => sets.at(0)), granular: union((sets) => sets.at(-1)) };
}

/** Scopes of apps on Data Center; each includes those before it. */
const dataCenterScopes = ["READ", "WRITE", "ADMIN", "SYSTEM_ADMIN"] as const;

/** The scope of a Data Center application link under which tools with such `access` work. */
export function dataCenterScope(accesses: readonly string[]): "READ" | "WRITE" {
  return accesses.every((access) => access === "read") ? "READ" : "WRITE";
}

/** What to ask a person to consent to. */
export interface ScopeProposal {
  /** Ready for `scope` of an authorization request, in an order that people can read. */
  readonly scopes: readonly string[];
  /** Why Atlassian may refuse this list, and the way out. */
  readonly problem?: string | undefined;
}

/** Atlassian advises to stay below this number; long lists fail at the consent screen. */
const scopesAdvised = 50;

/** One list for tools with these needs, with what signing in itself takes: a refresh token and the person's name. */
export function proposeScopes(tools: readonly ScopeSets[], kind: ScopeKind): ScopeProposal {
  const scopes = inOrder(["offline_access", "read:me", ...tools.flatMap((sets) => sets[kind])]);
  if (scopes.length < scopesAdvised) return { scopes };
  const remedy =
    kind === "granular"
      ? "use the classic scopes, or allow fewer toolsets"
      : "allow fewer toolsets";
  return {
    scopes,
    problem: `${scopes.length} scopes are more than Atlassian advises (fewer than ${scopesAdvised}): ${remedy}.`,
  };
}

function inOrder(scopes: readonly string[]): string[] {
  const rank = (scope: string) => places.findIndex((place) => place.test(scope));
  return [...new Set(scopes)].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/** As the developer console groups them: identity, Jira, service management, software, Confluence, anything else. */
const places = [
  /^offline_access$/,
  /^read:(me|account)$/,
  /^\w+:jira-/,
  /^\w+:servicedesk-/,
  /:jira$/,
  /:jira-software$/,
  /:jira-service-management$/,
  /^\w+:confluence/,
  /:confluence$/,
  /(?:)/,
];

/**
 * The same error with a next step that names the missing scopes and where to add them. Errors with another code, and
 * operations that are not known, come back as they are.
 *
 * @param granted of the token that was refused, as far as the issuer told.
 */
export function explainScopeError(
  error: AtlassianMcpError,
  granted?: readonly string[] | undefined,
): AtlassianMcpError {
  const { product, operation } = error.details;
  if (!isOurs(error, "scope") || operation === undefined) return error;
  if (product !== "jira" && product !== "confluence") return error;
  if (isOfDataCenter(granted)) return error.with({ next: dataCenterAdvice(operation) });
  const missing = missingScopes(product, operation, granted);
  return missing === undefined ? error : error.with({ next: cloudAdvice(missing) });
}

/** `Missing scope: NAME.` for an operation of Cloud; `undefined` where that is not known. */
export function missingScopeWords(
  { details }: AtlassianMcpError,
  granted?: readonly string[] | undefined,
): string | undefined {
  const { product, operation = "" } = details;
  if (product !== "jira" && product !== "confluence") return undefined;
  const missing = missingScopes(product, operation, granted);
  if (missing === undefined || missing.length === 0) return undefined;
  return `Missing ${missing.length === 1 ? "scope" : "scopes"}: ${missing.join(" ")}.`;
}

function isOfDataCenter(granted: readonly string[] | undefined): boolean {
  const known: readonly string[] = dataCenterScopes;
  return granted?.length !== 0 && granted?.every((scope) => known.includes(scope)) === true;
}

function dataCenterAdvice(operation: string): string {
  const scope = dataCenterScope([operation.startsWith("GET ") ? "read" : "update"]);
  return `Allow the scope ${scope} in the application link of the site, then run "mcp-atlassian auth login" to consent again; refreshing the token does not help.`;
}

function cloudAdvice(missing: readonly string[]): string {
  const again = 'run "mcp-atlassian auth login" to consent again';
  if (missing.length === 0) {
    return `What was granted at sign-in covers this operation, so the app's permissions have changed since: check them in the developer console (developer.atlassian.com/console/myapps) and ${again}; refreshing the token does not help.`;
  }
  const one = missing.length === 1;
  const [it, them] = one ? ["scope", "it"] : ["scopes", "them"];
  return `Missing ${it}: ${missing.join(" ")}. For OAuth, add ${them} to the app's permissions in the developer console (developer.atlassian.com/console/myapps) and to ATLASSIAN_OAUTH_SCOPE where that is set, then ${again}; for an API token with scopes, make a new token that has ${them}. Refreshing the token does not help.`;
}
