import type { Places } from "./places.ts";
import type { AuthorizationServerOptions } from "./types.ts";

export const authMethods = [
  "none",
  "client_secret_basic",
  "client_secret_post",
  "private_key_jwt",
] as const;

/** What clients may sign assertions with. */
export const assertionAlgorithms = ["RS256", "PS256", "ES256", "EdDSA"] as const;

/** RFC 8414 and OpenID discovery in one: both know the fields of the other. */
export function serverMetadata(
  places: Places,
  { scopes, grantTypes }: Pick<AuthorizationServerOptions, "scopes" | "grantTypes">,
): object {
  return {
    issuer: places.issuer,
    authorization_endpoint: places.url("/authorize"),
    token_endpoint: places.url("/token"),
    registration_endpoint: places.url("/register"),
    revocation_endpoint: places.url("/revoke"),
    jwks_uri: places.url("/jwks"),
    scopes_supported: [...scopes, "openid"],
    response_types_supported: ["code"],
    response_modes_supported: ["query"],
    grant_types_supported: grantTypes,
    token_endpoint_auth_methods_supported: authMethods,
    token_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
    revocation_endpoint_auth_methods_supported: authMethods,
    revocation_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
    code_challenge_methods_supported: ["S256"],
    authorization_response_iss_parameter_supported: true,
    client_id_metadata_document_supported: true,
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["ES256"],
    claims_supported: ["sub", "iss", "aud", "exp", "iat"],
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
  };
}

/** RFC 9728. `scopes`: those of normal use, so that clients ask for them at once. */
export function resourceMetadata(
  places: Places,
  resource: string,
  { scopes }: Pick<AuthorizationServerOptions, "scopes">,
): object {
  return {
    resource,
    authorization_servers: [places.issuer],
    scopes_supported: scopes,
    bearer_methods_supported: ["header"],
    resource_name: "Jira and Confluence",
  };
}
