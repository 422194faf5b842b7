import type { Credentials } from "../http/types.ts";
import type { HeaderSet } from "./caller.ts";

/** User and API token (Cloud), or user and password (Data Center), as HTTP Basic. */
export function basicCredentials(user: string, secret: string): Credentials {
  return fixed(`Basic ${Buffer.from(`${user}:${secret}`, "utf8").toString("base64")}`);
}

/** A personal access token of Data Center, or an OAuth access token that is not ours to renew. */
export function bearerToken(token: string): Credentials {
  return fixed(`Bearer ${token}`);
}

/** No credentials: for what a site tells anyone, and where a certificate or a gateway says who it is. */
export const anonymous: Credentials = { headers: () => ({}) };

/** The credentials with headers beside them. Those of the credentials win. */
export function withHeaders(credentials: Credentials, passed: HeaderSet): Credentials {
  if (Object.keys(passed).length === 0) return credentials;
  const renew = credentials.renew?.bind(credentials);
  const known = new WeakMap<HeaderSet, HeaderSet>();
  // The same object for the same headers: limits are kept by it.
  const join = (own: HeaderSet) => {
    const joined = known.get(own) ?? { ...passed, ...own };
    known.set(own, joined);
    return joined;
  };
  return {
    headers: () => {
      const own = credentials.headers();
      return own instanceof Promise ? own.then(join) : join(own);
    },
    ...(renew && { renew }),
  };
}

function fixed(authorization: string): Credentials {
  const headers = { authorization };
  return { headers: () => headers };
}
