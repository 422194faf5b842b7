import { AtlassianMcpError, type ErrorCode } from "../errors.ts";
import { type Product, settingPrefix } from "./product.ts";

/** What the reader of a network error needs to know about the request. */
export interface FailureContext {
  /** Absent for requests that are about neither, such as those for tokens. */
  readonly product?: Product | undefined;
  /** `JIRA` or `CONFLUENCE`: whose TLS settings and time limit hold. Default: the product's. */
  readonly prefix?: string | undefined;
  /** The setting that holds the address. Default: `{prefix}_URL`. */
  readonly address?: string | undefined;
  readonly operation: string;
  /** `host:port` of the target, without user information. */
  readonly host: string;
  /** `host:port` of the proxy in between. */
  readonly proxy?: string | undefined;
  /** The request may have been carried out and must not run twice. */
  readonly unsafe?: boolean | undefined;
}

/**
 * What may be done after a failure. `unsent`: the request never left, any method may be repeated. `unknown`: it may
 * have been carried out. `final`: trying again cannot help.
 */
export type Repeatable = "unsent" | "unknown" | "final";

interface Kind {
  readonly code: ErrorCode;
  readonly repeatable: Repeatable;
  readonly message: (context: FailureContext) => string;
  readonly next: (context: FailureContext) => string;
}

/**
 * Turns what undici, Node or OpenSSL threw into `network`, `timeout`, `auth` for a client certificate that the site
 * refused or missed, or `config` for a request that could not even be written. Errors of ours pass through.
 */
export function errorFromFailure(cause: unknown, context: FailureContext): AtlassianMcpError {
  if (cause instanceof AtlassianMcpError) return cause;
  const kind = kindOf(cause, context);
  const details = {
    product: context.product,
    operation: context.operation,
    next: nextStep(kind, context),
  };
  return new AtlassianMcpError(kind.code, kind.message(context), details, cause);
}

/** Whether the failed request may be sent again, as far as the failure tells. */
export function repeatableAfter(cause: unknown): Repeatable {
  return cause instanceof AtlassianMcpError ? "final" : kindOf(cause, nowhere).repeatable;
}

/** True when nobody could be connected to: the peer, be it site or proxy, was not found or did not answer. */
export function isUnreachable(cause: unknown): boolean {
  if (cause instanceof AtlassianMcpError) return false;
  const kind = kindOf(cause, nowhere);
  return kind.repeatable === "unsent" || kind === notFound;
}

/** The deadline of the whole call has passed, retries and waits included. */
export function deadlineError(timeoutMs: number, context: FailureContext): AtlassianMcpError {
  const seconds = Math.round(timeoutMs / 100) / 10;
  const limit = own(context, "_TIMEOUT");
  const next = `The site or the network is slow: ${limit === undefined ? "try again later" : `ask for less, or raise ${limit}`}.`;
  return new AtlassianMcpError("timeout", `${context.host} did not answer within ${seconds} s`, {
    product: context.product,
    operation: context.operation,
    next: context.unsafe === true ? `${mayHaveHappened} ${next}` : next,
  });
}

const mayHaveHappened =
  "The change may have been made all the same: look at the item before you repeat the call.";

function nextStep(kind: Kind, context: FailureContext): string {
  const next = kind.next(context);
  return context.unsafe === true && kind.repeatable === "unknown"
    ? `${mayHaveHappened} ${next}`
    : next;
}

/** A setting of the product whose settings hold, such as `JIRA_SSL_VERIFY`; `undefined` where there is none. */
function own({ prefix, product }: FailureContext, suffix: string): string | undefined {
  const start = prefix ?? (product && settingPrefix(product));
  return start === undefined ? undefined : `${start}${suffix}`;
}

/** The setting that holds the address of the site. */
function siteSetting(context: FailureContext): string {
  return context.address ?? own(context, "_URL") ?? "the address";
}

function certificateSetting(context: FailureContext): string {
  const setting = own(context, "_CLIENT_CERT");
  return setting === undefined ? "" : ` (${setting})`;
}

/** Whoever we connect to: everything up to the tunnel concerns the proxy alone. */
function peer(context: FailureContext): string {
  return context.proxy === undefined ? context.host : `the proxy ${context.proxy}`;
}

function addressSetting(context: FailureContext): string {
  return context.proxy === undefined ? siteSetting(context) : "the proxy setting";
}

const lookup = (repeatable: Repeatable): Kind => ({
  code: "network",
  repeatable,
  message: (context) => `The name of ${peer(context)} cannot be resolved`,
  next: (context) =>
    `Check ${addressSetting(context)}, DNS and, where one is needed, VPN or proxy.`,
});

const refused: Kind = {
  code: "network",
  repeatable: "unsent",
  message: (context) => `${peer(context)} refused the connection`,
  next: (context) => `Check host and port in ${addressSetting(context)} and that the service runs.`,
};

const unreachable: Kind = {
  code: "network",
  repeatable: "unsent",
  message: (context) => `There is no route to ${peer(context)}`,
  next: () => "Check the network, the VPN and whether a proxy is needed.",
};

const connectTimeout: Kind = {
  code: "timeout",
  repeatable: "unsent",
  message: (context) => `${peer(context)} did not accept a connection in time`,
  next: () => "Check the network, firewalls, the VPN and whether a proxy is needed.",
};

const closed: Kind = {
  code: "network",
  repeatable: "unknown",
  message: (context) => `${context.host} closed the connection before answering`,
  next: (context) =>
    `Try again; if it persists, a firewall or proxy in between, or a refused client certificate${certificateSetting(context)}, is the usual cause.`,
};

const stalled: Kind = {
  code: "timeout",
  repeatable: "unknown",
  message: (context) => `${context.host} stopped sending`,
  next: () => "Try again, or ask for less.",
};

const unknownCa: Kind = {
  code: "network",
  repeatable: "final",
  message: (context) =>
    `The TLS certificate of ${context.host} is signed by an authority that is not trusted here`,
  next: (context) => {
    const check = own(context, "_SSL_VERIFY");
    const off = check === undefined ? "" : `; only for a test, ${check}=false turns the check off`;
    return `Give the authority's certificate as a PEM file in ATLASSIAN_CA_BUNDLE (or NODE_EXTRA_CA_CERTS)${off}.`;
  },
};

const wrongHost: Kind = {
  code: "network",
  repeatable: "final",
  message: (context) => `The TLS certificate that ${context.host} shows is for another host`,
  next: (context) =>
    `Use the name on the certificate in ${siteSetting(context)}; an IP address or a short name often does not match.`,
};

const expired: Kind = {
  code: "network",
  repeatable: "final",
  message: (context) => `The TLS certificate of ${context.host} has expired or is not valid yet`,
  next: () => "Its operator has to renew it; check this machine's clock, too.",
};

const otherTls: Kind = {
  code: "network",
  repeatable: "final",
  message: (context) => `No TLS connection to ${context.host} could be made`,
  next: (context) =>
    `Check that ${siteSetting(context)} has the right scheme and port, and whether the site asks for a client certificate${certificateSetting(context)}.`,
};

const proxyAuth: Kind = {
  code: "network",
  repeatable: "final",
  message: (context) => `${peer(context)} wants a user name and password, or refused those it got`,
  next: () => "Put them into the proxy URL: http://user:password@host:port.",
};

const proxyRefused: Kind = {
  code: "network",
  repeatable: "final",
  message: (context) => `${peer(context)} refused to connect to ${context.host}`,
  next: () => "Ask its operator to allow the host, or exempt the host with NO_PROXY.",
};

const proxyFailed: Kind = {
  code: "network",
  repeatable: "unsent",
  message: (context) => `${peer(context)} could not reach ${context.host}`,
  next: (context) =>
    `Check ${siteSetting(context)}; the proxy, not this machine, resolves the name.`,
};

const notHttp: Kind = {
  code: "network",
  repeatable: "final",
  message: (context) => `${context.host} did not answer in HTTP`,
  next: (context) => `Check scheme and port in ${siteSetting(context)}.`,
};

const unwritable: Kind = {
  code: "config",
  repeatable: "final",
  message: () => "A header of the request is not valid in HTTP",
  next: (context) =>
    `Look for line breaks or other stray characters in ${own(context, "_CUSTOM_HEADERS") ?? "the headers"} and the credentials.`,
};

const unknown: Kind = {
  code: "network",
  repeatable: "unknown",
  message: (context) => `The connection to ${context.host} failed`,
  next: () => "Try again; if it persists, check the network.",
};

const certificateWanted: Kind = {
  code: "auth",
  repeatable: "final",
  message: (context) => `${context.host} lets nobody in without a client certificate`,
  next: (context) =>
    `Set ${own(context, "_CLIENT_CERT") ?? "a client certificate"}, or check that the site accepts the issuer of the one that is set.`,
};

const certificateRefused: Kind = {
  code: "auth",
  repeatable: "final",
  message: (context) => `${context.host} refused this client's own certificate`,
  next: (context) =>
    `Its dates, issuer or purpose do not suit the site: check ${own(context, "_CLIENT_CERT") ?? "the client certificate"} with whoever issued it.`,
};

const notFound = lookup("final");

const kinds: readonly (readonly [RegExp, Kind])[] = [
  [/^ENOTFOUND$|^EAI_NO/, notFound],
  [/^EAI_AGAIN$/, lookup("unsent")],
  [/^ECONNREFUSED$/, refused],
  [/^(EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL)$/, unreachable],
  [/^(UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT)$/, connectTimeout],
  [/^(ECONNRESET|EPIPE|ECONNABORTED|UND_ERR_SOCKET|UND_ERR_CLOSED|UND_ERR_DESTROYED)$/, closed],
  [/^UND_ERR_(HEADERS|BODY)_TIMEOUT$/, stalled],
  // Alerts are what the other side says about us; RFC 8446 section 6.2.
  [/ALERT_CERTIFICATE_REQUIRED/, certificateWanted],
  [/ALERT_(BAD_|UNSUPPORTED_)?CERTIFICATE|ALERT_UNKNOWN_CA/, certificateRefused],
  [/SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|CERT_UNTRUSTED|INVALID_CA/, unknownCa],
  [/ALTNAME_INVALID|^UND_ERR_PRX_TLS$/, wrongHost],
  [/^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/, expired],
  [/^(ERR_SSL|ERR_TLS|EPROTO|CERT_|ERR_OSSL)/, otherTls],
  [/^UND_ERR_SOCKS5_AUTH/, proxyAuth],
  // Reply 2 of RFC 1928: not allowed by the ruleset.
  [/^UND_ERR_SOCKS5_REPLY_2$/, proxyRefused],
  [/^UND_ERR_SOCKS5/, proxyFailed],
  [/^HPE_|^HTTPParserError$/, notHttp],
  [/^(UND_ERR_INVALID_ARG|ERR_INVALID_CHAR)$/, unwritable],
];

const nowhere: FailureContext = { operation: "", host: "" };

function kindOf(cause: unknown, context: FailureContext): Kind {
  const chain = flatten(cause);
  const texts = chain.map((error) => error.message).join("\n");
  const viaProxy = proxyKind(texts);
  if (viaProxy !== undefined) return viaProxy;
  for (const error of chain) {
    // undici's parser errors carry no code of their own.
    const code = "code" in error && error.code !== undefined ? String(error.code) : error.name;
    // A socket that was connected and then timed out is not a failure to connect.
    if (code === "ETIMEDOUT" && "syscall" in error && error.syscall !== "connect") return stalled;
    const found = kinds.find(([pattern]) => pattern.test(code));
    if (found !== undefined) return found[1];
  }
  return context.proxy === undefined ? unknown : { ...unknown, message: proxyFailed.message };
}

/** undici tells a refused CONNECT in words only. */
function proxyKind(text: string): Kind | undefined {
  const status = /Proxy response \((\d+)\)/.exec(text)?.[1];
  if (status === "407" || text.includes("Proxy Authentication Required")) return proxyAuth;
  if (status === undefined) return undefined;
  return status.startsWith("5") ? proxyFailed : proxyRefused;
}

/** The error, what caused it, and the attempts of a connection that tried several addresses. */
function flatten(cause: unknown, depth = 0): Error[] {
  if (!(cause instanceof Error) || depth > 4) return [];
  const attempts: unknown[] = cause instanceof AggregateError ? cause.errors : [];
  return [cause, ...attempts, cause.cause].flatMap((each) =>
    each === cause ? [cause] : flatten(each, depth + 1),
  );
}
