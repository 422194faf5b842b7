import type { SiteUrls } from "./locate.ts";
import type { OAuthApp } from "./login/apps.ts";
import { oauthToken } from "./people.ts";
import type { SandboxUser } from "./types.ts";

/** How the server is to sign in: with API tokens or PATs, or as an OAuth app. */
export type EnvironmentKind = "cloud" | "datacenter" | "cloud-oauth" | "datacenter-oauth";

interface Apps {
  readonly cloud: OAuthApp;
  readonly jira: OAuthApp;
  readonly confluence: OAuthApp;
}

/** Environment variables that connect the server to the pretend sites. */
export function environmentOf(
  kind: EnvironmentKind,
  urls: SiteUrls,
  user: SandboxUser,
  apps: Apps,
): Record<string, string> {
  switch (kind) {
    case "cloud":
      return { ...cloudWithToken(urls, user), ATLASSIAN_API_URL: urls.gateway };
    case "datacenter":
      return {
        ...dataCenterProduct("JIRA", urls.jiraDataCenter, user),
        ...dataCenterProduct("CONFLUENCE", urls.confluenceDataCenter, user),
      };
    case "cloud-oauth":
      return cloudWithApp(urls, apps.cloud);
    case "datacenter-oauth":
      return {
        ...dataCenterApp("JIRA", urls.jiraDataCenter, apps.jira),
        ...dataCenterApp("CONFLUENCE", urls.confluenceDataCenter, apps.confluence),
      };
  }
}

function cloudWithToken(urls: SiteUrls, user: SandboxUser): Record<string, string> {
  return {
    JIRA_URL: urls.cloud,
    JIRA_USERNAME: user.email,
    JIRA_API_TOKEN: user.apiToken,
    JIRA_DEPLOYMENT: "cloud",
    CONFLUENCE_URL: `${urls.cloud}/wiki`,
    CONFLUENCE_USERNAME: user.email,
    CONFLUENCE_API_TOKEN: user.apiToken,
    CONFLUENCE_DEPLOYMENT: "cloud",
  };
}

function cloudWithApp(urls: SiteUrls, app: OAuthApp): Record<string, string> {
  return {
    JIRA_URL: urls.cloud,
    JIRA_DEPLOYMENT: "cloud",
    CONFLUENCE_URL: `${urls.cloud}/wiki`,
    CONFLUENCE_DEPLOYMENT: "cloud",
    ATLASSIAN_API_URL: urls.gateway,
    ATLASSIAN_AUTH_URL: urls.login,
    ATLASSIAN_OAUTH_CLIENT_ID: app.clientId,
    ATLASSIAN_OAUTH_CLIENT_SECRET: app.clientSecret,
    ATLASSIAN_OAUTH_REDIRECT_URI: app.redirectUri,
    ATLASSIAN_OAUTH_SCOPE: oauthToken.scopes.join(" "),
  };
}

function dataCenterProduct(
  word: "JIRA" | "CONFLUENCE",
  url: string,
  user: SandboxUser,
): Record<string, string> {
  return {
    [`${word}_URL`]: url,
    [`${word}_PERSONAL_TOKEN`]: user.personalToken,
    [`${word}_DEPLOYMENT`]: "datacenter",
  };
}

function dataCenterApp(
  word: "JIRA" | "CONFLUENCE",
  url: string,
  app: OAuthApp,
): Record<string, string> {
  return {
    [`${word}_URL`]: url,
    [`${word}_DEPLOYMENT`]: "datacenter",
    [`${word}_OAUTH_CLIENT_ID`]: app.clientId,
    [`${word}_OAUTH_CLIENT_SECRET`]: app.clientSecret,
    [`${word}_OAUTH_REDIRECT_URI`]: app.redirectUri,
    [`${word}_OAUTH_SCOPE`]: "WRITE",
  };
}
