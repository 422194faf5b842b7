import type { ProductSettings, Settings } from "../../config/product.ts";
import { productWords } from "../../config/setting.ts";
import { isLoopbackHost } from "../../config/site-url.ts";
import { type Finding, ok, type Section, warning } from "./report.ts";

/** Who may call the server, as whom, and what they may choose. */
export function examineServer(settings: Settings): Section {
  const { http } = settings;
  if (http.transport === "stdio") {
    const text = "the client that starts this program, over stdio, as the configured accounts";
    return { title: "Server", findings: [ok("callers", text)] };
  }
  const findings = [
    callers(settings),
    exposure(settings),
    hostHeader(settings),
    origins(settings),
    ...callersOwn(settings),
  ];
  return { title: `Server (HTTP at ${http.host}:${http.port}${http.path})`, findings };
}

function callers({ callers: rules, products }: Settings): Finding {
  const { fallback, ignoreHeaderAuth, external } = rules;
  const facts = { fallback, ignore_header_auth: ignoreHeaderAuth, external };
  const own = ignoreHeaderAuth
    ? "credentials in requests are ignored (IGNORE_HEADER_AUTH)"
    : "requests with credentials act as their sender";
  const others = [
    fallback && "those without act as the operator (ALLOW_GLOBAL_CRED_FALLBACK)",
    external && "a gateway in front says who is asking (ATLASSIAN_EXTERNAL_AUTH_ENABLE)",
  ].filter((each) => each !== false);
  const rest = others.length === 0 ? ["those without are refused"] : others;
  const unnamed = Object.values(products).filter(
    (product): product is ProductSettings =>
      product !== undefined && rules.passthrough[product.product].length === 0,
  );
  if (external && unnamed.length > 0) {
    const names = unnamed.map(({ product }) => `${productWords[product].env}_PASSTHROUGH_HEADERS`);
    return warning(
      "callers",
      `${[own, ...rest].join("; ")}; but no header of the gateway is passed on`,
      `Name the headers in ${names.join(" and ")}.`,
      { facts },
    );
  }
  return ok("callers", [own, ...rest].join("; "), { facts });
}

function exposure({ http, callers: { fallback } }: Settings): Finding {
  const { host } = http;
  if (isLoopbackHost(host)) return ok("exposure", `only this machine reaches ${host}`);
  if (!fallback) return ok("exposure", `${host} is reachable from other machines`);
  return warning(
    "exposure",
    `everyone who reaches ${host}:${http.port} acts as the operator`,
    "Listen on 127.0.0.1, or put something that knows who may in front, or remove ALLOW_GLOBAL_CRED_FALLBACK.",
    { setting: "ALLOW_GLOBAL_CRED_FALLBACK" },
  );
}

function hostHeader({ http: { allowedHosts, host } }: Settings): Finding {
  if (allowedHosts !== undefined) {
    const facts = { allowed_hosts: allowedHosts };
    return ok("host_header", `answered for ${allowedHosts.join(", ")}`, { facts });
  }
  if (isLoopbackHost(host)) return ok("host_header", "answered for loopback names only");
  return warning(
    "host_header",
    "not checked, so that web pages may reach the server by DNS rebinding",
    "Set MCP_ALLOWED_HOSTS to the names that clients use.",
    { setting: "MCP_ALLOWED_HOSTS" },
  );
}

function origins({ http: { allowedOrigins = [] } }: Settings): Finding {
  const text =
    allowedOrigins.length === 0
      ? "pages of loopback origins only may call"
      : `pages of ${allowedOrigins.join(", ")} and of loopback origins may call`;
  return ok("origins", text, { facts: { allowed_origins: allowedOrigins } });
}

/** What callers may bring along besides a user name and a token. */
function callersOwn({ callers: { oauth, allowedDomains, ignoreHeaderAuth } }: Settings): Finding[] {
  if (ignoreHeaderAuth) return [];
  const tokens = oauth
    ? "taken for Cloud (ATLASSIAN_OAUTH_ENABLE)"
    : "not taken, unless a product has OAuth settings (ATLASSIAN_OAUTH_ENABLE is off)";
  const urls =
    allowedDomains === undefined
      ? "none (MCP_ALLOWED_URL_DOMAINS is not set)"
      : `those in ${allowedDomains.join(", ")}`;
  return [
    ok("caller_oauth", tokens, { facts: { enabled: oauth } }),
    ok("caller_urls", urls, { facts: { allowed_domains: allowedDomains ?? [] } }),
  ];
}
