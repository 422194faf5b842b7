import { BlockList, isIP } from "node:net";
import { domainToASCII } from "node:url";
import { AtlassianMcpError } from "../errors.ts";
import { isPublicAddress } from "./guard.ts";
import { quotable } from "./redact.ts";

/** Which addresses a connection may be made to. Equal `key`s allow the same. */
export interface AddressRules {
  readonly key: string;
  /** True for an address on the public internet or in a network that the operator listed. */
  allows(ip: string): boolean;
}

/** What the operator's list of hosts for caller-chosen URLs allows. */
export interface AllowedHosts {
  readonly addresses: AddressRules;
  /** True for a host name, in lower case and punycode, that is listed or lies below a listed one. */
  hasName(name: string): boolean;
  /** True for a literal address inside a listed network. */
  hasNetwork(ip: string): boolean;
}

interface Lists {
  readonly names: Set<string>;
  /** Names whose subdomains alone are allowed. */
  readonly parents: Set<string>;
  readonly networks: string[];
  any: boolean;
}

/**
 * Reads the operator's list: `name` (with everything below it), `*.name` (only what is below it), `*` (every public
 * host), an address, or a network in CIDR form. `*` does not stand for `localhost`, which has to be listed itself.
 *
 * @throws AtlassianMcpError `config` naming `setting` for an entry that is none of these.
 */
export function parseAllowedHosts(
  entries: readonly string[],
  setting = "MCP_ALLOWED_URL_DOMAINS",
): AllowedHosts {
  const lists: Lists = { names: new Set(), parents: new Set(), networks: [], any: false };
  for (const entry of entries.map((each) => each.trim()).filter((each) => each !== "")) {
    if (!addEntry(entry.toLowerCase(), lists)) throw badEntry(entry, setting);
  }
  const listed = blockListOf(lists.networks);
  const hasNetwork = (ip: string) => checks(listed, ip);
  return {
    addresses: {
      key: [...lists.networks].sort().join(","),
      allows: (ip) => !checks(metadata, ip) && (isPublicAddress(ip) || hasNetwork(ip)),
    },
    hasName: (name) => hasName(name, lists),
    hasNetwork,
  };
}

function addEntry(entry: string, lists: Lists): boolean {
  if (entry === "*") {
    lists.any = true;
    return true;
  }
  const network = networkOf(entry);
  if (network !== undefined) {
    lists.networks.push(network);
    return true;
  }
  const below = entry.startsWith("*.");
  const name = domainToASCII(below ? entry.slice(2) : entry);
  // The conversion drops what follows a name in a URL.
  if (/[/?#\\@:%\s]/.test(entry) || !isHostName(name) || metadataNames.has(name)) return false;
  (below ? lists.parents : lists.names).add(name);
  return true;
}

/** An address or network as `address/bits`, else `undefined`. */
function networkOf(entry: string): string | undefined {
  const match = /^\[?([\da-f.:]+)\]?(?:\/(\d{1,3}))?$/.exec(entry);
  const net = match?.[1] ?? "";
  const family = isIP(net);
  const longest = family === 6 ? 128 : 32;
  const bits = Number(match?.[2] ?? longest);
  return family === 0 || bits > longest ? undefined : `${net}/${bits}`;
}

/** A name of ordinary labels whose last one cannot be taken for a part of an address. */
function isHostName(name: string): boolean {
  return name.length <= 253 && /^(?:[a-z\d_-]{1,63}\.)*(?!\d+$|0x)[a-z\d_-]{1,63}$/.test(name);
}

function hasName(name: string, { names, parents, any }: Lists): boolean {
  if (!isHostName(name) || metadataNames.has(name)) return false;
  if (names.has(name)) return true;
  if (isLocalName(name)) return false;
  return any || above(name).some((parent) => names.has(parent) || parents.has(parent));
}

/** The names above a name: `b.c` and `c` for `a.b.c`. */
function above(name: string): string[] {
  const labels = name.split(".");
  return labels.slice(1).map((_, index) => labels.slice(index + 1).join("."));
}

/** True for `localhost` and what is below it. */
export function isLocalName(name: string): boolean {
  return name === "localhost" || name.endsWith(".localhost");
}

/** Cloud providers' metadata services hand out credentials; no list entry opens them. */
const metadataNames = new Set([
  "instance-data",
  "instance-data.ec2.internal",
  "metadata",
  "metadata.google.internal",
  "metadata.goog",
]);
const metadata = blockListOf([
  "169.254.169.254/32",
  "169.254.170.2/32",
  "168.63.129.16/32",
  "100.100.100.200/32",
  "fd00:ec2::254/128",
]);

function blockListOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [net = "", bits = ""] = network.split("/");
    list.addSubnet(net, Number(bits), isIP(net) === 6 ? "ipv6" : "ipv4");
  }
  return list;
}

/** Also sees IPv4 networks through addresses that map them into IPv6. */
function checks(list: BlockList, ip: string): boolean {
  const family = isIP(ip);
  if (family === 0 || ip.includes("%")) return false;
  return list.check(ip, family === 6 ? "ipv6" : "ipv4");
}

function badEntry(entry: string, setting: string): AtlassianMcpError {
  return new AtlassianMcpError(
    "config",
    `${setting} has an entry that names no host: ${quotable(entry)}`,
    {
      setting,
      next: "Use example.com, *.example.com, * or a network such as 10.0.0.0/8, without scheme, port and path.",
    },
  );
}
