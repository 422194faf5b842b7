import type { ProxySettings, Settings } from "./product.ts";

/** Every value of the settings that must not show up in a log line, an error or an answer. */
export function secretsOf(settings: Settings): string[] {
  const { products, oauthParts, store, sharedProxies, oauthServer } = settings;
  const ofProducts = Object.values(products).flatMap((product) => {
    if (product === undefined) return [];
    const { apiToken, personalToken, accessToken, oauth, certificate, customHeaders } = product;
    return [
      ...[apiToken, personalToken, accessToken, oauth?.clientSecret, certificate?.passphrase],
      ...Object.values(customHeaders),
      ...passwordsOf(product.proxies),
    ];
  });
  const ofApps = [...Object.values(oauthParts), oauthServer?.app].map((app) => app?.clientSecret);
  return [...ofProducts, ...ofApps, ...passwordsOf(sharedProxies), ...store.keys].filter(
    (secret): secret is string => secret !== undefined && secret.length >= 4,
  );
}

function passwordsOf({ http, https, socks }: ProxySettings): string[] {
  return [http, https, socks].flatMap((url) =>
    url?.password ? [url.password, decoded(url.password)] : [],
  );
}

/** A literal `%` that encodes nothing is kept: people paste passwords as they are. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
