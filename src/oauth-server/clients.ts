import type { Fetch } from "../auth/oauth/types.ts";
import type { Logger } from "../log.ts";
import type { Store } from "../store/types.ts";
import { type ClientDocuments, isDocumentId, openClientDocuments } from "./client-documents.ts";
import { type ClientRecord, clientRecord } from "./client-metadata.ts";
import { openRecords } from "./records.ts";
import type { RedirectPolicy } from "./redirects.ts";
import type { AuthorizationServerOptions } from "./types.ts";

/** Every client there is, registered or by document. */
export interface Clients {
  /** @throws ClientMetadataProblem for a document that cannot be used. */
  find(id: string): Promise<ClientRecord | undefined>;
  /** A new registration, which goes after a day without a user. */
  add(client: ClientRecord): Promise<void>;
  /** A user has let it in: it stays for as long as that may last. */
  keep(id: string): Promise<void>;
}

export interface ClientOptions {
  readonly store: Store;
  readonly documentFetch: Fetch;
  readonly redirects: RedirectPolicy;
  readonly grantTypes: AuthorizationServerOptions["grantTypes"];
  readonly clock: () => number;
  readonly log: Logger;
}

const dayMs = 86_400_000;
const unusedForMs = dayMs;
/** Longer than any grant. */
const keptForMs = 90 * dayMs;

export function openClients({ documentFetch, ...options }: ClientOptions): Clients {
  const { redirects, grantTypes } = options;
  const records = openRecords(options.store, "client", clientRecord);
  /** As the operator's settings are now: what was registered under others does not outlive them. */
  const allowed = (client: ClientRecord | undefined): ClientRecord | undefined => {
    const uris = client?.redirect_uris.filter((uri) => redirects.allows(uri)) ?? [];
    if (client === undefined || uris.length === 0) return undefined;
    const types = grantTypes.filter((type) => client.grant_types.includes(type));
    return { ...client, redirect_uris: uris, grant_types: types };
  };
  const documents: ClientDocuments = openClientDocuments({ ...options, fetch: documentFetch });
  return {
    find: async (id) => (isDocumentId(id) ? documents.find(id) : allowed(await records.get(id))),
    add: (client) => records.put(client.client_id, client, unusedForMs),
    async keep(id) {
      if (isDocumentId(id)) return documents.keep(id);
      await records.change(id, (client) => client && { value: client, ttlMs: keptForMs });
    },
  };
}
