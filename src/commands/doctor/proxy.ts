import type { ProductSettings } from "../../config/product.ts";
import { productWords } from "../../config/setting.ts";
import { pacFor, proxyFor } from "../../http/proxy.ts";
import { proxyOf } from "../../server/outbound.ts";
import { type Finding, failed, ok } from "./report.ts";

/** Which proxy requests to `url` take, and whose word that is. */
export function checkProxy(
  url: URL,
  { product, proxies }: Pick<ProductSettings, "product" | "proxies">,
  origins: ReadonlyMap<string, string>,
): Finding {
  const settings = proxyOf(proxies);
  const { env } = productWords[product];
  const named = (...suffixes: string[]) =>
    suffixes.flatMap((suffix) => [`${env}_${suffix}`, suffix]).find((name) => origins.has(name)) ??
    suffixes[0];
  try {
    const proxy = proxyFor(url, settings);
    if (proxy !== undefined) {
      const suffix = proxy.uri.startsWith("socks5:")
        ? named("SOCKS_PROXY")
        : named(url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY", "ALL_PROXY");
      const text = `${url.host} is reached through ${proxy.label} (${suffix})`;
      return ok("proxy", text, { facts: { proxy: proxy.label, setting: suffix } });
    }
    const pac = pacFor(url, settings);
    if (pac !== undefined) {
      const { host, pathname } = new URL(pac.url);
      const text = `the script at ${host}${pathname} is asked for the proxy (${pac.setting})`;
      return ok("proxy", text, { facts: { pac: `${host}${pathname}` } });
    }
  } catch (error) {
    return failed("proxy", error);
  }
  const { http, https, socks, pac } = proxies;
  const isExempt = [url.protocol === "https:" ? https : http, socks, pac].some(Boolean);
  const text = isExempt
    ? `none: ${named("NO_PROXY")} exempts ${url.host}`
    : `none; ${url.host} is reached directly`;
  return ok("proxy", text, { facts: { exempt: isExempt } });
}
