import type {
  AccountPageData,
  ClientView,
  ConsentPageData,
  ErrorPageData,
  SignInPageData,
  SitePageData,
} from "./types.ts";

// Made up: no such client, company or person.

const verified: ClientView = {
  name: "Larkspur Desktop",
  origin: { kind: "document", url: "https://larkspur.example/mcp/client.json" },
};
const registered: ClientView = { name: "Notes CLI", origin: { kind: "registered" } };
const site = { name: "Harbour Logistics", url: "https://harbour.atlassian.net" };
const account = { name: "Mira Lindqvist", email: "mira@harbour.example" };

function form(action: string) {
  return { action, csrf: "csrf-of-the-session", interaction: "interaction-1" };
}

/** One good example of each page's data, for tests and for the pictures in the documentation. */
export const examples = {
  signIn: { client: verified, form: form("/oauth/sign-in") },
  consent: {
    client: verified,
    redirectUri: "https://larkspur.example/callback",
    loopbackOnly: false,
    scopes: ["read:jira", "write:jira", "read:confluence"],
    upstreamScopes: ["read:jira-work", "write:jira-work", "read:page:confluence", "offline_access"],
    site,
    account,
    form: form("/oauth/consent"),
  },
  consentUnverified: {
    client: registered,
    redirectUri: "http://127.0.0.1:33418/callback",
    loopbackOnly: true,
    scopes: ["read:jira"],
    upstreamScopes: [],
    form: form("/oauth/consent"),
  },
  site: {
    client: verified,
    sites: [
      { id: "1f0e9c1a-0000-4000-8000-000000000001", ...site },
      {
        id: "1f0e9c1a-0000-4000-8000-000000000002",
        name: "Harbour Logistics Sandbox",
        url: "https://harbour-sandbox.atlassian.net",
      },
      { id: "1f0e9c1a-0000-4000-8000-000000000003", url: "https://pilots-guild.atlassian.net" },
    ],
    form: form("/oauth/site"),
  },
  account: {
    account,
    clients: [
      {
        id: "grant-1",
        client: verified,
        scopes: ["read:jira", "write:jira", "read:confluence"],
        site,
        allowedAt: Date.UTC(2026, 9, 5, 8, 30),
        usedAt: Date.UTC(2026, 10, 20, 14, 5),
      },
      {
        id: "grant-2",
        client: registered,
        scopes: ["read:jira"],
        site,
        allowedAt: Date.UTC(2026, 10, 19, 16, 45),
      },
    ],
    actions: {
      revoke: "/account/revoke",
      revokeAll: "/account/revoke-all",
      signOut: "/account/sign-out",
    },
    csrf: "csrf-of-the-session",
    notice: "The client has no access any more.",
  },
  error: {
    title: "Atlassian did not complete the sign-in",
    message: "You came back from Atlassian without a permission for this server.",
    quote: { from: "Atlassian", text: "The resource owner denied the request." },
    next: "Go back to your MCP client and connect again. To continue, choose Accept at Atlassian.",
    reference: "7c2f91d0",
  },
} as const satisfies {
  signIn: SignInPageData;
  consent: ConsentPageData;
  consentUnverified: ConsentPageData;
  site: SitePageData;
  account: AccountPageData;
  error: ErrorPageData;
};
