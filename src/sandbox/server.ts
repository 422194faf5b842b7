import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAuthenticator } from "./auth.ts";
import { createFaultList } from "./faults.ts";
import { createLocators, type SiteUrls } from "./locate.ts";
import { cloudId, type GatewayToken, oauthToken, people, scopedToken } from "./people.ts";
import { createProducts } from "./products.ts";
import { createRecorder } from "./recorder.ts";
import { createSiteListener } from "./site.ts";
import type { Fault, RecordedRequest, SandboxUser, SiteName } from "./types.ts";
import { createHeaderSource } from "./upstream-headers.ts";

export interface SandboxOptions {
  /** `base` and the next three ports; default: free ones. */
  readonly ports?: { readonly base: number } | undefined;
  readonly host?: "127.0.0.1" | undefined;
  /** Milliseconds added to every answer, default 0. */
  readonly latencyMs?: number | undefined;
  /** The clock of the pretend sites; the seed's dates are relative to its first reading. */
  readonly now?: (() => Date) | undefined;
  /**
   * Issues created on Cloud stay out of search results until they are reconciled or this many milliseconds have
   * passed, default 0.
   */
  readonly indexLagMs?: number | undefined;
}

/** A running pretend Atlassian. */
export interface Sandbox {
  /** Base URLs without a trailing slash; Data Center with context path, Confluence Cloud is `cloud` + `/wiki`. */
  readonly urls: SiteUrls;
  readonly cloudId: string;
  /** First the administrator, second one who may not see every project. */
  readonly users: readonly [SandboxUser, SandboxUser, ...SandboxUser[]];
  /** For the gateway; both act for the first user. */
  readonly tokens: { readonly oauth: GatewayToken; readonly scoped: GatewayToken };
  /** Environment variables that connect the server to the Cloud site or to both Data Center sites. */
  environment(kind: "cloud" | "datacenter"): Record<string, string>;
  /** Serves a failure to the next matching requests. */
  inject(fault: Fault): void;
  /** At least the last 1,000 requests, oldest first. */
  readonly requests: readonly RecordedRequest[];
  clearRequests(): void;
  /** Back to the seed: content, faults and recorded requests. */
  reset(): void;
  /** Ends every connection and frees the ports. */
  close(): Promise<void>;
}

const siteNames: readonly SiteName[] = [
  "cloud",
  "jira-data-center",
  "confluence-data-center",
  "gateway",
];

/** Starts the pretend sites on the loopback interface. Rejects when a port is taken. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { host = "127.0.0.1", latencyMs = 0, now = () => new Date() } = options;
  const settings = { users: people, now, indexLagMs: options.indexLagMs ?? 0 };
  const servers = siteNames.map(() => createServer({ keepAliveTimeout: 30_000 }));
  const ports = await listen(servers, host, options.ports?.base);
  const urls = siteUrls(host, ports);
  let products = createProducts(settings);
  const faults = createFaultList();
  const recorder = createRecorder(1000);
  const locators = createLocators(urls, () => products, now);
  const authenticate = createAuthenticator({
    users: people,
    oauth: [oauthToken],
    scoped: [scopedToken],
  });
  const headers = createHeaderSource();
  siteNames.forEach((name, index) => {
    const locate = locators[name];
    servers[index]?.on(
      "request",
      createSiteListener({
        name,
        locate,
        authenticate,
        faults,
        recorder,
        headers,
        latencyMs,
        nobody: people[0],
      }),
    );
  });
  return {
    urls,
    cloudId,
    users: people,
    tokens: { oauth: oauthToken, scoped: scopedToken },
    environment: (kind) => environment(kind, urls, people[0]),
    inject: (fault) => faults.add(fault),
    requests: recorder.requests,
    clearRequests: () => recorder.clear(),
    reset() {
      products = createProducts(settings);
      faults.clear();
      recorder.clear();
    },
    close: () => close(servers),
  };
}

function siteUrls(host: string, ports: readonly number[]): SiteUrls {
  const url = (index: number) => `http://${host}:${ports[index]}`;
  return {
    cloud: url(0),
    jiraDataCenter: `${url(1)}/jira`,
    confluenceDataCenter: `${url(2)}/confluence`,
    gateway: url(3),
  };
}

function environment(
  kind: "cloud" | "datacenter",
  urls: SiteUrls,
  user: SandboxUser,
): Record<string, string> {
  if (kind === "datacenter") {
    return {
      JIRA_URL: urls.jiraDataCenter,
      JIRA_PERSONAL_TOKEN: user.personalToken,
      JIRA_DEPLOYMENT: "datacenter",
      CONFLUENCE_URL: urls.confluenceDataCenter,
      CONFLUENCE_PERSONAL_TOKEN: user.personalToken,
      CONFLUENCE_DEPLOYMENT: "datacenter",
    };
  }
  return {
    JIRA_URL: urls.cloud,
    JIRA_USERNAME: user.email,
    JIRA_API_TOKEN: user.apiToken,
    JIRA_DEPLOYMENT: "cloud",
    CONFLUENCE_URL: `${urls.cloud}/wiki`,
    CONFLUENCE_USERNAME: user.email,
    CONFLUENCE_API_TOKEN: user.apiToken,
    CONFLUENCE_DEPLOYMENT: "cloud",
    ATLASSIAN_API_URL: urls.gateway,
  };
}

async function listen(
  servers: readonly Server[],
  host: string,
  base: number | undefined,
): Promise<number[]> {
  try {
    return await Promise.all(
      servers.map((server, index) => bind(server, host, base === undefined ? 0 : base + index)),
    );
  } catch (error) {
    await close(servers);
    throw error;
  }
}

function bind(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      // A TCP server that listens has an address object, never a pipe name.
      resolve((server.address() as AddressInfo).port);
    });
  });
}

async function close(servers: readonly Server[]): Promise<void> {
  await Promise.all(
    servers.map(
      (server) =>
        new Promise<void>((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    ),
  );
}
