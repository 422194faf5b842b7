import { z } from "zod";
import { parsedUrl } from "../parsed-url.ts";
import { authMethods } from "./metadata.ts";
import type { RedirectPolicy } from "./redirects.ts";
import type { AuthorizationServerOptions } from "./types.ts";

/** A client as it is stored and as the provider library reads it. */
export const clientRecord = z.object({
  client_id: z.string(),
  client_name: z.string().optional(),
  redirect_uris: z.array(z.string()),
  grant_types: z.array(z.string()),
  response_types: z.array(z.string()),
  token_endpoint_auth_method: z.string(),
  application_type: z.enum(["native", "web"]),
  client_id_issued_at: z.number().optional(),
  client_secret: z.string().optional(),
  client_secret_expires_at: z.number().optional(),
  client_uri: z.string().optional(),
  logo_uri: z.string().optional(),
  tos_uri: z.string().optional(),
  policy_uri: z.string().optional(),
  contacts: z.array(z.string()).optional(),
  jwks: z.record(z.string(), z.unknown()).optional(),
  jwks_uri: z.string().optional(),
  software_id: z.string().optional(),
  software_version: z.string().optional(),
});
export type ClientRecord = z.output<typeof clientRecord>;

/** A client's metadata that cannot be used. `error` is a word of RFC 7591. */
export class ClientMetadataProblem extends Error {
  override readonly name = "ClientMetadataProblem";
  readonly error: "invalid_redirect_uri" | "invalid_client_metadata";

  constructor(error: ClientMetadataProblem["error"], description: string) {
    super(description);
    this.error = error;
  }
}

const text = z.string().trim().min(1).max(400).optional().catch(undefined);
const link = z
  .string()
  .max(2048)
  .refine((value) => parsedUrl(value)?.protocol === "https:")
  .optional()
  .catch(undefined);

/**
 * What a client says about itself. Beyond what the flow depends on, everything that cannot be used is left out. So is
 * `scope`, always: the library would take it for an upper bound, and a later step-up would fail.
 */
const statement = z.object({
  redirect_uris: z.array(z.string()).min(1).max(30),
  client_name: text,
  grant_types: z.array(z.string()).nullish(),
  response_types: z.array(z.string()).nullish(),
  token_endpoint_auth_method: z.string().nullish(),
  application_type: z.enum(["native", "web"]).nullish().catch(undefined),
  client_uri: link,
  logo_uri: link,
  tos_uri: link,
  policy_uri: link,
  contacts: z.array(z.string().max(200)).max(10).optional().catch(undefined),
  jwks: z.record(z.string(), z.unknown()).nullish(),
  // Whoever can change the answer on its way could sign as the client.
  jwks_uri: z
    .string()
    .refine((value) => parsedUrl(value)?.protocol === "https:")
    .nullish(),
  software_id: text,
  software_version: text,
});
type Statement = z.output<typeof statement>;

interface Rules {
  readonly redirects: RedirectPolicy;
  readonly grantTypes: AuthorizationServerOptions["grantTypes"];
  /** For a metadata document: the host it came from, whose own addresses are fine. */
  readonly ownHost?: string | undefined;
}

/**
 * What is stored of a client, without id and secret.
 *
 * @throws ClientMetadataProblem
 */
export function readClientMetadata(body: unknown, rules: Rules): Omit<ClientRecord, "client_id"> {
  const parsed = statement.safeParse(body);
  if (!parsed.success) {
    const field = String(parsed.error.issues[0]?.path[0] ?? "");
    const error = field === "redirect_uris" ? "invalid_redirect_uri" : "invalid_client_metadata";
    throw new ClientMetadataProblem(error, `${field || "The metadata"} cannot be used`);
  }
  const said = parsed.data;
  const redirects = readRedirects(said, rules);
  return {
    ...optional(said),
    redirect_uris: redirects,
    grant_types: readGrantTypes(said, rules),
    response_types: readResponseTypes(said),
    token_endpoint_auth_method: readAuthMethod(said),
    application_type: applicationType(said, redirects),
  };
}

function readRedirects({ redirect_uris: uris }: Statement, rules: Rules): string[] {
  const { redirects, ownHost } = rules;
  for (const uri of uris) {
    const flaw = redirects.flawOf(uri);
    if (flaw !== undefined) throw badRedirect(uri, flaw);
  }
  const allowed = uris.filter((uri) => redirects.allows(uri, ownHost));
  const refused = uris.find((uri) => !allowed.includes(uri));
  // A document serves many servers and lists addresses for all of them; a registration is for this one.
  if (refused !== undefined && (ownHost === undefined || allowed.length === 0)) {
    throw badRedirect(refused, "is not on the operator's list of allowed addresses");
  }
  return [...new Set(allowed)];
}

function badRedirect(uri: string, flaw: string): ClientMetadataProblem {
  const shown = uri.slice(0, 200).replace(/[\p{Cc}"\\]/gu, "?");
  return new ClientMetadataProblem("invalid_redirect_uri", `redirect_uri '${shown}' ${flaw}`);
}

function readGrantTypes({ grant_types: asked }: Statement, { grantTypes }: Rules): string[] {
  if (asked === undefined || asked === null || asked.length === 0) return [...grantTypes];
  if (!asked.includes("authorization_code")) {
    const text = "grant_types must contain authorization_code";
    throw new ClientMetadataProblem("invalid_client_metadata", text);
  }
  return grantTypes.filter((type) => asked.includes(type));
}

function readResponseTypes({ response_types: asked }: Statement): string[] {
  if (asked && asked.length > 0 && !asked.includes("code")) {
    throw new ClientMetadataProblem("invalid_client_metadata", "response_types must contain code");
  }
  return ["code"];
}

/** A client that names no method is a public one: a secret in a program that anybody can read protects nothing. */
function readAuthMethod({ token_endpoint_auth_method: method }: Statement): string {
  const known = authMethods.find((each) => each === (method ?? "none"));
  if (known !== undefined) return known;
  const text = "token_endpoint_auth_method is not supported";
  throw new ClientMetadataProblem("invalid_client_metadata", text);
}

/** Native clients alone get a free choice of port on their own machine, so the addresses count more than the word. */
function applicationType(said: Statement, redirects: readonly string[]): "native" | "web" {
  const isNative = redirects.some((uri) => !uri.startsWith("https:"));
  return isNative ? "native" : (said.application_type ?? "native");
}

function optional(said: Statement): Partial<ClientRecord> {
  const { client_name, client_uri, logo_uri, tos_uri, policy_uri, contacts } = said;
  const { jwks, jwks_uri, software_id, software_version } = said;
  return Object.fromEntries(
    Object.entries({
      client_name,
      client_uri,
      logo_uri,
      tos_uri,
      policy_uri,
      contacts,
      jwks,
      jwks_uri,
      software_id,
      software_version,
    }).filter(([, value]) => value !== undefined && value !== null),
  );
}
