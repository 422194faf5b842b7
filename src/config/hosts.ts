import { isIP } from "node:net";
import type { Form } from "./forms.ts";

const label = "[\\p{L}\\p{N}_](?:[\\p{L}\\p{N}_-]*[\\p{L}\\p{N}_])?";
const name = new RegExp(`^(\\*\\.)?${label}(?:\\.${label})*$`, "u");

/**
 * Bare domains between commas, lower case; `*.example.com` is kept as written, `*` stands for all, and networks are
 * written with their prefix length (`10.0.0.0/8`). Schemes, ports and paths are refused with the right form, because
 * such entries would never match.
 */
export function readDomains(text: string): Form<string[]> {
  return readEach(text, (entry) => {
    if (entry === "*" || isNetwork(entry)) return entry;
    if (name.test(entry) && isIP(entry) === 0 && entry !== "localhost") return entry;
    const right = bareHost(entry);
    if (isIP(right) !== 0 || right === "localhost") {
      return {
        problem: "lists an address or localhost, which is never allowed by itself",
        remedy:
          "Give the host a domain name and list that, or list the network with its length: 10.1.2.3/32.",
      };
    }
    return {
      problem: "has an entry that is not a bare domain",
      remedy: `Write ${suggestion(right)} without scheme, port, path or leading dot.`,
    };
  });
}

/** True for an IPv4 or IPv6 network such as `10.0.0.0/8`. */
export function isNetwork(entry: string): boolean {
  const [net = "", length = "", ...rest] = entry.split("/");
  const family = isIP(net);
  if (family === 0 || rest.length > 0 || !/^\d{1,3}$/.test(length)) return false;
  return Number(length) <= (family === 4 ? 32 : 128);
}

/** Values of a Host header between commas, lower case: name or address, with an optional port. */
export function readHosts(text: string): Form<string[]> {
  return readEach(text, (entry) => {
    const match = /^(\[[0-9a-f:.]+\]|[^:/[\]]+)(:\d{1,5})?$/.exec(entry);
    const host = match?.[1] ?? "";
    const bare = host.replace(/^\[|\]$/g, "");
    if (name.test(host) || isIP(bare) !== 0) return entry;
    return {
      problem: "has an entry that is not a host",
      remedy: `Write ${suggestion(bareHost(entry))} without scheme or path; a port may follow.`,
    };
  });
}

/** Web origins between commas, lower case, as a browser sends them: scheme, host and port only. */
export function readOrigins(text: string): Form<string[]> {
  return readEach(text, (entry) => {
    const origin = entry.replace(/\/$/, "");
    if (/^[a-z][a-z0-9+.-]*:\/\/[^/\s?#@*]+$/.test(origin)) return origin;
    return {
      problem: "has an entry that is not a web origin",
      remedy: `Write https://${suggestion(bareHost(entry))} without path or star.`,
    };
  });
}

function readEach(
  text: string,
  read: (entry: string) => string | { problem: string; remedy: string },
): Form<string[]> {
  const value: string[] = [];
  for (const entry of text.split(",").map((part) => part.trim().toLowerCase())) {
    if (entry === "") continue;
    const result = read(entry);
    if (typeof result !== "string") return result;
    if (!value.includes(result)) value.push(result);
  }
  if (value.length > 0) return { value };
  return { problem: "names nothing", remedy: "Write at least one entry, or remove the setting." };
}

function bareHost(entry: string): string {
  return entry
    .replace(/^[a-z][a-z0-9+.-]*:\/\//, "")
    .replace(/^[^@/]*@/, "")
    .replace(/[/?#].*$/, "")
    .replace(/:\d+$/, "")
    .replace(/^\.+|\.+$/g, "");
}

/** An entry repeated in a remedy only where it is plainly a host name and not something secret. */
function suggestion(host: string): string {
  return name.test(host) && host.includes(".") && host.length <= 60 ? host : "example.com";
}
