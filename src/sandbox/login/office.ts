import type { Authenticator } from "../auth.ts";
import { serviceAccount } from "../people.ts";
import type { DataCenterSite, Principal, SandboxUser } from "../types.ts";
import { applicationLink, createAppList, type OAuthApp } from "./apps.ts";
import { type BasicGuard, createBasicGuard } from "./basic-guard.ts";
import { createDataCenterControl, createOAuthControl, type DataCenterControl } from "./control.ts";
import type { Counter } from "./counter.ts";
import { belowLevel, createProvider, dataCenterDialect, dataCenterRules } from "./data-center.ts";
import { createIssuer } from "./issuer.ts";
import { createPersonalTokens, createTokensResource, type Identify } from "./personal-tokens.ts";

/** Everything about signing in that one Data Center site keeps for itself. */
export interface Office {
  readonly guard: BasicGuard;
  readonly control: DataCenterControl;
  /** Whom a token stands for that this site gave out while it runs. */
  issued(token: string): Principal | undefined;
  /** The OAuth 2.0 provider and the resource of personal access tokens, by path below the context path. */
  counters(authenticate: Authenticator): (path: string) => Counter | undefined;
  clear(): void;
}

export interface OfficeOptions {
  /** With the context path. */
  readonly base: string;
  /** Who can sign in. */
  readonly users: readonly SandboxUser[];
  readonly now: () => Date;
  /** Called when outcomes of passwords that were remembered no longer hold. */
  onChange(): void;
}

export function createOffice(site: DataCenterSite, options: OfficeOptions): Office {
  const { base, users, now } = options;
  const product = site === "jira-data-center" ? "jira" : "confluence";
  const link = applicationLink(product);
  const service = serviceCredential(link);
  const apps = createAppList([link, service]);
  const issuer = createIssuer(dataCenterRules, now);
  const dialect = dataCenterDialect(serviceAccount);
  const desk = { site, apps, issuer, dialect, seen: [], now };
  const personalTokens = createPersonalTokens(now);
  const guard = createBasicGuard(site, base, () => options.onChange());
  const oauth = createOAuthControl(desk, { scopes: ["WRITE"], sites: [], service, users });
  return {
    guard,
    control: createDataCenterControl(oauth, { guard, personalTokens, users }),
    issued: (token) => issuer.principalOf(token) ?? personalTokens.principalOf(token),
    counters(authenticate) {
      const identify = identifier(site, product, authenticate);
      const tokens = createTokensResource(personalTokens, identify);
      const provider = createProvider(desk, users);
      return (path) => {
        if (path.startsWith("/rest/oauth2/latest/")) {
          const serve = provider[path.slice("/rest/oauth2/latest".length)];
          return serve && { path, serve };
        }
        if (!path.startsWith("/rest/pat/")) return undefined;
        const [whole, id] = /^\/rest\/pat\/latest\/tokens(?:\/(\d+))?$/.exec(path) ?? [];
        return whole === undefined ? undefined : { path, serve: (request) => tokens(request, id) };
      };
    },
    clear() {
      for (const part of [apps, issuer, guard, personalTokens]) part.clear();
      desk.seen.length = 0;
    },
  };
}

function serviceCredential({ clientId, clientSecret, ...link }: OAuthApp): OAuthApp {
  return {
    ...link,
    clientId: clientId.replace("client", "service-client"),
    clientSecret: clientSecret.replace("secret", "service-secret"),
    redirectUri: "",
    name: serviceAccount.displayName,
    kind: "service",
  };
}

function identifier(
  site: DataCenterSite,
  product: "jira" | "confluence",
  authenticate: Authenticator,
): Identify {
  return ({ headers, certified, method, path }) => {
    const authorization = headers["authorization"];
    if (certified !== undefined && authorization === undefined) return { user: certified };
    const outcome = authenticate(site, product, authorization);
    if (outcome.principal === undefined) return outcome.refusal;
    const { level } = outcome.principal;
    return (level && belowLevel(level, product, method, path)) ?? outcome.principal;
  };
}
