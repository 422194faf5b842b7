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
import { cloudApps, createAppList } from "./apps.ts";
import { cloudDialect, cloudRules, createLoginHost, createProfile } from "./cloud.ts";
import { createOAuthControl, type DataCenterControl, type OAuthControl } from "./control.ts";
import { createIssuer } from "./issuer.ts";
import { createOffice } from "./office.ts";
import type { TokenDesk } from "./token-endpoint.ts";

/** Everything about who may do what: judging requests, giving out tokens, and the controls for tests. */
export interface SignIn {
  readonly authenticate: Authenticator;
  readonly counters: Counters;
  readonly login: OAuthControl;
  readonly dataCenter: Readonly<Record<DataCenterSite, DataCenterControl>>;
  /** Forgets every app, token and switch that was not there at the start. */
  reset(): void;
}

const users = people.filter((user) => user.active);

export function createSignIn(urls: SiteUrls, now: () => Date): SignIn {
  const known = new Map<string, AuthOutcome>();
  const sites = cloudSites(urls);
  const cloud = cloudDesk(now);
  const offices = eachSite((site) => {
    const onChange = () => known.clear();
    return createOffice(site, { base: dataCenterUrl(urls, site), users, now, onChange });
  });
  const authenticate = createAuthenticator({
    users,
    tokenOwners: [...users, serviceAccount],
    gatewayTokens: [oauthToken, scopedToken, scopedTokenOfBen, serviceToken],
    guards: eachSite((site) => offices[site].guard),
    known,
    issued(site, token) {
      if (site === "gateway") return cloud.issuer.principalOf(token);
      const isDataCenter = site === "jira-data-center" || site === "confluence-data-center";
      return isDataCenter ? offices[site].issued(token) : undefined;
    },
  });
  const counters = eachSite((site) => offices[site].counters(authenticate));
  return {
    authenticate,
    counters: {
      login: createLoginHost(cloud, users, sites),
      profile: createProfile(sites, (header) => authenticate("gateway", "jira", header).principal),
      dataCenter: (site, path) => counters[site](path),
    },
    login: createOAuthControl(cloud, {
      scopes: oauthToken.scopes,
      sites: sites.map(({ id }) => id),
      service: cloudApps[1],
      users,
    }),
    dataCenter: eachSite((site) => offices[site].control),
    reset() {
      for (const part of [cloud.apps, cloud.issuer, ...Object.values(offices)]) part.clear();
      cloud.seen.length = 0;
    },
  };
}

function eachSite<T>(make: (site: DataCenterSite) => T): Readonly<Record<DataCenterSite, T>> {
  return {
    "jira-data-center": make("jira-data-center"),
    "confluence-data-center": make("confluence-data-center"),
  };
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
