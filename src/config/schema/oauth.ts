import { forEachProduct, type Setting } from "../setting.ts";

const oauth = { group: "oauth", audience: "everyone" } as const;
const proxy = { group: "oauth-server", audience: "operator" } as const;
const store = { group: "store", audience: "operator" } as const;
const elsewhere = "ATLASSIAN_STORE_URL says where clients are kept";

/** OAuth clients, tokens and modes. */
export const oauthSettings: readonly Setting[] = [
  {
    ...oauth,
    name: "ATLASSIAN_OAUTH_CLIENT_ID",
    flag: "--oauth-client-id",
    type: "string",
    summary: "Client id of the OAuth app.",
    example: "your-client-id",
  },
  {
    ...oauth,
    name: "ATLASSIAN_OAUTH_CLIENT_SECRET",
    flag: "--oauth-client-secret",
    type: "secret",
    secret: true,
    summary: "Client secret of the OAuth app.",
    example: "your-client-secret",
  },
  {
    ...oauth,
    name: "ATLASSIAN_OAUTH_REDIRECT_URI",
    flag: "--oauth-redirect-uri",
    type: "url",
    schemes: ["https", "http"],
    defaultNote: "`http://localhost:8080/callback`",
    summary: "Callback address registered with the OAuth app.",
    example: "http://localhost:8080/callback",
  },
  {
    ...oauth,
    name: "ATLASSIAN_OAUTH_SCOPE",
    flag: "--oauth-scope",
    type: "list",
    separator: "space",
    defaultNote: "those that the tools in use need",
    summary: "Scopes to ask for.",
    example: "read:jira-work write:jira-work offline_access",
  },
  {
    ...oauth,
    name: "ATLASSIAN_OAUTH_CLOUD_ID",
    flag: "--oauth-cloud-id",
    type: "uuid",
    defaultNote: "found by the site's address, or the only site there is",
    summary: "Id of the Cloud site that OAuth requests are for.",
    example: "11111111-2222-3333-4444-555555555555",
  },
  {
    ...oauth,
    name: "ATLASSIAN_OAUTH_ACCESS_TOKEN",
    flag: "--oauth-access-token",
    type: "secret",
    secret: true,
    summary: "Access token obtained elsewhere, used as it is.",
    example: "your-access-token",
  },
  ...forEachProduct([
    {
      ...oauth,
      suffix: "OAUTH_CLIENT_ID",
      type: "string",
      defaultNote: "`ATLASSIAN_OAUTH_CLIENT_ID`",
      summary: "Client id of the OAuth app, for this product only.",
      example: "your-client-id",
    },
    {
      ...oauth,
      suffix: "OAUTH_CLIENT_SECRET",
      type: "secret",
      secret: true,
      defaultNote: "`ATLASSIAN_OAUTH_CLIENT_SECRET`",
      summary: "Client secret of the OAuth app, for this product only.",
      example: "your-client-secret",
    },
    {
      ...oauth,
      suffix: "OAUTH_REDIRECT_URI",
      type: "url",
      schemes: ["https", "http"],
      defaultNote: "`ATLASSIAN_OAUTH_REDIRECT_URI`",
      summary: "Callback address, for this product only.",
      example: "http://localhost:8080/callback",
    },
    {
      ...oauth,
      suffix: "OAUTH_SCOPE",
      type: "list",
      separator: "space",
      defaultNote: "`ATLASSIAN_OAUTH_SCOPE`",
      summary: "Scopes to ask for, for this product only.",
      example: "WRITE",
    },
    {
      ...oauth,
      suffix: "OAUTH_ACCESS_TOKEN",
      type: "secret",
      secret: true,
      defaultNote: "`ATLASSIAN_OAUTH_ACCESS_TOKEN`",
      summary: "Access token obtained elsewhere, for this product only.",
      example: "your-access-token",
    },
  ]),
  {
    ...oauth,
    audience: "operator",
    name: "ATLASSIAN_OAUTH_ENABLE",
    type: "boolean",
    default: "false",
    summary: "Accepts callers' own OAuth tokens for Cloud; X-Atlassian-Cloud-Id names the site.",
  },
];

/** The authorization server for MCP clients. */
export const oauthServerSettings: readonly Setting[] = [
  {
    ...proxy,
    name: "ATLASSIAN_OAUTH_PROXY_ENABLE",
    type: "boolean",
    default: "false",
    summary: "Serves OAuth to MCP clients and signs their users in at Atlassian.",
  },
  {
    ...proxy,
    name: "ATLASSIAN_OAUTH_INSTANCE_URL",
    type: "url",
    schemes: ["https", "http"],
    defaultNote: "`JIRA_URL`, else `CONFLUENCE_URL`",
    summary:
      "Data Center instance at which users sign in; with a Cloud site they do so at Atlassian.",
    example: "https://jira.example.com",
  },
  {
    ...proxy,
    name: "PUBLIC_BASE_URL",
    type: "url",
    schemes: ["https", "http"],
    defaultNote: "the redirect URI without its last segment",
    summary: "Public address of the server, with its path prefix if it has one.",
    example: "https://mcp.example.com",
  },
  {
    ...proxy,
    name: "ATLASSIAN_OAUTH_ALLOWED_CLIENT_REDIRECT_URIS",
    type: "list",
    separator: "space",
    defaultNote: "loopback addresses and well-known clients",
    summary: "Patterns of redirect addresses with which clients may register.",
    example: "http://localhost:* https://client.example.com/callback",
  },
  {
    ...proxy,
    name: "ATLASSIAN_OAUTH_ALLOWED_GRANT_TYPES",
    type: "list",
    separator: "comma",
    default: "authorization_code,refresh_token",
    summary: "Grant types that clients may use.",
  },
  {
    ...proxy,
    name: "ATLASSIAN_OAUTH_REQUIRE_CONSENT",
    type: "boolean",
    default: "true",
    summary: "Asks the user before a client is let in.",
  },
  {
    ...proxy,
    name: "MCP_TRUSTED_PROXIES",
    type: "integer",
    min: 0,
    max: 10,
    default: "0",
    summary:
      "How many proxies in front add to X-Forwarded-For; rate limits go by the address that they saw.",
  },
  {
    ...proxy,
    name: "ATLASSIAN_OAUTH_CLIENT_STORAGE_MODE",
    type: "enum",
    values: ["default", "factory"],
    default: "default",
    summary: "Where registered clients are kept, in the words of other implementations.",
  },
  {
    ...proxy,
    name: "ATLASSIAN_OAUTH_CLIENT_STORAGE_FACTORY",
    type: "string",
    summary: "Python callable that makes a store; cannot be used here.",
    example: "package.module:make_store",
    notWired: elsewhere,
  },
  {
    ...proxy,
    name: "ATLASSIAN_OAUTH_CLIENT_STORAGE_CONFIG_JSON",
    type: "json",
    secret: true,
    summary: "JSON object given to that callable.",
    example: '{"host":"redis.example.com"}',
    notWired: elsewhere,
  },
];

/** State with a lifetime: tokens, sessions, registered clients. */
export const storeSettings: readonly Setting[] = [
  {
    ...store,
    name: "ATLASSIAN_STORE_URL",
    type: "url",
    schemes: ["file", "redis", "rediss", "memory"],
    secret: true,
    defaultNote: "a folder of the user",
    summary:
      "Where state is kept: a folder (file:///path), memory:, or Redis for several replicas.",
    example: "rediss://redis.example.com:6379/0",
  },
  {
    ...store,
    name: "ATLASSIAN_STORE_KEY",
    type: "secret",
    secret: true,
    defaultNote: "generated beside the data; Redis needs one",
    summary: "Key with which state is encrypted; older keys may follow after commas.",
    example: "your-encryption-key",
  },
];
