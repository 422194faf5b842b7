import { scopesOf } from "../auth/oauth/endpoints.ts";
import type { Issuer, OAuthApp } from "../auth/oauth/types.ts";
import { dataCenterScope, proposeScopes } from "../auth/scopes.ts";
import type { Settings } from "../config/product.ts";
import { policyOf } from "../server/compose.ts";
import { catalogue, type ToolEntry } from "../tools/catalogue.ts";
import { hiddenBecause } from "../tools/select.ts";
import type { Draft } from "./drafts.ts";

/** What a person is asked to consent to, and why. */
export interface Consent {
  /** As they are sent, `offline_access` included. */
  readonly scopes: readonly string[];
  /** One paragraph for the terminal. */
  readonly explanation: string;
}

/** The tools that the operator's policy leaves to the products of a sign-in. */
export function toolsOf({ products, deployment }: Draft, settings: Settings): ToolEntry[] {
  const reachable = Object.fromEntries(products.map((product) => [product, deployment]));
  const selection = { ...policyOf(settings), products: reachable };
  return catalogue.filter((tool) => hiddenBecause(tool, selection) === undefined);
}

/** The settings' scopes, else those that the tools in use need. */
export function consentFor(
  app: OAuthApp,
  tools: readonly ToolEntry[],
  isGranular: boolean,
): Consent {
  return app.issuer.kind === "cloud"
    ? cloudConsent(app, tools, isGranular)
    : dataCenterConsent(app, tools);
}

function cloudConsent(app: OAuthApp, tools: readonly ToolEntry[], isGranular: boolean): Consent {
  const kind = isGranular ? "granular" : "classic";
  const proposal = proposeScopes(
    tools.map((tool) => tool.scopes),
    kind,
  );
  const isGiven = app.scopes.length > 0;
  const scopes = scopesOf(isGiven ? app : { ...app, scopes: proposal.scopes });
  const source = isGiven
    ? "as ATLASSIAN_OAUTH_SCOPE says"
    : `what the ${tools.length} tools in use need, with read:me for your name`;
  const offline =
    isGiven && !app.scopes.includes("offline_access")
      ? "offline_access is added: without it you would have to sign in again every hour."
      : "offline_access keeps you signed in.";
  const inConsole =
    "The app must have all of them in the developer console (developer.atlassian.com/console/myapps, Permissions).";
  const problem = isGiven || proposal.problem === undefined ? "" : ` ${proposal.problem}`;
  const list = `Atlassian will ask you for these ${scopes.length} scopes, ${source}: ${scopes.join(" ")}.`;
  return { scopes, explanation: `${list} ${offline} ${inConsole}${problem}` };
}

function dataCenterConsent(app: OAuthApp, tools: readonly ToolEntry[]): Consent {
  const isGiven = app.scopes.length > 0;
  const scopes = isGiven ? app.scopes : [dataCenterScope(tools.map((tool) => tool.access))];
  const source = isGiven ? "as the settings say" : (meanings[scopes[0] ?? ""] ?? "");
  return {
    scopes,
    explanation: `The site will ask you for the scope ${scopes.join(" ")}, ${source}. You are never allowed more than your own account may do.`,
  };
}

const meanings: Readonly<Record<string, string>> = {
  READ: "enough for the tools in use, which only read",
  WRITE: "which the tools in use need to read and to write",
};

/** What a grant does not cover. */
export interface Shortfall {
  /** Names of tools that may not work completely. */
  readonly tools: readonly string[];
  /** What would let them. */
  readonly scopes: readonly string[];
}

/** Compares what was granted with what the tools need; nothing is short where the issuer did not say. */
export function shortfallOf(
  granted: readonly string[],
  tools: readonly ToolEntry[],
  issuer: Issuer,
): Shortfall {
  if (granted.length === 0) return { tools: [], scopes: [] };
  const missing = (scopes: readonly string[]) => scopes.filter((scope) => !granted.includes(scope));
  if (issuer.kind === "datacenter") {
    const isReading = granted.every((scope) => scope === "READ");
    const short = isReading ? tools.filter(({ access }) => access !== "read") : [];
    return { tools: short.map(({ name }) => name), scopes: short.length > 0 ? ["WRITE"] : [] };
  }
  const short = tools.filter(
    ({ scopes }) => missing(scopes.classic).length > 0 && missing(scopes.granular).length > 0,
  );
  const scopes = new Set(short.flatMap((tool) => missing(tool.scopes.classic)));
  return { tools: short.map(({ name }) => name), scopes: [...scopes].sort() };
}
