import type { SandboxUser } from "./types.ts";

/** A token that only the API gateway takes, with what it was granted. */
export interface GatewayToken {
  readonly value: string;
  /** Whom it acts for: {@link SandboxUser.name}. */
  readonly owner: string;
  readonly scopes: readonly string[];
  /**
   * `oauth` is sent as Bearer, `scoped` as Basic with the owner's address, `service` either way. All of them open the
   * first Cloud site only.
   */
  readonly kind: "oauth" | "scoped" | "service";
}

function person(
  number: number,
  name: string,
  displayName: string,
  timeZone: string,
  active = true,
): SandboxUser {
  const digits = String(number).padStart(2, "0");
  return {
    accountId: `5b10a2844c20165700ede2${digits}`,
    name,
    key: `JIRAUSER101${digits}`,
    displayName,
    email: `${name}@harbourpine.example`,
    timeZone,
    active,
    apiToken: `sandbox-api-token-${name}`,
    password: `sandbox-password-${name}`,
    personalToken: `sandbox-pat-${name}`,
  };
}

/**
 * The staff of Harbour & Pine, a pretend shop for outdoor gear. The first one administers both products; the second
 * one may not see every project. Two have nearly the same name, one has left.
 */
export const people: readonly [SandboxUser, SandboxUser, ...SandboxUser[]] = [
  person(0, "ada", "Ada Moreno", "Europe/Berlin"),
  person(1, "ben", "Ben Okafor", "America/New_York"),
  person(2, "chloe.martin", "Chloe Martin", "Europe/London"),
  person(3, "chloe.martinez", "Chloe Martinez", "Europe/Madrid"),
  person(4, "david", "David Lindqvist", "Europe/Stockholm"),
  person(5, "emi", "Emi Tanaka", "Asia/Tokyo"),
  person(6, "farid", "Farid Haddad", "Africa/Casablanca"),
  person(7, "grace", "Grace Novak", "Europe/Prague", false),
];

/** An account for programs: it has no password, only tokens, and is in no list of people. */
export const serviceAccount: SandboxUser = {
  ...person(90, "release-robot", "Release Robot", "Europe/Berlin"),
  email: "release-robot@serviceaccount.harbourpine.example",
};

/** The first Cloud site. */
export const cloudId = "1f5b7c9e-4a3d-4c2b-9e8f-6d5c4b3a2f10";
/** The second one: the same people, its own content. */
export const labsCloudId = "a7d31e64-0c58-4f0e-b1d9-2e7c85f6034b";

/** An OAuth 2.0 (3LO) access token with a broad consent. */
export const oauthToken: GatewayToken = {
  value: "sandbox-oauth-access-token-ada",
  owner: "ada",
  kind: "oauth",
  scopes: [
    "offline_access",
    "read:me",
    "read:jira-work",
    "write:jira-work",
    "read:jira-user",
    "manage:jira-project",
    "read:board-scope:jira-software",
    "write:board-scope:jira-software",
    "read:sprint:jira-software",
    "write:sprint:jira-software",
    "read:epic:jira-software",
    "write:issue:jira-software",
    "read:issue-details:jira",
    "read:jql:jira",
    "read:project:jira",
    "search:confluence",
    "read:confluence-user",
    "write:confluence-file",
    "write:confluence-content",
    "readonly:content.attachment:confluence",
    "read:page:confluence",
    "write:page:confluence",
    "delete:page:confluence",
    "read:space:confluence",
    "read:comment:confluence",
    "write:comment:confluence",
    "read:attachment:confluence",
    "read:content.metadata:confluence",
    "read:hierarchical-content:confluence",
  ],
};

/** A scoped API token that may read Jira issues and Confluence pages and change nothing. */
export const scopedToken: GatewayToken = {
  value: "sandbox-scoped-token-ada",
  owner: "ada",
  kind: "scoped",
  scopes: [
    "read:jira-work",
    "read:jira-user",
    "search:confluence",
    "read:page:confluence",
    "read:space:confluence",
  ],
};

/** A scoped API token of the second person, for Jira alone. */
export const scopedTokenOfBen: GatewayToken = {
  value: "sandbox-scoped-token-ben",
  owner: "ben",
  kind: "scoped",
  scopes: ["read:jira-work", "write:jira-work", "read:jira-user"],
};

/** An API token of the service account. */
export const serviceToken: GatewayToken = {
  value: "sandbox-service-token-release-robot",
  owner: serviceAccount.name,
  kind: "service",
  scopes: oauthToken.scopes.filter((scope) => scope !== "offline_access" && scope !== "read:me"),
};
