import { createServer } from "node:http";
import { type EnvironmentKind, environmentOf } from "./environment.ts";
import { createFaultList } from "./faults.ts";
import { createLocators, dataCenterLocator, type SiteUrls } from "./locate.ts";
import type { DataCenterControl, OAuthControl } from "./login/control.ts";
import { createSignIn, type SignIn } from "./login/sign-in.ts";
import {
  cloudId,
  type GatewayToken,
  labsCloudId,
  oauthToken,
  people,
  scopedToken,
  scopedTokenOfBen,
  serviceAccount,
  serviceToken,
} from "./people.ts";
import { type ClosableServer, close, listen } from "./ports.ts";
import { createProducts } from "./products.ts";
import { createRecorder } from "./recorder.ts";
import { createSiteListener, type SiteOptions } from "./site.ts";
import type { Fault, RecordedRequest, SandboxUser, SiteName } from "./types.ts";
import { createHeaderSource, loginHeaders } from "./upstream-headers.ts";

export interface SandboxOptions {
  /** `base` and the next five ports, six with `tls`; default: free ones. */
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
  /** Serves both Data Center sites on an https port too, to whoever has a client certificate of the test authority. */
  readonly tls?: boolean | undefined;
}

/** A running pretend Atlassian. */
export interface Sandbox {
  /** Base URLs without a trailing slash; Data Center with context path, Confluence Cloud is `cloud` + `/wiki`. */
  readonly urls: SiteUrls;
  /** Only with the option `tls`: the Data Center sites behind client certificates. */
  readonly tlsUrls: { readonly jira: string; readonly confluence: string } | undefined;
  readonly cloudId: string;
  /** Of the second Cloud site. */
  readonly labsCloudId: string;
  /** First the administrator, second one who may not see every project. */
  readonly users: readonly [SandboxUser, SandboxUser, ...SandboxUser[]];
  /** Whom programs act as; not one of `users`. */
  readonly serviceAccount: SandboxUser;
  /** For the gateway and the first Cloud site; the first two act for the first user. */
  readonly tokens: {
    readonly oauth: GatewayToken;
    readonly scoped: GatewayToken;
    /** Of the second user. */
    readonly scopedOfBen: GatewayToken;
    readonly service: GatewayToken;
  };
  /** Apps, tokens and grants of Cloud's login host. */
  readonly login: OAuthControl;
  /** The same for the Data Center sites, with their other ways in. */
  readonly dataCenter: { readonly jira: DataCenterControl; readonly confluence: DataCenterControl };
  /** Environment variables that connect the server to the first Cloud site or to both Data Center sites. */
  environment(kind: EnvironmentKind): Record<string, string>;
  /** Serves a failure to the next matching requests. */
  inject(fault: Fault): void;
  /** At least the last 1,000 requests, oldest first. */
  readonly requests: readonly RecordedRequest[];
  clearRequests(): void;
  /** Back to the start: content, faults, recorded requests, apps and tokens. */
  reset(): void;
  /** Ends every connection and frees the ports. */
  close(): Promise<void>;
}

/** In the order of their ports. */
const siteNames: readonly SiteName[] = [
  "cloud",
  "jira-data-center",
  "confluence-data-center",
  "gateway",
  "login",
  "cloud-labs",
];

/** Starts the pretend sites on the loopback interface. Rejects when a port is taken. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { host = "127.0.0.1", now = () => new Date() } = options;
  const settings = { users: people, now, indexLagMs: options.indexLagMs ?? 0 };
  const plain = siteNames.map(() => createServer({ keepAliveTimeout: 30_000 }));
  const mutual = options.tls ? await import("./tls/server.ts") : undefined;
  const tlsServer = mutual?.createMutualTlsServer();
  const servers: readonly ClosableServer[] = tlsServer ? [...plain, tlsServer] : plain;
  const ports = await listen(servers, host, options.ports?.base);
  const urls = siteUrls(host, ports);
  let products = createProducts(settings);
  const signIn = createSignIn(urls, now);
  const shared = sharedParts(options, signIn, now);
  const locators = createLocators(urls, () => products, signIn.counters, now);
  siteNames.forEach((name, index) => {
    const headers = name === "login" ? loginHeaders : shared.headers;
    const locate = locators[name];
    plain[index]?.on("request", createSiteListener({ ...shared, headers, name, locate }));
  });
  const tlsUrls = tlsServer && contexts(`https://${host}:${ports[siteNames.length]}`);
  if (mutual && tlsUrls) {
    const certified = mutual.certifiedUser(people);
    const site = (name: "jira-data-center" | "confluence-data-center", url: string) => {
      const locate = dataCenterLocator(name, url, () => products, signIn.counters);
      return createSiteListener({ ...shared, name, locate, certified });
    };
    const jira = site("jira-data-center", tlsUrls.jira);
    const confluence = site("confluence-data-center", tlsUrls.confluence);
    tlsServer?.on("request", mutual.byContext(jira, confluence));
  }
  return {
    ...facts(urls, signIn),
    tlsUrls,
    inject: (fault) => shared.faults.add(fault),
    requests: shared.recorder.requests,
    clearRequests: () => shared.recorder.clear(),
    reset() {
      products = createProducts(settings);
      shared.faults.clear();
      shared.recorder.clear();
      signIn.reset();
    },
    close: () => close(servers),
  };
}

/** What the listeners of all sites have in common. */
function sharedParts(
  { latencyMs = 0 }: SandboxOptions,
  { authenticate }: SignIn,
  now: () => Date,
): Omit<SiteOptions, "name" | "locate"> {
  return {
    authenticate,
    now,
    faults: createFaultList(),
    recorder: createRecorder(1000),
    headers: createHeaderSource(),
    latencyMs,
    nobody: people[0],
  };
}

function siteUrls(host: string, ports: readonly number[]): SiteUrls {
  const url = (index: number) => `http://${host}:${ports[index]}`;
  return {
    cloud: url(0),
    jiraDataCenter: contexts(url(1)).jira,
    confluenceDataCenter: contexts(url(2)).confluence,
    gateway: url(3),
    login: url(4),
    cloudLabs: url(5),
  };
}

function contexts(origin: string): { readonly jira: string; readonly confluence: string } {
  return { jira: `${origin}/jira`, confluence: `${origin}/confluence` };
}

/** The parts of a sandbox that do not change while it runs. */
function facts(urls: SiteUrls, { login, dataCenter }: SignIn) {
  const jira = dataCenter["jira-data-center"];
  const confluence = dataCenter["confluence-data-center"];
  return {
    urls,
    cloudId,
    labsCloudId,
    users: people,
    serviceAccount,
    tokens: {
      oauth: oauthToken,
      scoped: scopedToken,
      scopedOfBen: scopedTokenOfBen,
      service: serviceToken,
    },
    login,
    dataCenter: { jira, confluence },
    environment: (kind: EnvironmentKind) =>
      environmentOf(kind, urls, people[0], {
        cloud: login.app,
        jira: jira.app,
        confluence: confluence.app,
      }),
  };
}
