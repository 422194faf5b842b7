import { createHash, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { cloudApp } from "../../src/auth/oauth/oauth.fixtures.ts";
import type { Fetch, OAuthApp } from "../../src/auth/oauth/types.ts";
import { silentLogger } from "../../src/log.ts";
import { createAuthorizationServer } from "../../src/oauth-server/server.ts";
import type {
  AuthorizationServer,
  AuthorizationServerOptions,
} from "../../src/oauth-server/types.ts";
import { cloudId } from "../../src/sandbox/people.ts";
import type { Sandbox } from "../../src/sandbox/server.ts";
import { createMemoryStore } from "../../src/store/memory-store.ts";
import type { Store } from "../../src/store/types.ts";
import { listenUntilTestEnds } from "./loopback.ts";

/** Where the clients of the tests listen; nobody does. */
export const clientRedirect = "http://127.0.0.1:5555/callback";
export const verifier = "verifier-of-the-client-0123456789-0123456789-012345";
export const challengeOf = (text: string) => createHash("sha256").update(text).digest("base64url");

export interface Setup {
  readonly server: AuthorizationServer;
  readonly store: Store;
  /** All replicas; `server` is the first. */
  readonly servers: readonly AuthorizationServer[];
  /** Public base, without a trailing slash. */
  readonly base: string;
  /** The same place as it is reached here. */
  readonly local: string;
  /** What the proxy in front does: an address as it is reached here. */
  readonly map: (url: string) => string;
  readonly resource: string;
}

export interface SetupOptions extends Partial<AuthorizationServerOptions> {
  /** Path before all of ours. */
  readonly prefix?: string;
  /** Where browsers find it, by way of a proxy. Default: where it listens. */
  readonly publicBase?: string;
  /** Servers with one address and one store, which take turns at each request. */
  readonly replicas?: number;
  /** Another store at the same place, for a new server at each request. */
  readonly restart?: () => Store;
  /** The app at Atlassian for a server at `base`. Default: the sandbox's for Cloud. */
  readonly appOf?: (base: string) => OAuthApp;
}

/** The app of a sandbox as the server signs users in through it, with its callback below `base`. */
export function sandboxApp(sandbox: Sandbox, base: string): OAuthApp {
  const { clientId, clientSecret } = sandbox.login.register({ redirectUri: `${base}/callback` });
  const issuer = {
    kind: "cloud",
    authUrl: new URL(sandbox.urls.login),
    apiUrl: new URL(sandbox.urls.gateway),
  } as const;
  return { ...cloudApp(), issuer, clientId, clientSecret, redirectUri: `${base}/callback` };
}

/** A running authorization server on loopback that ends with the test. */
export async function startAuthorizationServer(
  sandbox: Sandbox,
  { prefix = "", publicBase, replicas = 1, restart, appOf, ...changes }: SetupOptions = {},
): Promise<Setup> {
  const servers: AuthorizationServer[] = [];
  let turn = 0;
  const http = createServer((request, response) => {
    turn += 1;
    if (restart !== undefined) {
      void createAuthorizationServer({ ...options, store: restart() }).then((server) =>
        server.handle(request, response),
      );
      return;
    }
    void servers[turn % servers.length]?.handle(request, response);
  });
  const origin = `http://127.0.0.1:${await listenUntilTestEnds(http)}`;
  const base = publicBase ?? `${origin}${prefix}`;
  const { origin: publicOrigin } = new URL(base);
  const map = (url: string) => url.replace(publicOrigin, origin);
  const store = changes.store ?? createMemoryStore();
  const options: AuthorizationServerOptions = {
    issuer: new URL(base),
    resource: new URL(`${base}/mcp`),
    app: appOf?.(base) ?? sandboxApp(sandbox, base),
    scopes: ["read:jira", "write:jira", "read:confluence", "write:confluence"],
    fetch: (url, init) => fetch(url, init),
    documentFetch: noDocuments,
    grantTypes: ["authorization_code", "refresh_token"],
    requireConsent: true,
    log: silentLogger,
    ...changes,
    store,
  };
  for (let index = 0; index < replicas; index += 1) {
    servers.push(await createAuthorizationServer(options));
  }
  const [server] = servers;
  if (server === undefined) throw new Error("no server");
  return { server, servers, store, base, local: map(base), map, resource: `${base}/mcp` };
}

const noDocuments: Fetch = () => Promise.reject(new Error("no documents here"));

/** Serves metadata documents by address; anything else is 404. */
export function documents(known: Record<string, object | Response>): Fetch & { asked: string[] } {
  const asked: string[] = [];
  const serve: Fetch = async (url) => {
    asked.push(url);
    const found = known[url];
    if (found instanceof Response) return found.clone();
    return found === undefined ? new Response("", { status: 404 }) : Response.json(found);
  };
  return Object.assign(serve, { asked });
}

/** A browser with cookies, which follows nothing by itself. */
export class Browser {
  readonly #map: (url: string) => string;

  constructor(map: (url: string) => string = (url) => url) {
    this.#map = map;
  }

  readonly cookies = new Map<string, { name: string; value: string; host: string; path: string }>();

  async open(url: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    const { pathname, host } = new URL(url);
    const sent = [...this.cookies.values()]
      .filter((cookie) => cookie.host === host && isBelow(pathname, cookie.path))
      .map(({ name, value }) => `${name}=${value}`);
    if (sent.length > 0) headers.set("cookie", sent.join("; "));
    headers.set("accept", headers.get("accept") ?? "text/html,application/xhtml+xml");
    const response = await fetch(this.#map(url), { ...init, headers, redirect: "manual" });
    for (const line of response.headers.getSetCookie()) this.#keep(host, line);
    return response;
  }

  post(url: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
    return this.open(url, {
      method: "POST",
      body: new URLSearchParams(fields),
      headers: { "sec-fetch-site": "same-origin", origin: "null", ...headers },
    });
  }

  #keep(host: string, line: string): void {
    const [pair = "", ...attributes] = line.split(";").map((each) => each.trim());
    const [name = "", value = ""] = pair.split("=");
    const path = attributes.find((each) => /^path=/i.test(each))?.slice(5) ?? "/";
    const isOver = /max-age=0|1970/i.test(line);
    const key = `${host} ${path} ${name}`;
    if (isOver) this.cookies.delete(key);
    else this.cookies.set(key, { name, value, host, path });
  }
}

function isBelow(pathname: string, path: string): boolean {
  return path === "/" || pathname === path || pathname.startsWith(`${path}/`);
}

export async function register(
  { base }: Pick<Setup, "base">,
  metadata: object = {},
): Promise<{ status: number; body: Record<string, unknown>; headers: Headers }> {
  const response = await fetch(`${base}/register`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      client_name: "Test client",
      redirect_uris: [clientRedirect],
      token_endpoint_auth_method: "none",
      ...metadata,
    }),
  });
  const body = (await response.json()) as Record<string, unknown>;
  return { status: response.status, body, headers: response.headers };
}

export type Fields = Record<string, string | undefined>;

export function authorizeUrl(
  { base, resource }: Pick<Setup, "base" | "resource">,
  clientId: string,
  change: Fields = {},
): string {
  const fields: Fields = {
    response_type: "code",
    client_id: clientId,
    redirect_uri: clientRedirect,
    state: "state-of-the-client",
    code_challenge: challengeOf(verifier),
    code_challenge_method: "S256",
    resource,
    ...change,
  };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) query.set(name, value);
  }
  return `${base}/authorize?${query}`;
}

export function locationOf(response: Response): string {
  const location = response.headers.get("location");
  if (location === null) throw new Error(`no redirect but ${response.status}`);
  return location;
}

/** The hidden field of a page's form. */
export function csrfOf(page: string): string {
  return /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? "";
}

/** From the authorization request to the consent page. */
export async function openConsent(browser: Browser, url: string) {
  const started = await browser.open(url);
  const address = new URL(locationOf(started), url).href;
  const page = await browser.open(address);
  const text = await page.text();
  return { address, page, text, csrf: csrfOf(text) };
}

export async function approve(browser: Browser, url: string): Promise<string> {
  const { address, csrf } = await openConsent(browser, url);
  return locationOf(await browser.post(address, { csrf, decision: "approve" }));
}

/** What happens at Atlassian: the user signs in and accepts, for the sites that are named. */
export async function signInUpstream(
  url: string,
  { user = "ada", sites, decision = "accept" }: SignInChoice = {},
): Promise<string> {
  const address = new URL(url);
  address.searchParams.set("sandbox_user", user);
  address.searchParams.set("sandbox_decision", decision);
  if (sites !== undefined) address.searchParams.set("sandbox_sites", sites);
  return locationOf(await fetch(address, { redirect: "manual" }));
}

export interface SignInChoice {
  readonly user?: string;
  readonly sites?: string;
  readonly decision?: "accept" | "refuse";
}

/** The whole way of a user with one site, to the address of the client. */
export async function authorize(
  setup: Setup,
  clientId: string,
  {
    change,
    browser = new Browser(),
    ...choice
  }: SignInChoice & { change?: Fields; browser?: Browser },
): Promise<URL> {
  const upstream = await approve(browser, authorizeUrl(setup, clientId, change));
  const callback = await signInUpstream(upstream, choice);
  const back = await browser.open(callback);
  const resumed = await browser.open(locationOf(back));
  return new URL(locationOf(resumed));
}

export interface TokenReply {
  readonly status: number;
  readonly body: Record<string, string>;
  readonly headers: Headers;
}

export async function askToken(
  { base }: Pick<Setup, "base">,
  fields: Fields,
  headers: Record<string, string> = {},
): Promise<TokenReply> {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(fields))
    if (value !== undefined) body.set(name, value);
  const response = await fetch(`${base}/token`, { method: "POST", body, headers });
  const reply = (await response.json()) as Record<string, string>;
  return { status: response.status, body: reply, headers: response.headers };
}

export function redeem(
  setup: Pick<Setup, "base" | "resource">,
  clientId: string,
  code: string,
  change: Fields = {},
) {
  return askToken(setup, {
    grant_type: "authorization_code",
    client_id: clientId,
    code,
    redirect_uri: clientRedirect,
    code_verifier: verifier,
    resource: setup.resource,
    ...change,
  });
}

export function refreshWith(
  setup: Pick<Setup, "base" | "resource">,
  clientId: string,
  token: string,
  change: Fields = {},
) {
  return askToken(setup, {
    grant_type: "refresh_token",
    client_id: clientId,
    refresh_token: token,
    ...change,
  });
}

/** A registered client with tokens of a user. */
export async function connect(
  setup: Setup,
  { clientId, ...choice }: SignInChoice & { clientId?: string; change?: Fields } = {},
) {
  const id = clientId ?? String((await register(setup)).body["client_id"]);
  const back = await authorize(setup, id, { sites: cloudId, ...choice });
  const code = back.searchParams.get("code") ?? "";
  const { body } = await redeem(setup, id, code);
  return {
    clientId: id,
    code,
    access: body["access_token"] ?? "",
    refresh: body["refresh_token"] ?? "",
    body,
  };
}

export function randomVerifier(): string {
  return randomBytes(32).toString("base64url");
}
