import { AtlassianMcpError, isOurs } from "../errors.ts";
import type { ApiClient, ApiRequest } from "../http/types.ts";

/** Which of the two addresses of a Cloud site takes an identity's credentials. Kept for as long as the identity is. */
export interface RouteMemory {
  route?: "site" | "gateway" | undefined;
}

/**
 * A client for credentials that may be a classic API token, which works on the site, or one with scopes or of a service
 * account, which works through the gateway alone. Asks the site first; after its 401 the gateway once, and goes on with
 * whichever took them. A 401 was not carried out, so that writes may be sent again.
 *
 * @param openGateway the client for the gateway; `undefined` when the site does not say its cloud id.
 */
export function withGatewayFallback(
  site: ApiClient,
  openGateway: () => Promise<ApiClient | undefined>,
  memory: RouteMemory,
): ApiClient {
  const viaGateway = async (request: ApiRequest, refused: AtlassianMcpError): Promise<unknown> => {
    const gateway = await openGateway().catch(() => undefined);
    if (gateway === undefined) throw refused;
    try {
      const answer = await gateway.json(request);
      memory.route = "gateway";
      return answer;
    } catch (error) {
      if (!isUnauthorized(error)) {
        // It knows who is asking, whatever else is wrong.
        if (isOurs(error, "scope", "forbidden", "not_found", "invalid", "conflict")) {
          memory.route = "gateway";
        }
        throw error;
      }
      memory.route = undefined;
      throw neitherTook(refused);
    }
  };
  return {
    async json(request) {
      if (memory.route === "gateway") return viaGateway(request, lastRefusal);
      try {
        const answer = await site.json(request);
        // What the site tells anyone says nothing about a token that another call found it refuses.
        memory.route ??= "site";
        return answer;
      } catch (error) {
        if (!isUnauthorized(error) || memory.route === "site") throw error;
        return viaGateway(request, error);
      }
    },
  };
}

const lastRefusal = new AtlassianMcpError("auth", "The credentials are no longer accepted", {
  status: 401,
});

function isUnauthorized(error: unknown): error is AtlassianMcpError {
  return isOurs(error, "auth") && error.details.status === 401;
}

function neitherTook(refused: AtlassianMcpError): AtlassianMcpError {
  return refused.with({
    next:
      "Neither the site nor Atlassian's gateway (for API tokens with scopes and service accounts) accepts them: the " +
      `token is wrong, expired or revoked, or belongs to another account. ${refused.details.next ?? ""}`.trim(),
  });
}
