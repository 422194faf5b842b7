import { createHash } from "node:crypto";
import type { SecureContext } from "node:tls";
import type { buildConnector, Dispatcher, ProxyAgent } from "undici";
import type { AddressRules } from "./allowed-hosts.ts";
import { pinnedConnector, type Resolver, systemResolver } from "./pinned.ts";
import {
  type PacSettings,
  type ProxyChoice,
  type ProxySettings,
  pacFor,
  proxyFor,
} from "./proxy.ts";
import { type TlsSettings, type TrustStore, tlsIdentity } from "./trust.ts";

/** How a connection is made: straight or through a proxy, and as whom. */
export interface Way {
  readonly proxy: ProxyChoice | undefined;
  readonly tls: TlsSettings;
  /** Connects straight and only to addresses that these rules allow. */
  readonly guard?: AddressRules | undefined;
  /** Tells the proxy when it is time to connect. */
  readonly pac?: PacSettings | undefined;
}

export interface WaySettings {
  readonly tls: TlsSettings;
  readonly proxy: ProxySettings;
  /** For a URL that a caller chose. A proxy would resolve its name by itself, so there is none then. */
  readonly guard?: AddressRules | undefined;
}

/** @throws AtlassianMcpError `config` for a proxy setting that cannot be used. */
export function wayTo(url: URL, { tls, proxy, guard }: WaySettings): Way {
  if (guard !== undefined) return { proxy: undefined, tls, guard };
  const chosen = proxyFor(url, proxy);
  const pac = chosen === undefined && proxy.pac !== undefined ? pacFor(url, proxy) : undefined;
  return pac === undefined ? { proxy: chosen, tls } : { proxy: chosen, tls, pac };
}

/** Equal keys may share connections. Holds no secret in clear. */
export function wayKey({ proxy, tls, guard }: Way): string {
  if (guard !== undefined) return `${tlsIdentity(tls)} pinned ${guard.key}`;
  if (proxy === undefined) return tlsIdentity(tls);
  const facts = JSON.stringify([proxy.uri, proxy.username, proxy.password]);
  return `${tlsIdentity(tls)} ${createHash("sha256").update(facts).digest("base64url")}`;
}

/**
 * A dispatcher for one origin. The caller closes it.
 *
 * @throws AtlassianMcpError `config` when the TLS settings cannot be used.
 */
export async function openDispatcher(
  origin: string,
  way: Way,
  trust: TrustStore,
  connections: number,
  resolve: Resolver = systemResolver,
): Promise<Dispatcher> {
  const { Agent, buildConnector, ProxyAgent } = await import("undici");
  const { proxy, tls, guard } = way;
  const secure = origin.startsWith("https:");
  const target = secure ? tlsOptions(await trust.contextFor(tls), tls.verify) : {};
  // Each call has one deadline; a second limit here would only report another number.
  const limits = { connections, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 };
  if (guard !== undefined) {
    const connect = keepAlerts(buildConnector({ ...target, timeout: pinnedConnectTimeoutMs }));
    return new Agent({ ...limits, connect: pinnedConnector(connect, guard, resolve) });
  }
  if (proxy === undefined) {
    return new Agent({ ...limits, connect: secure ? keepAlerts(buildConnector(target)) : target });
  }
  const options: ProxyAgent.Options & SocksLogin = {
    ...limits,
    ...loginOf(proxy),
    uri: proxy.uri,
    // Plain http goes through a tunnel, too, as everything else does.
    requestTls: target,
  };
  if (proxy.uri.startsWith("https:")) {
    // The client certificate is for the site alone, and so is trust without a check.
    const { prefix, caFiles, useSystem } = tls;
    options.proxyTls = tlsOptions(
      await trust.contextFor({ prefix, caFiles, useSystem, verify: true }),
      true,
    );
  }
  return new ProxyAgent(options);
}

/** Each address of a name has its turn within the call's deadline. */
const pinnedConnectTimeoutMs = 5000;

/**
 * With TLS 1.3 a site refuses a client certificate after the handshake, by an alert and then the end of the stream. Of
 * the two undici reports the later one, so the first has to end the socket at once.
 */
function keepAlerts(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) =>
    connect(options, (...outcome) => {
      const [, socket] = outcome;
      socket?.once("error", (alert) => socket.destroy(alert));
      callback(...outcome);
    });
}

/** Read by undici's SOCKS client, which would otherwise send the percent-encoded forms of the URL. */
interface SocksLogin {
  readonly username?: string;
  readonly password?: string;
}

function loginOf({
  uri,
  username,
  password,
}: ProxyChoice): SocksLogin | { readonly token: string } {
  if (username === "") return {};
  if (uri.startsWith("socks5:")) return { username, password };
  return { token: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` };
}

function tlsOptions(secureContext: SecureContext, rejectUnauthorized: boolean) {
  return { secureContext, rejectUnauthorized };
}
