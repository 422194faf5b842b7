import { BlockList, isIP } from "node:net";
import { domainToUnicode } from "node:url";
import { AtlassianMcpError, type ErrorCode } from "../errors.ts";
import { parsedUrl } from "../parsed-url.ts";
import { type AddressRules, type AllowedHosts, isLocalName } from "./allowed-hosts.ts";

/** What a URL that a caller chose may point at. */
export interface CallerUrlRules {
  /** From the operator's list; `undefined` without one. */
  readonly allowed: AllowedHosts | undefined;
  /** Origins of the operator's own URLs, as `URL.origin` writes them. */
  readonly trustedOrigins: readonly string[];
}

const listSetting = "MCP_ALLOWED_URL_DOMAINS";

/** Host, port and path, of characters that no parser reads in two ways. */
const shape =
  /^(https?):\/\/(\[[\da-f:.]+\]|[^\s[\]/\\?#@:%]+)(?::([1-9]\d{0,4}))?((?:\/[\w.~-]*)*)$/iu;

/**
 * The base URL in a caller's header. Whoever connects to it must do so under {@link addressRulesFor} it: what a name
 * resolves to is not looked at here.
 *
 * @param setting names the header in errors.
 * @throws AtlassianMcpError `input` for what is not a plainly written base URL, `forbidden` for a target that the
 *   operator does not allow.
 */
export function checkCallerUrl(text: string, rules: CallerUrlRules, setting: string): URL {
  const url = parsePlainly(text, setting);
  if (rules.trustedOrigins.includes(url.origin)) return url;
  const host = bare(url.hostname);
  const { allowed } = rules;
  if (allowed === undefined) {
    throw refusal(
      "forbidden",
      setting,
      "This server does not connect to addresses of your choice",
      {
        next: `Leave the header out, or ask the operator to list the host in ${listSetting}.`,
      },
    );
  }
  const isListed =
    isIP(host) === 0
      ? allowed.hasName(host)
      : allowed.hasNetwork(host) && allowed.addresses.allows(host);
  if (!isListed) {
    throw refusal("forbidden", setting, `This server may not connect to ${host}`, {
      next: `Ask the operator to list it in ${listSetting}.`,
    });
  }
  if (url.protocol === "http:" && !isLoopback(host)) {
    throw refusal("input", setting, `${host} would be reached without encryption`, {
      next: "Use https.",
    });
  }
  return url;
}

/** The rules for connections to a URL that {@link checkCallerUrl} accepted; `undefined` for the operator's own. */
export function addressRulesFor(url: URL, rules: CallerUrlRules): AddressRules | undefined {
  return rules.trustedOrigins.includes(url.origin) ? undefined : (rules.allowed?.addresses ?? none);
}

const none: AddressRules = { key: "none", allows: () => false };

function parsePlainly(text: string, setting: string): URL {
  const match = text.length > 2048 ? null : shape.exec(text.trim());
  const [, , host = "", , path = ""] = match ?? [];
  const url = match === null ? undefined : parsedUrl(text.trim());
  if (url === undefined || !isSameHost(host, url.hostname) || !isSamePath(path, url.pathname)) {
    throw refusal("input", setting, "The address is not a plainly written base URL", {
      next: "Write it as https://host or https://host/path, without user, query, fragment or encoded characters.",
    });
  }
  return url;
}

/** False where the parser made another host of what is written: `0x7f.1`, `127.1`, full-width digits, odd dots. */
function isSameHost(written: string, parsed: string): boolean {
  const plain = written.toLowerCase();
  if (parsed === "" || parsed.endsWith(".") || parsed.split(".").includes("")) return false;
  return parsed === plain || domainToUnicode(parsed) === plain.normalize("NFC");
}

function isSamePath(written: string, parsed: string): boolean {
  return parsed === (written === "" ? "/" : written) && !parsed.includes("//");
}

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

function isLoopback(host: string): boolean {
  const family = isIP(host);
  return family === 0 ? isLocalName(host) : loopback.check(host, family === 6 ? "ipv6" : "ipv4");
}

function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, "");
}

function refusal(
  code: ErrorCode,
  setting: string,
  message: string,
  { next }: { readonly next: string },
): AtlassianMcpError {
  return new AtlassianMcpError(code, `${message} (${setting})`, { setting, next });
}
