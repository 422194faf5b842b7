import type { Deployment, Product } from "../atlassian/site.ts";
import { AtlassianMcpError } from "../errors.ts";
import type { Credentials } from "../http/types.ts";
import { parsedUrl } from "../parsed-url.ts";
import { type HeaderSet, splitPassed } from "./caller.ts";
import type { Connection, KeptCredential, Method, Source } from "./connection.ts";
import { anonymous, basicCredentials, bearerToken, withHeaders } from "./credentials.ts";
import type { AccessibleSite, Grant } from "./oauth/types.ts";
import { notOnCloud, tokenOnCloud } from "./refusals.ts";

/** A connection whose address and credentials are known. */
export interface SettledConnection {
  readonly product: Product;
  readonly deployment: Deployment;
  readonly method: Method;
  readonly source: Source;
  /** Requests go below this address. */
  readonly apiBase: URL;
  /** The site's own base, for settings that hold at its origin alone; absent where only the gateway is known. */
  readonly siteBase?: URL | undefined;
  /** Links for people start with this, without trailing slash. */
  readonly browseBase: string;
  readonly credentials: Credentials;
  readonly isGuarded: boolean;
  /** The site may refuse what its gateway takes: the address there. Absent where there is no other way. */
  readonly gateway?: (() => Promise<URL | undefined>) | undefined;
  /** Copied from this one request. */
  readonly headers: HeaderSet;
  /** Granted to the credentials, where that is known. */
  readonly scopes: () => Promise<readonly string[] | undefined>;
  /** Of {@link Connection}. */
  readonly fingerprint: string;
}

/** What settling has to ask others. Answers are remembered by whoever implements it. */
export interface Discovery {
  /** The gateway, `ATLASSIAN_API_URL`. */
  readonly apiUrl: URL;
  /** Asks an address what it is, as nobody. */
  deploymentOf(connection: Connection): Promise<Deployment>;
  /** The cloud id of a site by its address, as nobody; `undefined` when it does not tell. */
  cloudIdOf(connection: Connection): Promise<string | undefined>;
  /** The sites that a token reaches. */
  sitesOf(token: string): Promise<readonly AccessibleSite[]>;
  /** What is stored for it; `undefined` where nobody has signed in, and for service accounts. */
  grantOf(credential: KeptCredential): Promise<Grant | undefined>;
  credentialsFor(credential: KeptCredential): Promise<Credentials>;
}

/**
 * Finds out what the site is, where its API lives and how links to it begin.
 *
 * @throws AtlassianMcpError `auth` or `config` for a way of signing in that the site turns out not to have, or when
 *   nothing says which Cloud site is meant.
 */
export async function settleConnection(
  connection: Connection,
  discovery: Discovery,
): Promise<SettledConnection> {
  const chosen = await chooseMethod(connection, discovery);
  const { deployment: known } = chosen;
  const deployment = known === "unsure" ? await discovery.deploymentOf(chosen) : known;
  if (deployment === "cloud") return settleOnCloud(chosen, discovery);
  return atSite(chosen, deployment, await credentialsOf(chosen, discovery));
}

/** OAuth gives way to the next method until somebody has signed in. */
async function chooseMethod(connection: Connection, discovery: Discovery): Promise<Connection> {
  const { otherwise, credential } = connection;
  if (otherwise === undefined || credential.kind !== "grant") return connection;
  return (await discovery.grantOf(credential)) === undefined ? otherwise : connection;
}

async function settleOnCloud(
  connection: Connection,
  discovery: Discovery,
): Promise<SettledConnection> {
  const { method, product } = connection;
  switch (method) {
    case "pat":
      throw tokenOnCloud(product);
    case "certificate":
      throw notOnCloud(product, "client certificates");
    case "basic":
      return {
        ...atSite(connection, "cloud", await credentialsOf(connection, discovery)),
        gateway: () => gatewayOf(connection, discovery),
      };
    case "external":
      return atSite(connection, "cloud", await credentialsOf(connection, discovery));
    default:
      return atGateway(connection, discovery);
  }
}

function atSite(
  connection: Connection,
  deployment: Deployment,
  credentials: Credentials,
): SettledConnection {
  const { product, url } = connection;
  if (url === undefined) throw noAddress(product);
  const apiBase = deployment === "cloud" ? cloudBase(product, url) : url;
  const browseBase = apiBase.href.replace(/\/+$/, "");
  return {
    ...commonOf(connection),
    deployment,
    apiBase,
    siteBase: apiBase,
    browseBase,
    credentials,
  };
}

function commonOf(connection: Connection) {
  const { product, method, source, isGuarded, fingerprint, passthrough } = connection;
  const { ofRequest: headers } = splitPassed(passthrough);
  return {
    product,
    method,
    source,
    isGuarded,
    fingerprint,
    headers,
    scopes: async () => undefined,
  };
}

async function scopesOf(
  { credential }: Connection,
  id: string,
  sites: SitesOfToken,
  discovery: Discovery,
): Promise<readonly string[] | undefined> {
  if ("app" in credential || "grantId" in credential) {
    const grant = await discovery.grantOf(credential);
    if (grant !== undefined) return grant.scopes;
  }
  return sites.scopesAt(id);
}

/** People leave `/wiki` out; on Cloud there is nothing else. */
function cloudBase(product: Product, url: URL): URL {
  if (product === "jira" || /\/wiki\/?$/.test(url.pathname)) return url;
  return new URL(`${url.href.replace(/\/+$/, "")}/wiki`);
}

async function gatewayOf(connection: Connection, discovery: Discovery): Promise<URL | undefined> {
  const id = (await discovery.cloudIdOf(connection)) ?? connection.cloudId;
  return id === undefined ? undefined : gatewayBase(connection.product, id, discovery.apiUrl);
}

/** `/ex/jira/ID`, `/ex/confluence/ID/wiki`: the product's paths follow as they are on the site. */
function gatewayBase(product: Product, cloudId: string, apiUrl: URL): URL {
  const root = apiUrl.href.replace(/\/+$/, "");
  return new URL(`${root}/ex/${product}/${cloudId}${product === "confluence" ? "/wiki" : ""}`);
}

async function atGateway(connection: Connection, discovery: Discovery): Promise<SettledConnection> {
  const { product, url } = connection;
  const credentials = await credentialsOf(connection, discovery);
  const sites = new SitesOfToken(connection, credentials, discovery);
  const { id, address } = await siteOf(connection, sites, discovery);
  const apiBase = gatewayBase(product, id, discovery.apiUrl);
  const home = address === undefined ? undefined : cloudBase(product, new URL(address));
  return {
    ...commonOf(connection),
    scopes: async () => scopesOf(connection, id, sites, discovery),
    deployment: "cloud",
    apiBase,
    siteBase: url === undefined ? undefined : cloudBase(product, url),
    browseBase: (home ?? apiBase).href.replace(/\/+$/, ""),
    credentials,
    isGuarded: false,
  };
}

/** The id of the site that is meant and its address for people, where it can be found out. */
async function siteOf(
  connection: Connection,
  sites: SitesOfToken,
  discovery: Discovery,
): Promise<{ id: string; address: string | undefined }> {
  const { url, cloudId: named, source } = connection;
  const atUrl = url === undefined ? undefined : await discovery.cloudIdOf(connection);
  const id = named ?? atUrl;
  if (id !== undefined) {
    // Without an answer from the site, the configured id and the configured address belong together.
    const isAtUrl = id === atUrl || (atUrl === undefined && source === "operator");
    const atHome = url !== undefined && isAtUrl;
    return { id, address: atHome ? url.href : await sites.addressOf(id) };
  }
  const meant = await sites.meant();
  return { id: meant.id, address: meant.url };
}

/** What a connection's token reaches, asked for at most once. */
class SitesOfToken {
  readonly #connection: Connection;
  readonly #credentials: Credentials;
  readonly #discovery: Discovery;

  constructor(connection: Connection, credentials: Credentials, discovery: Discovery) {
    this.#connection = connection;
    this.#credentials = credentials;
    this.#discovery = discovery;
  }

  /** `undefined` when the token does not tell: links then start with the gateway's address. */
  async addressOf(id: string): Promise<string | undefined> {
    const sites = await this.#all().catch(() => []);
    return sites.find((site) => site.id === id)?.url;
  }

  async scopesAt(id: string): Promise<readonly string[] | undefined> {
    const sites = await this.#all();
    return sites.find((site) => site.id === id)?.scopes;
  }

  /**
   * The site at the connection's address, the one chosen at sign-in, or the only one.
   *
   * @throws AtlassianMcpError `auth` when none of them is among those that the token reaches.
   */
  async meant(): Promise<AccessibleSite> {
    const { credential, url } = this.#connection;
    const isKept = "app" in credential || "grantId" in credential;
    const grant = isKept ? await this.#discovery.grantOf(credential) : undefined;
    const sites = await this.#all();
    const [first, second] = sites;
    const only = second === undefined ? first : undefined;
    const named =
      sites.find((site) => hostOf(site) === url?.host) ??
      (grant?.cloudId === undefined ? only : sites.find(({ id }) => id === grant.cloudId));
    // An own domain may belong to any of them; otherwise no other site will do: writes would end up in the wrong place.
    const isOther = url?.hostname.endsWith(".atlassian.net") === true && named !== undefined;
    if (named === undefined || (isOther && hostOf(named) !== url.host)) {
      throw noSite(this.#connection, sites);
    }
    return named;
  }

  async #all(): Promise<readonly AccessibleSite[]> {
    const headers = await this.#credentials.headers();
    return this.#discovery.sitesOf((headers["authorization"] ?? "").replace(/^Bearer /, ""));
  }
}

async function credentialsOf(connection: Connection, discovery: Discovery): Promise<Credentials> {
  const { credential } = connection;
  const { lasting: passthrough } = splitPassed(connection.passthrough);
  switch (credential.kind) {
    case "basic":
      return withHeaders(basicCredentials(credential.user, credential.secret), passthrough);
    case "bearer":
      return withHeaders(bearerToken(credential.token), passthrough);
    case "none":
      return withHeaders(anonymous, passthrough);
    default:
      return withHeaders(await discovery.credentialsFor(credential), passthrough);
  }
}

function noAddress(product: Product): AtlassianMcpError {
  const setting = `${product.toUpperCase()}_URL`;
  return new AtlassianMcpError("config", "Nothing says at which address the product is", {
    product,
    setting,
    next: `Whoever runs the server sets ${setting}.`,
  });
}

function hostOf({ url }: AccessibleSite): string | undefined {
  return parsedUrl(url)?.host;
}

function noSite({ product, source }: Connection, sites: readonly AccessibleSite[]) {
  const list = sites.map(({ name, id }) => `${name} (${id})`).join(", ");
  const message =
    sites.length === 0
      ? "The access token reaches no Cloud site"
      : `Nothing says which of the Cloud sites that the access token reaches is meant: ${list}`;
  const next =
    sites.length === 0
      ? "Sign in again and tick the site, or use a token of an account that has access to it."
      : source === "caller"
        ? "Send X-Atlassian-Cloud-Id with the id of the site that is meant."
        : `Set ${product.toUpperCase()}_URL to the site's address, or ATLASSIAN_OAUTH_CLOUD_ID to its id.`;
  const setting = source === "caller" ? "X-Atlassian-Cloud-Id" : "ATLASSIAN_OAUTH_CLOUD_ID";
  return new AtlassianMcpError("auth", message, { product, setting, next });
}
