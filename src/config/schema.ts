import { connectionSettings } from "./schema/connection.ts";
import { limitSettings } from "./schema/limits.ts";
import { networkSettings } from "./schema/network.ts";
import { oauthServerSettings, oauthSettings, storeSettings } from "./schema/oauth.ts";
import { behaviourSettings, loggingSettings, policySettings } from "./schema/policy.ts";
import { callerSettings, serverSettings } from "./schema/server.ts";
import type { Group, Setting } from "./setting.ts";
import { namesOf } from "./sources.ts";

/** Every setting there is, in the order of the configuration page. */
export const allSettings: readonly Setting[] = [
  ...connectionSettings,
  ...policySettings,
  ...behaviourSettings,
  ...serverSettings,
  ...callerSettings,
  ...networkSettings,
  ...limitSettings,
  ...loggingSettings,
  ...oauthSettings,
  ...oauthServerSettings,
  ...storeSettings,
];

/** Titles of the groups, in reading order. */
export const groupTitles: Readonly<Record<Group, string>> = {
  connection: "Sites and credentials",
  policy: "Tools and what they may touch",
  behaviour: "Behaviour of tools",
  server: "Server",
  callers: "Callers over HTTP",
  network: "Proxies and certificates",
  limits: "Retries and limits",
  logging: "Logging",
  oauth: "OAuth",
  "oauth-server": "Authorization server",
  store: "Store",
};

/** The group titles as pairs, in reading order, each with its settings. */
export function settingsByGroup(): { title: string; settings: Setting[] }[] {
  return Object.entries(groupTitles).map(([group, title]) => ({
    title,
    settings: allSettings.filter((setting) => setting.group === group),
  }));
}

/** Every name under which a setting of these groups can be given. */
export function namesIn(groups: readonly Group[]): Set<string> {
  return new Set(allSettings.filter(({ group }) => groups.includes(group)).flatMap(namesOf));
}

/** A flag that is no setting: it exists on the command line only. A switch may be named in the negative: `--no-browser`. */
export interface CommandFlag {
  readonly flag: string;
  readonly short?: string | undefined;
  /** Name of its value in `--help`; absent for switches. */
  readonly value?: string | undefined;
  readonly summary: string;
}

export const commandFlags: readonly CommandFlag[] = [
  { flag: "--help", short: "-h", summary: "Prints this text." },
  { flag: "--version", summary: "Prints the version." },
  {
    flag: "--verbose",
    short: "-v",
    summary: "Logs more; -vv logs each request. Beats MCP_VERBOSE and MCP_VERY_VERBOSE.",
  },
  {
    flag: "--env-file",
    value: "path",
    summary:
      "File with settings. Default: .env in the working directory, which is trusted less (see the configuration page).",
  },
  {
    flag: "--sandbox",
    summary: "Serves a pretend Jira and Confluence; needs no account and no settings.",
  },
  {
    flag: "--sandbox-deployment",
    value: "cloud|datacenter",
    summary: "What the pretend sites are. Default: cloud.",
  },
  {
    flag: "--oauth-setup",
    summary: "The same as the command auth login.",
  },
];

/** Environment names that other programs or implementations use, and what to use here. */
export const foreignNames: Readonly<Record<string, string>> = {
  FASTMCP_STREAMABLE_HTTP_PATH: "Use STREAMABLE_HTTP_PATH.",
  FASTMCP_SSE_PATH: "Use STREAMABLE_HTTP_PATH with TRANSPORT=sse.",
  FASTMCP_MESSAGE_PATH: "That path is fixed.",
  FASTMCP_HTTP_ALLOWED_HOSTS: "Use MCP_ALLOWED_HOSTS.",
  FASTMCP_HTTP_ALLOWED_ORIGINS: "Use MCP_ALLOWED_ORIGINS.",
  FASTMCP_HTTP_HOST_ORIGIN_PROTECTION: "It is always on; see MCP_ALLOWED_HOSTS.",
  FASTMCP_LOG_LEVEL: "Use MCP_VERBOSE or MCP_VERY_VERBOSE.",
  FASTMCP_JSON_RESPONSE: "The form of answers follows the request.",
  FASTMCP_HOME: "Use ATLASSIAN_STORE_URL.",
  FASTMCP_SHOW_SERVER_BANNER: "There is no banner.",
  FASTMCP_CHECK_FOR_UPDATES: "Nothing is asked for at start.",
  ...wrongWords("JIRA"),
  ...wrongWords("CONFLUENCE"),
};

function wrongWords(product: string): Record<string, string> {
  return {
    [`${product}_TOKEN`]: `Use ${product}_API_TOKEN (Cloud) or ${product}_PERSONAL_TOKEN (Data Center).`,
    [`${product}_PAT`]: `Use ${product}_PERSONAL_TOKEN.`,
    [`${product}_EMAIL`]: `Use ${product}_USERNAME.`,
    [`${product}_USER`]: `Use ${product}_USERNAME.`,
    [`${product}_PASSWORD`]: `Use ${product}_API_TOKEN.`,
    [`${product}_HOST`]: `Use ${product}_URL.`,
    [`${product}_BASE_URL`]: `Use ${product}_URL.`,
  };
}
