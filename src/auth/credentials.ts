import type { Credentials } from "../http/types.ts";

/** User and API token (Cloud), or user and password (Data Center), as HTTP Basic. */
export function basicCredentials(user: string, secret: string): Credentials {
  return fixed(`Basic ${Buffer.from(`${user}:${secret}`, "utf8").toString("base64")}`);
}

/** A Data Center personal access token. */
export function personalToken(token: string): Credentials {
  return fixed(`Bearer ${token}`);
}

/** No credentials: for what a site tells anyone. */
export const anonymous: Credentials = { headers: () => ({}) };

function fixed(authorization: string): Credentials {
  const headers = { authorization };
  return { headers: () => headers };
}
