import { describe, expect, it } from "vitest";
import { allSettings, commandFlags, groupTitles } from "./schema.ts";

/** Every environment name known from other implementations of this server. */
const knownNames = `
JIRA_URL JIRA_USERNAME JIRA_API_TOKEN JIRA_PERSONAL_TOKEN JIRA_CLIENT_CERT JIRA_CLIENT_KEY JIRA_CLIENT_KEY_PASSWORD
JIRA_SSL_VERIFY JIRA_TIMEOUT CONFLUENCE_URL CONFLUENCE_USERNAME CONFLUENCE_API_TOKEN CONFLUENCE_PERSONAL_TOKEN
CONFLUENCE_CLIENT_CERT CONFLUENCE_CLIENT_KEY CONFLUENCE_CLIENT_KEY_PASSWORD CONFLUENCE_SSL_VERIFY CONFLUENCE_TIMEOUT
ATLASSIAN_EXTERNAL_AUTH_ENABLE
ATLASSIAN_OAUTH_CLIENT_ID ATLASSIAN_OAUTH_CLIENT_SECRET JIRA_OAUTH_CLIENT_ID JIRA_OAUTH_CLIENT_SECRET
CONFLUENCE_OAUTH_CLIENT_ID CONFLUENCE_OAUTH_CLIENT_SECRET ATLASSIAN_OAUTH_REDIRECT_URI JIRA_OAUTH_REDIRECT_URI
CONFLUENCE_OAUTH_REDIRECT_URI ATLASSIAN_OAUTH_SCOPE JIRA_OAUTH_SCOPE CONFLUENCE_OAUTH_SCOPE ATLASSIAN_OAUTH_CLOUD_ID
ATLASSIAN_OAUTH_ACCESS_TOKEN JIRA_OAUTH_ACCESS_TOKEN CONFLUENCE_OAUTH_ACCESS_TOKEN ATLASSIAN_OAUTH_ENABLE
ATLASSIAN_OAUTH_INSTANCE_URL ATLASSIAN_OAUTH_PROXY_ENABLE PUBLIC_BASE_URL
ATLASSIAN_OAUTH_ALLOWED_CLIENT_REDIRECT_URIS ATLASSIAN_OAUTH_ALLOWED_GRANT_TYPES ATLASSIAN_OAUTH_REQUIRE_CONSENT
ATLASSIAN_OAUTH_CLIENT_STORAGE_MODE ATLASSIAN_OAUTH_CLIENT_STORAGE_FACTORY
ATLASSIAN_OAUTH_CLIENT_STORAGE_CONFIG_JSON
ALLOW_GLOBAL_CRED_FALLBACK IGNORE_HEADER_AUTH MCP_ALLOWED_URL_DOMAINS JIRA_CUSTOM_HEADERS CONFLUENCE_CUSTOM_HEADERS
JIRA_PASSTHROUGH_HEADERS CONFLUENCE_PASSTHROUGH_HEADERS MCP_ATLASSIAN_VALIDATION_CACHE_TTL
MCP_ATLASSIAN_VALIDATION_CACHE_MAXSIZE
ATLASSIAN_RETRY_TOTAL ATLASSIAN_RETRY_BACKOFF ATLASSIAN_RETRY_INCLUDE_WRITES ATLASSIAN_RETRY_IGNORE_RETRY_AFTER
ATLASSIAN_MAX_CONCURRENT_REQUESTS ATLASSIAN_REQUESTS_PER_SECOND ATLASSIAN_MAX_PAGINATION_LIMIT
ATLASSIAN_CIRCUIT_BREAKER_THRESHOLD ATLASSIAN_CIRCUIT_BREAKER_COOLDOWN
HTTP_PROXY HTTPS_PROXY NO_PROXY ALL_PROXY SOCKS_PROXY http_proxy https_proxy no_proxy all_proxy
JIRA_HTTP_PROXY JIRA_HTTPS_PROXY JIRA_NO_PROXY JIRA_SOCKS_PROXY CONFLUENCE_HTTP_PROXY CONFLUENCE_HTTPS_PROXY
CONFLUENCE_NO_PROXY CONFLUENCE_SOCKS_PROXY ATLASSIAN_PROXY_WPAD_ENABLE JIRA_PROXY_WPAD_ENABLE
CONFLUENCE_PROXY_WPAD_ENABLE ATLASSIAN_PROXY_WPAD_URL JIRA_PROXY_WPAD_URL CONFLUENCE_PROXY_WPAD_URL
TRANSPORT HOST PORT STREAMABLE_HTTP_PATH STATELESS MCP_VERBOSE MCP_VERY_VERBOSE MCP_LOGGING_STDOUT
MCP_ATLASSIAN_USE_SYSTEM_TRUSTSTORE JIRA_FETCHER_MAX_WORKERS READ_ONLY_MODE ENABLED_TOOLS TOOLSETS
JIRA_PROJECTS_FILTER CONFLUENCE_SPACES_FILTER JIRA_INTERNAL_ONLY_PROJECTS JIRA_ISSUE_KEY_PATTERN
JIRA_PROJECT_KEY_PATTERN DISABLE_JIRA_MARKUP_TRANSLATION CONFLUENCE_ATTACHMENT_DOWNLOAD_USE_V1
HIERARCHY_LINK_PHRASES JIRA_SLA_METRICS JIRA_SLA_WORKING_HOURS_ONLY JIRA_SLA_WORKING_HOURS_START
JIRA_SLA_WORKING_HOURS_END JIRA_SLA_WORKING_DAYS JIRA_SLA_TIMEZONE SSL_CERT_FILE REQUESTS_CA_BUNDLE CURL_CA_BUNDLE
`;
const newNames = `JIRA_DEPLOYMENT CONFLUENCE_DEPLOYMENT JIRA_AUTH CONFLUENCE_AUTH ATLASSIAN_API_URL ATLASSIAN_AUTH_URL
ATLASSIAN_STORE_URL ATLASSIAN_STORE_KEY TOOL_NAMES MCP_ALLOWED_HOSTS MCP_ALLOWED_ORIGINS ATLASSIAN_CA_BUNDLE`;
const knownFlags = `--verbose --env-file --oauth-setup --transport --stateless --host --port --path --jira-url
--jira-username --jira-token --jira-personal-token --confluence-url --confluence-username --confluence-token
--confluence-personal-token --jira-ssl-verify --confluence-ssl-verify --jira-projects-filter
--confluence-spaces-filter --read-only --enabled-tools --toolsets --oauth-client-id --oauth-client-secret
--oauth-redirect-uri --oauth-scope --oauth-cloud-id --oauth-access-token --version --help`;

const words = (text: string) => text.split(/\s+/).filter((word) => word !== "");

describe("allSettings", () => {
  const names = allSettings.flatMap(({ name, aliases }) => [name, ...(aliases ?? [])]);

  it.each(words(knownNames + newNames))("declares %s", (name) => {
    expect(names).toContain(name);
  });

  it("declares each name and each flag once", () => {
    const flags = [...allSettings, ...commandFlags].flatMap(({ flag }) => flag ?? []);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(flags).size).toBe(flags.length);
  });

  it.each(words(knownFlags))("knows %s", (flag) => {
    const flags = [...allSettings, ...commandFlags].map((setting) => setting.flag);
    expect(flags).toContain(flag);
  });

  it("describes each setting in one sentence that fits a help line, with a default or an example", () => {
    for (const { summary, name, example, default: initial } of allSettings) {
      expect(summary, name).toMatch(/^[A-Z`].*\.$/);
      expect(summary.length, name).toBeLessThanOrEqual(100);
      expect(example ?? initial, name).toBeDefined();
    }
  });

  it("keeps secret what authenticates, and nothing secret has a default", () => {
    const secret = allSettings.filter((setting) => setting.secret === true);
    for (const setting of secret) expect(setting.default, setting.name).toBeUndefined();
    const authenticating = /(TOKEN|SECRET|PASSWORD|KEY|HEADERS|PROXY|CONFIG_JSON)$/;
    const harmless = /(NO_PROXY|PASSTHROUGH_HEADERS|CLIENT_KEY)$/;
    const expected = names.filter((name) => authenticating.test(name) && !harmless.test(name));
    const known = secret.flatMap(({ name, aliases }) => [name, ...(aliases ?? [])]);
    expect(known).toEqual(
      expect.arrayContaining(expected.filter((name) => name === name.toUpperCase())),
    );
  });

  it("puts every setting into a group with a title", () => {
    for (const { group } of allSettings) expect(groupTitles[group]).toBeTruthy();
  });
});
