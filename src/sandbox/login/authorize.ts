import type { SandboxAnswer, SandboxUser } from "../types.ts";
import type { AppList, OAuthApp } from "./apps.ts";
import { type CounterRequest, formOf, wrongMethod } from "./counter.ts";
import type { Issuer } from "./issuer.ts";
import { type CloudSite, consentPage, errorPage } from "./page.ts";
import { type Challenge, type ChallengeMethod, challengeOf } from "./pkce.ts";

/** An error of the authorization request that its sender is told. */
export interface AuthorizeProblem {
  readonly error: "invalid_request" | "invalid_scope" | "unsupported_response_type";
  readonly description: string;
}

export interface AuthorizeOptions {
  readonly apps: AppList;
  readonly issuer: Issuer;
  readonly users: readonly SandboxUser[];
  /** Empty on Data Center. */
  readonly sites: readonly CloudSite[];
  readonly challengeMethods: readonly ChallengeMethod[];
  /** What this login host wants beyond RFC 6749. */
  check(query: URLSearchParams): AuthorizeProblem | undefined;
  readonly refuse: "Cancel" | "Deny";
}

/** A request whose app and callback are known, so that errors can be sent back. */
interface Asked {
  readonly app: OAuthApp;
  readonly query: URLSearchParams;
  readonly scopes: readonly string[];
  readonly challenge: Challenge | undefined;
}

interface Decision {
  readonly user: SandboxUser;
  readonly sites: readonly string[];
  readonly isAccepted: boolean;
}

const cookieName = "sandbox_user";

/**
 * The authorization endpoint. `sandbox_user` in the query signs that person in and decides without a page; with it go
 * `sandbox_sites` (`all`, the default, or cloud ids with commas) and `sandbox_decision=refuse`.
 */
export function createAuthorize(
  options: AuthorizeOptions,
): (request: CounterRequest) => SandboxAnswer {
  return (request) => {
    if (request.method !== "GET" && request.method !== "POST") return wrongMethod("GET", "POST");
    const form = request.method === "POST" ? formOf(request) : undefined;
    const raw = form?.get("request") ?? request.query;
    const asked = readRequest(options, new URLSearchParams(raw));
    if ("status" in asked) return asked;
    const answers = form ?? (asked.query.has("sandbox_user") ? inQuery(asked.query) : undefined);
    if (answers === undefined) return showPage(options, asked, raw, remembered(request));
    const decision = readDecision(options, answers);
    if ("status" in decision) return decision;
    request.user = decision.user.name;
    if (decision.isAccepted && options.sites.length > 0 && decision.sites.length === 0) {
      return showPage(options, asked, raw, decision.user.name, "Tick at least one site.");
    }
    return carryOut(options, asked, decision);
  };
}

function readRequest(options: AuthorizeOptions, query: URLSearchParams): Asked | SandboxAnswer {
  const app = options.apps.find(query.get("client_id") ?? "");
  if (app === undefined || app.kind !== "people") {
    return errorPage("unauthorized_client", "No app with this client id is registered here.");
  }
  if (query.get("redirect_uri") !== app.redirectUri) {
    return errorPage("unauthorized_client", "The redirect address is not the one of this app.");
  }
  const scopes = (query.get("scope") ?? "").split(" ").filter((scope) => scope !== "");
  const challenge = challengeOf(query, options.challengeMethods);
  const problem = problemOf(options, app, query, scopes, challenge);
  if (problem) {
    return sendBack(app, query, { error: problem.error, error_description: problem.description });
  }
  return { app, query, scopes, challenge: challenge === "invalid" ? undefined : challenge };
}

function problemOf(
  options: AuthorizeOptions,
  app: OAuthApp,
  query: URLSearchParams,
  scopes: readonly string[],
  challenge: Challenge | "invalid" | undefined,
): AuthorizeProblem | undefined {
  const type = query.get("response_type");
  if (type === null) return missing("response_type");
  if (type !== "code") {
    return { error: "unsupported_response_type", description: `Not supported: ${type}` };
  }
  if (scopes.length === 0) return missing("scope");
  const foreign = scopes.find((scope) => app.scopes !== undefined && !app.scopes.includes(scope));
  if (foreign !== undefined) {
    return { error: "invalid_scope", description: `The app does not have the scope ${foreign}` };
  }
  if (challenge === "invalid") {
    return { error: "invalid_request", description: "The code challenge cannot be used" };
  }
  return options.check(query);
}

export function missing(name: string): AuthorizeProblem {
  return { error: "invalid_request", description: `Missing required parameter: ${name}` };
}

function inQuery(query: URLSearchParams): URLSearchParams {
  const answers = new URLSearchParams({
    user: query.get("sandbox_user") ?? "",
    decision: query.get("sandbox_decision") ?? "accept",
  });
  for (const site of (query.get("sandbox_sites") ?? "all").split(",")) answers.append("site", site);
  return answers;
}

function readDecision(
  options: AuthorizeOptions,
  answers: URLSearchParams,
): Decision | SandboxAnswer {
  const user = options.users.find(({ name }) => name === answers.get("user"));
  if (user === undefined) return errorPage("access_denied", "Nobody of this name can sign in.");
  const known = options.sites.map(({ id }) => id);
  const ticked = answers.getAll("site");
  const sites = ticked.includes("all") ? known : known.filter((id) => ticked.includes(id));
  const isStrange = ticked.some((id) => id !== "all" && id !== "" && !known.includes(id));
  if (isStrange) return errorPage("invalid_request", "There is no such site.");
  return { user, sites, isAccepted: answers.get("decision") === "accept" };
}

function carryOut(
  { issuer }: AuthorizeOptions,
  { app, query, scopes, challenge }: Asked,
  { user, sites, isAccepted }: Decision,
): SandboxAnswer {
  const remember = { "set-cookie": `${cookieName}=${user.name}; Path=/; HttpOnly; SameSite=Lax` };
  if (!isAccepted) {
    const description = "User did not authorize the request";
    return sendBack(
      app,
      query,
      { error: "access_denied", error_description: description },
      remember,
    );
  }
  const terms = { redirectUri: app.redirectUri, challenge };
  const code = issuer.code({ clientId: app.clientId, user, scopes, sites }, terms);
  return sendBack(app, query, { code }, remember);
}

function sendBack(
  app: OAuthApp,
  query: URLSearchParams,
  values: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): SandboxAnswer {
  const target = new URL(app.redirectUri);
  for (const [name, value] of Object.entries(values)) target.searchParams.set(name, value);
  const state = query.get("state");
  if (state !== null) target.searchParams.set("state", state);
  // 303, so that the form's POST becomes a GET at the callback.
  return {
    status: 303,
    headers: { location: target.href, "cache-control": "no-store", ...headers },
  };
}

function showPage(
  options: AuthorizeOptions,
  { app, scopes }: Asked,
  request: string,
  chosen: string | undefined,
  problem?: string,
): SandboxAnswer {
  const { users, sites, refuse } = options;
  const accept = refuse === "Deny" ? "Allow" : "Accept";
  return consentPage({
    appName: app.name,
    scopes,
    users,
    chosen,
    sites,
    request,
    accept,
    refuse,
    problem,
  });
}

function remembered({ headers }: CounterRequest): string | undefined {
  const found = new RegExp(`(?:^|; ?)${cookieName}=([^;]+)`).exec(headers["cookie"] ?? "");
  return found?.[1];
}
