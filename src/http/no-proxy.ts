import { BlockList, isIP } from "node:net";

/**
 * True when a `NO_PROXY` value exempts this URL from proxies. Entries, separated by commas or white space:
 * `*`; `name` and `.name` and `*.name` (the name and everything below it; with a leading dot or star also the
 * name itself); an IPv4 or IPv6 address, in brackets or not; a CIDR range; each name or address may carry `:port`.
 * Ranges match literal addresses only: names are not looked up.
 */
export function isExempt(url: URL, noProxy: string): boolean {
  const host = bare(url.hostname);
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return noProxy
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => fits(entry.toLowerCase(), host, port));
}

function fits(entry: string, host: string, port: string): boolean {
  if (entry === "*") return true;
  if (entry.includes("/")) return isInRange(host, entry);
  const { name, port: wantedPort } = splitPort(entry);
  if (wantedPort !== "" && wantedPort !== port) return false;
  if (isIP(name) !== 0) return isInRange(host, `${name}/${isIP(name) === 6 ? 128 : 32}`);
  const domain = name.replace(/^\*?\./, "").replace(/\.$/, "");
  return domain !== "" && (host === domain || host.endsWith(`.${domain}`));
}

/** A bare IPv6 address is not cut at its last colon; one with a port has to be in brackets. */
function splitPort(entry: string): { name: string; port: string } {
  if (isIP(entry) === 6) return { name: entry, port: "" };
  const match = /^(?:\[(.+)\]|([^:]*))(?::(\d+))?$/.exec(entry);
  return { name: match?.[1] ?? match?.[2] ?? "", port: match?.[3] ?? "" };
}

function isInRange(host: string, range: string): boolean {
  const [net = "", prefix = ""] = range.split("/");
  const family = isIP(bare(net));
  const bits = Number(prefix);
  if (family === 0 || isIP(host) === 0 || !/^\d+$/.test(prefix)) return false;
  if (bits > (family === 6 ? 128 : 32)) return false;
  const list = new BlockList();
  list.addSubnet(bare(net), bits, family === 6 ? "ipv6" : "ipv4");
  return list.check(host, isIP(host) === 6 ? "ipv6" : "ipv4");
}

function bare(host: string): string {
  return host
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "")
    .toLowerCase();
}
