import type { Settings } from "./product.ts";

/** Every value of the settings that must not show up in a log line, an error or an answer. */
export function secretsOf({ products }: Settings): string[] {
  return Object.values(products)
    .flatMap((product) => {
      if (product === undefined) return [];
      const { apiToken, personalToken, customHeaders, proxies } = product;
      const passwords = [proxies.http, proxies.https, proxies.socks].flatMap((url) =>
        url?.password ? [url.password, decodeURIComponent(url.password)] : [],
      );
      return [apiToken, personalToken, ...Object.values(customHeaders), ...passwords];
    })
    .filter((secret): secret is string => secret !== undefined && secret.length >= 4);
}
