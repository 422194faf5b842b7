import { issuerOf } from "../auth/oauth/issuer.ts";
import type { OAuthApp, TokenManager } from "../auth/oauth/types.ts";
import type { Access, AuthRules, ProductAccess } from "../auth/resolve.ts";
import type { ProductSettings, Settings } from "../config/product.ts";
import { deploymentOfHost, deploymentOfSite } from "../config/site-url.ts";
import { AtlassianMcpError } from "../errors.ts";
import type { Logger } from "../log.ts";
import { closest } from "../spelling.ts";
import { catalogue, findEntry } from "../tools/catalogue.ts";
import { expandToolsets } from "../tools/select.ts";
import { toolsets } from "../tools/toolsets.ts";
import { signInIssuer } from "./authorization.ts";
import { noOperations, type Operations } from "./operations/operations.ts";
import type { ReadinessCheck } from "./operations/readiness.ts";
import { type Outbound, openOutbound } from "./outbound.ts";
import type { Runtime, ToolPolicy } from "./runtime.ts";

export { openOperations } from "./operations/operations.ts";

/** A runtime and the way to let go of its sockets. */
export interface Composition {
  readonly runtime: Runtime;
  /** What the operator should know although the server starts. */
  readonly notices: readonly string[];
  /** One bare request with the settings that hold at its address, for diagnosis. */
  readonly probe: Outbound["probe"];
  readonly outbound: Outbound;
  /** From now on people who signed in there can be served. */
  useLogins(logins: UserLogins): void;
  /** What has to be there before anything can be served. */
  readonly checks: readonly ReadinessCheck[];
  close(): Promise<void>;
}

/** The tokens of people who signed in at our authorization server. */
export interface UserLogins {
  /** `undefined`: that sign-in has ended. */
  managerOf(grantId: string): Promise<TokenManager | undefined>;
}

/** Settings → everything that lives as long as the process. Opens no connection. */
export function compose(
  settings: Settings,
  log: Logger,
  operations: Operations = noOperations,
): Composition {
  const { products, jira, maxPageSize } = settings;
  const limit = maxPageSize === 0 ? undefined : maxPageSize;
  const outbound = openOutbound(settings, log, operations);
  let users: UserLogins | undefined;
  // Over HTTP the working directory is the server's, and its files are not the caller's.
  const filesRoot = settings.http.transport === "stdio" ? process.cwd() : undefined;
  const runtime: Runtime = {
    access: accessOf(settings),
    authRules: authRulesOf(settings),
    policy: policyOf(settings),
    jira: {
      projects: nonEmpty(products.jira?.filter),
      issueKeyPattern: jira.issueKeyPattern,
      internalOnlyProjects: jira.internalOnlyProjects,
      rawText: !jira.translateMarkup,
      maxResults: limit,
      filesRoot,
    },
    confluence: {
      spaces: nonEmpty(products.confluence?.filter),
      maxResults: limit,
      filesRoot,
    },
    apiUrl: settings.apiUrl,
    validation: settings.callers.validation,
    api: outbound.api,
    oauth: outbound.oauth,
    async managerOfUser(grantId) {
      const manager = await users?.managerOf(grantId);
      if (manager === undefined) throw signInEnded();
      return manager;
    },
    log,
    operations,
  };
  const { probe, checks, close } = outbound;
  const useLogins = (logins: UserLogins) => {
    users = logins;
  };
  const notices = policyNotices(runtime.policy);
  return { runtime, notices, probe, checks, outbound, useLogins, close };
}

function signInEnded(): AtlassianMcpError {
  return new AtlassianMcpError("auth", "This sign-in has ended", {
    next: "Sign in again: remove the server's authorization in your client and connect anew.",
  });
}

/** How the products are signed in to. */
export function accessOf(settings: Settings): Access {
  const { jira, confluence } = settings.products;
  return {
    ...(jira && { jira: productAccess(jira, settings) }),
    ...(confluence && { confluence: productAccess(confluence, settings) }),
  };
}

function productAccess(product: ProductSettings, settings: Settings): ProductAccess {
  return {
    ...product,
    deployment: deploymentOfSite(product),
    oauth: appOf(product, settings),
    hasCertificate: product.certificate !== undefined,
  };
}

/** The OAuth app of a product; products on Cloud with the same client share it. */
export function appOf(
  product: Pick<ProductSettings, "product" | "url" | "deployment" | "oauth">,
  { authUrl, apiUrl }: Pick<Settings, "authUrl" | "apiUrl">,
): OAuthApp | undefined {
  const { oauth } = product;
  if (oauth === undefined) return undefined;
  return {
    clientId: oauth.clientId,
    clientSecret: oauth.clientSecret,
    redirectUri: oauth.redirectUri?.href,
    scopes: oauth.scopes,
    issuer: issuerOf(product, deploymentOfSite(product), { authUrl, apiUrl }),
  };
}

export function authRulesOf(settings: Settings): AuthRules {
  const { callers, cloudId, products } = settings;
  const { jira, confluence } = products;
  const hasOAuth = [jira, confluence].some(
    (product) => product?.oauth !== undefined || product?.accessToken !== undefined,
  );
  return {
    fallback: callers.fallback,
    ignoreHeaders: callers.ignoreHeaderAuth,
    external: callers.external,
    oauth: callers.oauth || hasOAuth,
    users: signInIssuer(settings),
    cloudId,
    deploymentOf: deploymentOfHost,
  };
}

/** What the operator allows. */
export function policyOf({ policy }: Pick<Settings, "policy">): ToolPolicy {
  const { readOnly, enabledTools, toolsets } = policy;
  return {
    readOnly,
    names: enabledTools && new Set(enabledTools),
    toolsets: toolsets && knownToolsets(toolsets),
    surface: toolsets === undefined && enabledTools === undefined ? "core" : "flat",
  };
}

function policyNotices({ names, toolsets: sets }: ToolPolicy): string[] {
  const unknown = [...(names ?? [])].filter((name) => findEntry(name) === undefined);
  const left = catalogue.filter(
    (tool) => (names?.has(tool.name) ?? true) && (sets?.has(tool.toolset) ?? true),
  );
  return [
    ...(unknown.length > 0
      ? [`ENABLED_TOOLS names tools that this version does not have: ${unknown.join(", ")}.`]
      : []),
    ...(left.length === 0 ? ["TOOLSETS and ENABLED_TOOLS leave no tool to offer."] : []),
  ];
}

function knownToolsets(words: readonly string[]): ReadonlySet<string> {
  const { names, unknown } = expandToolsets(words);
  if (unknown.length === 0) return names;
  const known = ["all", "default", ...toolsets.map((set) => set.name)];
  const hints = unknown.map((word) => {
    const meant = closest(word, known);
    return meant === undefined ? word : `${word} (did you mean ${meant}?)`;
  });
  throw new AtlassianMcpError("config", `Unknown toolset: ${hints.join(", ")}`, {
    setting: "TOOLSETS",
    next: `Use ${known.join(", ")}.`,
  });
}

function nonEmpty(list: readonly string[] | undefined): readonly string[] | undefined {
  return list && list.length > 0 ? list : undefined;
}
