import type { ClientRecord } from "./client-metadata.ts";
import { ClientMetadataProblem, readClientMetadata } from "./client-metadata.ts";
import type { Clients } from "./clients.ts";
import { createLimiter } from "./limits.ts";
import { newSecret } from "./records.ts";
import type { RedirectPolicy } from "./redirects.ts";
import type { AuthorizationServerOptions } from "./types.ts";

export interface RegistrationOptions {
  readonly clients: Clients;
  readonly redirects: RedirectPolicy;
  readonly grantTypes: AuthorizationServerOptions["grantTypes"];
  readonly clock: () => number;
  /** The library's own opinion of a client. */
  readonly validate: (client: ClientRecord) => Promise<void>;
}

/** Answer of the registration endpoint. */
export interface RegistrationAnswer {
  readonly status: number;
  readonly body: object;
  readonly retryAfterMs?: number | undefined;
}

/**
 * Registrations by everybody in an hour. Those that nobody uses go after a day, so there are never more than a day's
 * worth of them.
 */
const perHour = 2000;
/** Characters; with several keys and their certificates it is about half of that. */
const longest = 16 * 1024;

export function createRegistration(options: RegistrationOptions) {
  const { clients, clock } = options;
  const everybody = createLimiter({ max: perHour, windowMs: 3_600_000, clock });
  return async (text: string): Promise<RegistrationAnswer> => {
    try {
      const client = await readRegistration(text, options);
      const retryAfterMs = everybody.hit("all");
      if (retryAfterMs !== undefined) return { ...tooMany, retryAfterMs };
      await clients.add(client);
      return { status: 201, body: client };
    } catch (error) {
      if (!(error instanceof ClientMetadataProblem)) throw error;
      return { status: 400, body: { error: error.error, error_description: error.message } };
    }
  };
}

const tooMany: RegistrationAnswer = {
  status: 429,
  body: { error: "temporarily_unavailable", error_description: "Too many registrations" },
};

async function readRegistration(
  text: string,
  { redirects, grantTypes, clock, validate }: RegistrationOptions,
): Promise<ClientRecord> {
  if (text.length > longest) {
    throw new ClientMetadataProblem("invalid_client_metadata", "The request is larger than 16 kB");
  }
  const metadata = readClientMetadata(parse(text), { redirects, grantTypes });
  const hasSecret = metadata.token_endpoint_auth_method.startsWith("client_secret");
  const client: ClientRecord = {
    client_id: `mcp-${newSecret().slice(0, 32)}`,
    client_id_issued_at: Math.floor(clock() / 1000),
    ...(hasSecret && { client_secret: newSecret(), client_secret_expires_at: 0 }),
    ...metadata,
  };
  await validate(client);
  return client;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ClientMetadataProblem("invalid_client_metadata", "The request is no JSON object");
  }
}
