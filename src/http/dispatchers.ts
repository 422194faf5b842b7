import { createHash } from "node:crypto";
import type { SecureContext } from "node:tls";
import type { Dispatcher, ProxyAgent } from "undici";
import type { ProxyChoice } from "./proxy.ts";
import { type TlsSettings, type TrustStore, tlsIdentity } from "./trust.ts";

/** How a connection is made: straight or through a proxy, and as whom. */
export interface Way {
  readonly proxy: ProxyChoice | undefined;
  readonly tls: TlsSettings;
}

/** Equal keys may share connections. Holds no secret in clear. */
export function wayKey({ proxy, tls }: Way): string {
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
): Promise<Dispatcher> {
  const { Agent, ProxyAgent } = await import("undici");
  const { proxy, tls } = way;
  const secure = origin.startsWith("https:");
  const target = secure ? tlsOptions(await trust.contextFor(tls), tls.verify) : {};
  // Each call has one deadline; a second limit here would only report another number.
  const limits = { connections, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 };
  if (proxy === undefined) return new Agent({ ...limits, connect: target });
  const options: ProxyAgent.Options & SocksLogin = {
    ...limits,
    ...loginOf(proxy),
    uri: proxy.uri,
    // Plain http goes through a tunnel, too, as everything else does.
    requestTls: target,
  };
  // The client certificate is for the site alone.
  const own: TlsSettings = { prefix: tls.prefix, verify: tls.verify, caFiles: tls.caFiles };
  if (proxy.uri.startsWith("https:")) {
    options.proxyTls = tlsOptions(await trust.contextFor(own), tls.verify);
  }
  return new ProxyAgent(options);
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
