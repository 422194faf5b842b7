import type { Deployment, Product } from "../../atlassian/site.ts";
import { anonymous } from "../../auth/credentials.ts";
import { productWords } from "../../config/setting.ts";
import { errorFromAnswer, errorFromUnreadable, type FailedAnswer } from "../../http/errors.ts";
import type { Probe, ProbedTls } from "../../http/probe.ts";
import { parsedUrl } from "../../parsed-url.ts";
import { within } from "./deadline.ts";
import type { Diagnosis } from "./diagnosis.ts";
import { isoDay } from "./names.ts";
import {
  type CheckName,
  type Facts,
  type Finding,
  failed,
  ok,
  problem,
  warning,
} from "./report.ts";

const dayMs = 86_400_000;
/** From then on a site's certificate is worth a word: renewing one can take a while. */
const expiringMs = 14 * dayMs;

/** A resource that tells strangers what the product is, on Cloud as on Data Center. */
export const publicPath: Readonly<Record<Product, string>> = {
  jira: "/rest/api/2/serverInfo",
  confluence: "/rest/applinks/1.0/manifest",
};

export interface Resource {
  readonly base: URL;
  readonly path: string;
}

/** What to ask a site for, to see whether it answers. */
export function publicResource(
  product: Product,
  url: URL,
  deployment: Deployment | "unsure",
): Resource {
  const common = { base: url, path: publicPath[product] };
  if (product === "jira") return common;
  // Whether Confluence Cloud keeps its manifest is not documented; the whole site has this for certain.
  const tenant = { base: new URL(url.origin), path: "/_edge/tenant_info" };
  return { cloud: tenant, datacenter: common, unsure: common }[deployment];
}

export interface Reached {
  readonly finding: Finding;
  /** Present when something answered. */
  readonly probe?: Probe | undefined;
  /** When it did, milliseconds since the epoch. */
  readonly at: number;
}

/** Sends one request to an address, as nobody but with the client certificate, and judges what came back. */
export async function reach(
  product: Product,
  { base: apiBase, path }: Resource,
  { probe, now, limitMs }: Pick<Diagnosis, "probe" | "now" | "limitMs">,
  check: CheckName = "connection",
): Promise<Reached> {
  // As the operator: the site may let nobody in without the certificate.
  const target = {
    product,
    apiBase,
    credentials: anonymous,
    source: "operator",
    isGuarded: false,
  } as const;
  try {
    const answer = await within(limitMs, (signal) =>
      probe(target, path, { timeoutMs: limitMs, signal }),
    );
    const at = now();
    return { finding: judge(check, product, apiBase, path, answer, at), probe: answer, at };
  } catch (error) {
    return { finding: failed(check, error), at: now() };
  }
}

function judge(
  check: CheckName,
  product: Product,
  apiBase: URL,
  path: string,
  probe: Probe,
  nowMs: number,
): Finding {
  const { status, headers, text: bodyText } = probe;
  const operation = `GET ${path}`;
  const answer: FailedAnswer = {
    ...{ status, headers, bodyText, product, operation, nowMs },
    host: apiBase.hostname,
  };
  // The root of the gateway is nothing that anybody asks for, but something answers.
  if (path === "/" && status < 500) return judgeTls(check, product, probe, nowMs);
  const isPage = /^text\/html/i.test(headers["content-type"] ?? "");
  if (status >= 300 && status < 400) return redirected(check, product, probe);
  if (status >= 500 || (isPage && status >= 400)) return failed(check, errorFromAnswer(answer));
  if (isPage) return failed(check, errorFromUnreadable(answer));
  // Every Jira has the resource; what Confluence has depends on its version.
  if (status === 404 && product === "jira" && check === "connection") return notJira();
  return judgeTls(check, product, probe, nowMs);
}

function notJira(): Finding {
  return problem(
    "connection",
    "something answers, but it is not Jira (HTTP 404 for what every Jira has)",
    "Correct JIRA_URL: the host, or the context path that the site has, such as /jira.",
    { setting: "JIRA_URL", facts: { status: 404 } },
  );
}

function redirected(check: CheckName, product: Product, { status, headers }: Probe): Finding {
  const { env } = productWords[product];
  const target = headers["location"] ?? "";
  const url = parsedUrl(target);
  const place = url === undefined ? "" : `${url.host}${url.pathname}`;
  const where = place === "" ? "another page of the same site" : place;
  return problem(
    check,
    `the address sends requests on to ${where} (HTTP ${status})`,
    `Set ${env}_URL to the address that the product itself answers at: right scheme, host and context path, and no login page in front of its REST API.`,
    { setting: `${env}_URL`, facts: { status } },
  );
}

function judgeTls(check: CheckName, product: Product, probe: Probe, nowMs: number): Finding {
  const { status, elapsedMs, proxy, tls } = probe;
  const way = proxy === undefined ? "" : ` through ${proxy}`;
  const text = `answers${way} after ${elapsedMs} ms${tls ? `, ${describe(tls)}` : ""}`;
  const facts: Facts = { status, elapsed_ms: elapsedMs, proxy, ...tlsFacts(tls) };
  if (tls === undefined) return ok(check, text, { facts });
  if (!tls.trusted) {
    const setting = `${productWords[product].env}_SSL_VERIFY`;
    const remedy = `Give the authority's certificate in ATLASSIAN_CA_BUNDLE and remove ${setting}=false: as it is, anyone on the way can read and change what is sent.`;
    return warning(check, `${text}; the certificate would not pass a check`, remedy, {
      facts,
      setting,
    });
  }
  if (tls.validTo - nowMs < expiringMs) {
    return warning(check, text, "The site's operator has to renew its certificate soon.", {
      facts,
    });
  }
  return ok(check, text, { facts });
}

function describe({ protocol, subject, issuer, validTo }: ProbedTls): string {
  return `${protocol}, certificate of ${subject || "(no name)"} by ${issuer || "(no name)"}, valid until ${isoDay(validTo)}`;
}

function tlsFacts(tls: ProbedTls | undefined): Facts {
  if (tls === undefined) return {};
  return {
    tls_protocol: tls.protocol,
    certificate_subject: tls.subject,
    certificate_issuer: tls.issuer,
    certificate_valid_to: new Date(tls.validTo).toISOString(),
    certificate_trusted: tls.trusted,
  };
}
