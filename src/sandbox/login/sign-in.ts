import { type Authenticator, type AuthOutcome, createAuthenticator } from "../auth.ts";
import { type Counters, cloudSites, dataCenterUrl, type SiteUrls } from "../locate.ts";
import {
  cloudId,
  oauthToken,
  people,
  scopedToken,
  scopedTokenOfBen,
  serviceAccount,
  serviceToken,
} from "../people.ts";
import type { DataCenterSite } from "../types.ts";
import { type AppList, applicationLink, cloudApps, createAppList } from "./apps.ts";
import { type BasicGuard, createBasicGuard } from "./basic-guard.ts";
import { cloudDialect, cloudRules, createLoginHost, createProfile } from "./cloud.ts";
import {
  createDataCenterControl,
  createOAuthControl,
  type DataCenterControl,
  type OAuthControl,
} from "./control.ts";
import type { Counter } from "./counter.ts";
import { createProvider, dataCenterDialect, dataCenterRules } from "./data-center.ts";
import { createIssuer } from "./issuer.ts";
import {
  createPersonalTokens,
  createTokensResource,
  type Identify,
  type PersonalTokens,
} from "./personal-tokens.ts";
import type { TokenDesk, TokenDialect } from "./token-endpoint.ts";

/** Everything about who may do what: judging requests, giving out tokens, and the controls for tests. */
export interface SignIn {
  readonly authenticate: Authenticator;
  readonly counters: Counters;
  readonly login: OAuthControl;
  readonly dataCenter: Readonly<Record<DataCenterSite, DataCenterControl>>;
  /** Forgets every app, token and switch that was not there at the start. */
  reset(): void;
}

/** What one Data Center site keeps about its users. */
interface Office {
  readonly desk: TokenDesk & { readonly site: DataCenterSite };
  readonly personalTokens: PersonalTokens;
  readonly guard: BasicGuard;
}

const active = people.filter((user) => user.active);

export function createSignIn(urls: SiteUrls, now: () => Date): SignIn {
  const known = new Map<string, AuthOutcome>();
  const sites = cloudSites(urls);
  const cloud = cloudDesk(now);
  const offices = {
    "jira-data-center": office("jira-data-center", urls, now, known),
    "confluence-data-center": office("confluence-data-center", urls, now, known),
  } as const;
  const authenticate = createAuthenticator({
    users: people,
    tokenOwners: [...active, serviceAccount],
    gatewayTokens: [oauthToken, scopedToken, scopedTokenOfBen, serviceToken],
    guards: {
      "jira-data-center": offices["jira-data-center"].guard,
      "confluence-data-center": offices["confluence-data-center"].guard,
    },
    known,
    issued(site, token) {
      if (site === "gateway") return cloud.issuer.principalOf(token);
      if (site !== "jira-data-center" && site !== "confluence-data-center") return undefined;
      const { desk, personalTokens } = offices[site];
      return desk.issuer.principalOf(token) ?? personalTokens.principalOf(token);
    },
  });
  const identify = (authorization: string | undefined) =>
    authenticate("gateway", "jira", authorization).principal;
  const resources = {
    "jira-data-center": dataCenterCounters(offices["jira-data-center"], authenticate),
    "confluence-data-center": dataCenterCounters(offices["confluence-data-center"], authenticate),
  };
  const control = (site: DataCenterSite) => {
    const { desk, guard, personalTokens } = offices[site];
    const defaults = { scopes: ["WRITE"], sites: [], service: serviceLink(site), active };
    return createDataCenterControl(createOAuthControl(desk, defaults), {
      guard,
      personalTokens,
      active,
    });
  };
  return {
    authenticate,
    counters: {
      login: createLoginHost(cloud, active, sites),
      profile: createProfile(sites, identify),
      dataCenter: (site, path) => resources[site](path),
    },
    login: createOAuthControl(cloud, {
      scopes: oauthToken.scopes,
      sites: sites.map(({ id }) => id),
      service: cloudApps[1],
      active,
    }),
    dataCenter: {
      "jira-data-center": control("jira-data-center"),
      "confluence-data-center": control("confluence-data-center"),
    },
    reset() {
      clear(cloud);
      for (const { desk, guard, personalTokens } of Object.values(offices)) {
        clear(desk);
        guard.clear();
        personalTokens.clear();
      }
    },
  };
}

function clear({ apps, issuer, seen }: TokenDesk): void {
  apps.clear();
  issuer.clear();
  seen.length = 0;
}

function cloudDesk(now: () => Date): TokenDesk {
  return {
    site: "login",
    apps: createAppList(cloudApps),
    issuer: createIssuer(cloudRules, now),
    dialect: cloudDialect(serviceAccount, serviceToken.scopes, [cloudId]),
    seen: [],
    now,
  };
}

function productOf(site: DataCenterSite): "jira" | "confluence" {
  return site === "jira-data-center" ? "jira" : "confluence";
}

function serviceLink(site: DataCenterSite) {
  const link = applicationLink(productOf(site));
  return {
    ...link,
    clientId: `sandbox-${productOf(site)}-service-client`,
    clientSecret: `sandbox-${productOf(site)}-service-secret`,
    redirectUri: "",
    name: serviceAccount.displayName,
    kind: "service",
  } as const;
}

function office(
  site: DataCenterSite,
  urls: SiteUrls,
  now: () => Date,
  known: Map<string, AuthOutcome>,
): Office {
  const apps: AppList = createAppList([applicationLink(productOf(site)), serviceLink(site)]);
  const dialect: TokenDialect = dataCenterDialect(serviceAccount);
  const issuer = createIssuer(dataCenterRules, now);
  return {
    desk: { site, apps, issuer, dialect, seen: [], now },
    personalTokens: createPersonalTokens(now),
    guard: createBasicGuard(site, dataCenterUrl(urls, site), () => known.clear()),
  };
}

/** Finds the OAuth 2.0 provider and the personal access tokens of a site by path. */
function dataCenterCounters(
  { desk, personalTokens }: Office,
  authenticate: Authenticator,
): (path: string) => Counter | undefined {
  const provider = createProvider(desk, active);
  const identify: Identify = ({ headers, certified }) => {
    const authorization = headers["authorization"];
    if (certified !== undefined && authorization === undefined) return { user: certified };
    const outcome = authenticate(desk.site, productOf(desk.site), authorization);
    return outcome.principal ?? outcome.refusal;
  };
  const tokens = createTokensResource(personalTokens, identify);
  return (path) => {
    if (path.startsWith("/rest/oauth2/latest/")) {
      const serve = provider[path.slice("/rest/oauth2/latest".length)];
      return serve && { path, serve };
    }
    if (!path.startsWith("/rest/pat/")) return undefined;
    const [whole, id] = /^\/rest\/pat\/latest\/tokens(?:\/(\d+))?$/.exec(path) ?? [];
    return whole === undefined ? undefined : { path, serve: (request) => tokens(request, id) };
  };
}
