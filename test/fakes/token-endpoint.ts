import type { ServerResponse } from "node:http";
import { sendJson, startServer } from "./loopback.ts";

/** An issuer whose refresh tokens rotate. */
export interface TokenEndpoint {
  readonly url: URL;
  /** The parameters of each request. */
  readonly requests: readonly URLSearchParams[];
  /** The refresh token that counts now. */
  readonly current: string;
}

export interface TokenEndpointOptions {
  readonly clientSecret: string;
  readonly refreshToken: string;
  /** Refresh tokens that were replaced go on working, as they do at Atlassian for ten minutes. */
  readonly leeway: boolean;
  readonly expiresInS?: number;
  /** Called once the token has been replaced; the answer waits for it. */
  readonly beforeAnswer?: (response: ServerResponse, answer: object) => Promise<void> | void;
}

/** Listens on 127.0.0.1 until the test ends. Tokens are numbered: `access-2` belongs to `refresh-2`. */
export async function startTokenEndpoint(options: TokenEndpointOptions): Promise<TokenEndpoint> {
  const requests: URLSearchParams[] = [];
  let current = options.refreshToken;
  const accepted = new Set([current]);
  let issued = 1;
  const server = await startServer((request, response) => {
    const parameters = new URLSearchParams(request.body);
    requests.push(parameters);
    const given = parameters.get("refresh_token") ?? "";
    if (parameters.get("client_secret") !== options.clientSecret) {
      sendJson(response, { error: "invalid_client" }, 401);
      return;
    }
    if (!accepted.has(given)) {
      const error_description = `Unknown or invalid refresh token. ${given}`;
      sendJson(response, { error: "invalid_grant", error_description }, 403);
      return;
    }
    if (!options.leeway) accepted.clear();
    issued += 1;
    current = `refresh-${issued}-of-a-long-life`;
    accepted.add(current);
    const answer = {
      access_token: `access-${issued}-of-a-short-life`,
      refresh_token: current,
      expires_in: options.expiresInS ?? 3600,
      token_type: "Bearer",
      scope: "read:me offline_access",
    };
    void Promise.resolve(options.beforeAnswer?.(response, answer)).then(() => {
      if (!response.writableEnded && !response.headersSent) sendJson(response, answer);
    });
  });
  return {
    url: server.url,
    requests,
    get current() {
      return current;
    },
  };
}
