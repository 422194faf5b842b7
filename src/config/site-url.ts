import { isIP } from "node:net";

export type Deployment = "cloud" | "datacenter";

const cloudDomains = [
  "atlassian.net",
  "jira.com",
  "jira-dev.com",
  "atlassian.com",
  "atlassian-us-gov-mod.net",
  "atlassian-us-gov.net",
];
/** Endings that never carry a public name, so that no Cloud site can be behind them. */
const internalEndings = ["local", "internal", "intranet", "lan", "corp", "home.arpa"];
/** Names under which containers reach their own machine. */
const hostOfContainer = ["host.docker.internal", "host.containers.internal"];

/**
 * What a host name says about the deployment. `unsure` for addresses, localhost and public names of one's own
 * (custom domains of Cloud look like Data Center): the `…_DEPLOYMENT` setting or a question to the site decides.
 */
export function deploymentOfHost(hostname: string): Deployment | "unsure" {
  const host = hostname.toLowerCase().replace(/\.$/, "");
  if (cloudDomains.some((domain) => host === domain || host.endsWith(`.${domain}`))) return "cloud";
  if (isLoopbackHost(host) || isIP(unbracketed(host)) !== 0) return "unsure";
  if (hostOfContainer.includes(host)) return "unsure";
  const isInternal = internalEndings.some((ending) => host.endsWith(`.${ending}`));
  return isInternal || !host.includes(".") ? "datacenter" : "unsure";
}

/** The same of a site; one that has no address is named by its id, which only Cloud has. */
export function deploymentOfSite(url: URL | undefined): Deployment | "unsure" {
  return url === undefined ? "cloud" : deploymentOfHost(url.hostname);
}

/** True for names and addresses that only this machine answers to. */
export function isLoopbackHost(hostname: string): boolean {
  const host = unbracketed(hostname.toLowerCase().replace(/\.$/, ""));
  if (host === "localhost" || host.endsWith(".localhost") || host === "::1") return true;
  return isIP(host) === 4 && host.startsWith("127.");
}

function unbracketed(host: string): string {
  return host.replace(/^\[|\]$/g, "");
}

/** A site's base as it is used, and what had to be left out of the written URL. */
export interface SiteBase {
  /** No trailing slash in the path (except the root), no query, no fragment. */
  readonly url: URL;
  /** The path that was written and is no part of a Cloud site's base, e.g. `/jira/projects`. */
  readonly dropped?: string | undefined;
}

/**
 * The base URL of a site. Cloud bases are the bare origin (Jira) or end in `/wiki` (Confluence), also below a
 * gateway path `/ex/{product}/{cloudId}`; Data Center keeps its context path.
 */
export function siteBase(
  written: URL,
  product: "jira" | "confluence",
  deployment: Deployment | "unsure",
): SiteBase {
  const url = new URL(written.href);
  url.search = "";
  url.hash = "";
  const path = url.pathname.replace(/\/+$/, "");
  if (deployment !== "cloud") {
    url.pathname = path;
    return { url };
  }
  const gateway = /^\/ex\/[^/]+\/[^/]+/.exec(path)?.[0] ?? "";
  const rest = path.slice(gateway.length);
  url.pathname = product === "confluence" ? `${gateway}/wiki` : gateway;
  const isExpected = rest === "" || (product === "confluence" && rest === "/wiki");
  return isExpected ? { url } : { url, dropped: rest };
}
