import { BlockList, isIP } from "node:net";

/**
 * True when a `Host` header names us: a loopback name with any port, or an entry of `allowed`. This is what stops a
 * web page from reaching a local server through a name that its owner points at 127.0.0.1.
 *
 * Entries are `name`, `name:port` or `*.name` (subdomains only); without a port they allow every port. `*` allows all.
 */
export function checkHost(header: string | undefined, allowed: readonly string[] = []): boolean {
  const host = parseAuthority(header ?? "");
  return host !== undefined && (isLoopbackName(host.name) || matches(host, allowed));
}

/**
 * True when a request's `Origin` may use us: no header (not a browser), a loopback page, or an entry of `allowed`.
 * Entries are those of {@link checkHost}, or a whole origin (`https://app.example.com`), which then binds the scheme.
 * The opaque origin `null` is allowed only by `*`.
 */
export function checkOrigin(header: string | undefined, allowed: readonly string[] = []): boolean {
  if (header === undefined || allowed.includes("*")) return true;
  const match = /^(https?):\/\/([^/?#@\\]+)$/i.exec(header);
  const scheme = match?.[1]?.toLowerCase() ?? "";
  const host = parseAuthority(match?.[2] ?? "");
  if (host === undefined) return false;
  const entries = allowed.flatMap((entry) => withoutScheme(entry.toLowerCase(), scheme) ?? []);
  return isLoopbackName(host.name) || matches(host, entries);
}

interface Authority {
  /** Lower case, without brackets and closing dot. */
  readonly name: string;
  readonly port: string;
}

function parseAuthority(text: string): Authority | undefined {
  const match = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/i.exec(text.trim());
  if (match === null) return undefined;
  const name = (match[1] ?? match[2] ?? "").toLowerCase().replace(/\.$/, "");
  return name === "" ? undefined : { name, port: match[3] ?? "" };
}

function isLoopbackName(name: string): boolean {
  if (name === "localhost" || name.endsWith(".localhost")) return true;
  const family = isIP(name);
  return family !== 0 && loopback.check(name, family === 6 ? "ipv6" : "ipv4");
}

function matches(host: Authority, allowed: readonly string[]): boolean {
  return allowed.some((entry) => {
    if (entry === "*") return true;
    const wildcard = entry.startsWith("*.");
    const wanted = parseAuthority(wildcard ? entry.slice(2) : bracketed(entry));
    if (wanted === undefined || (wanted.port !== "" && wanted.port !== host.port)) return false;
    return wildcard ? host.name.endsWith(`.${wanted.name}`) : host.name === wanted.name;
  });
}

function bracketed(entry: string): string {
  return isIP(entry) === 6 ? `[${entry}]` : entry;
}

/** The entry's authority, or `undefined` when it asks for another scheme. */
function withoutScheme(entry: string, scheme: string): string | undefined {
  const match = /^([a-z][a-z\d+.-]*):\/\/(.*?)\/?$/.exec(entry);
  if (match === null) return entry;
  return match[1] === scheme ? match[2] : undefined;
}

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** IANA's special-purpose registries: whatever is not for talking to strangers on the internet. */
const special4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.31.196.0/24",
  "192.52.193.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "192.175.48.0/24",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
  // Cloud metadata services that do not sit in a link-local range.
  "168.63.129.16/32",
];

/** Inside 2000::/3; what lies outside it is not public to begin with. */
const special6 = ["2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"];

const notPublic = new BlockList();
for (const range of special4) addRange(notPublic, range, "ipv4");
for (const range of special6) addRange(notPublic, range, "ipv6");
const globalUnicast = new BlockList();
globalUnicast.addSubnet("2000::", 3, "ipv6");

/**
 * True for an address that is reachable on the public internet. Private, loopback, link-local, carrier, documentation,
 * multicast, metadata and translated (mapped, NAT64, 6to4, Teredo) addresses are not, nor is anything that is not a
 * plainly written IPv4 or IPv6 address (`0x7f.1`, `2130706433`, `127.1`, host names).
 */
export function isPublicAddress(ip: string): boolean {
  const family = isIP(ip);
  if (family === 4) return !notPublic.check(ip, "ipv4");
  if (family === 0 || ip.includes("%")) return false;
  return globalUnicast.check(ip, "ipv6") && !notPublic.check(ip, "ipv6");
}

function addRange(list: BlockList, range: string, family: "ipv4" | "ipv6"): void {
  const [net = "", prefix = ""] = range.split("/");
  list.addSubnet(net, Number(prefix), family);
}
