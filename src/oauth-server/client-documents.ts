import { z } from "zod";
import type { Fetch } from "../auth/oauth/types.ts";
import type { Logger } from "../log.ts";
import { parsedUrl } from "../parsed-url.ts";
import type { Store } from "../store/types.ts";
import type { ClientRecord } from "./client-metadata.ts";
import { ClientMetadataProblem, clientRecord, readClientMetadata } from "./client-metadata.ts";
import { createLimiter } from "./limits.ts";
import { openRecords } from "./records.ts";
import type { RedirectPolicy } from "./redirects.ts";
import type { AuthorizationServerOptions } from "./types.ts";

/** Clients whose id is the address of a document that describes them. */
export interface ClientDocuments {
  /**
   * The client behind an id.
   *
   * @throws ClientMetadataProblem when there is no usable document; that, too, is remembered for a while.
   */
  find(id: string): Promise<ClientRecord>;
  /** A user has let it in: its document is kept for longer. */
  keep(id: string): Promise<void>;
}

export interface ClientDocumentOptions {
  readonly store: Store;
  readonly fetch: Fetch;
  readonly redirects: RedirectPolicy;
  readonly grantTypes: AuthorizationServerOptions["grantTypes"];
  readonly clock: () => number;
  readonly log: Logger;
}

const secondMs = 1000;
const dayMs = 86_400_000;
const shortestMs = 30 * secondMs;
const refusedForMs = 60 * secondMs;
/** While its host is out of reach, an old document serves so long. */
const keptForMs = dayMs;
const timeoutMs = 5 * secondMs;
const maxBytes = 5 * 1024;
/** Of a client that nobody has let in, whatever its host would like: anybody can serve documents without end. */
const unusedForMs = 3600 * secondMs;
const perHost = { max: 30, windowMs: 60 * secondMs };
const perServer = { max: 120, windowMs: 60 * secondMs };

const remembered = z.object({
  client: clientRecord.optional(),
  refusal: z.string().optional(),
  freshUntil: z.number(),
  /** When the client was last seen; 0 with a refusal. */
  seenAt: z.number(),
  isUsed: z.boolean(),
});
type Remembered = z.output<typeof remembered>;

/** True for an id that is to be fetched: https, with a path, written as a browser would write it. */
export function isDocumentId(id: string): boolean {
  const url = id.startsWith("https://") && id.length <= 1000 ? parsedUrl(id) : undefined;
  if (url === undefined) return false;
  const isPlain = url.href === id && url.username === "" && url.password === "";
  return isPlain && url.pathname !== "/" && !id.includes("#") && !/%2e/i.test(url.pathname);
}

export function openClientDocuments(options: ClientDocumentOptions): ClientDocuments {
  const { store, clock, log } = options;
  const records = openRecords(store, "document", remembered);
  const hosts = createLimiter({ ...perHost, clock });
  const everybody = createLimiter({ ...perServer, clock });
  const underWay = new Map<string, Promise<ClientRecord>>();

  const renew = async (id: string, old: Remembered | undefined): Promise<ClientRecord> => {
    const { host } = new URL(id);
    if (hosts.hit(host) !== undefined || everybody.hit("all") !== undefined) {
      // Whoever floods a host must not lock out those who are in already.
      if (old?.client !== undefined) return old.client;
      throw refused(`Too many documents of ${host} are asked for`);
    }
    const isUsed = old?.isUsed === true;
    try {
      const { client, freshForMs } = await load(id, options);
      const seenAt = clock();
      const longestMs = isUsed ? keptForMs : unusedForMs;
      const freshUntil = seenAt + Math.min(longestMs, freshForMs);
      await records.put(id, { client, freshUntil, seenAt, isUsed }, longestMs);
      return client;
    } catch (error) {
      const problem = error instanceof ClientMetadataProblem ? error : undefined;
      log.info("client.refused", { host, reason: problem?.message ?? "out of reach" });
      const freshUntil = clock() + refusedForMs;
      if (problem === undefined && old?.client !== undefined) {
        const leftMs = Math.max(1, old.seenAt + keptForMs - clock());
        await records.put(id, { ...old, freshUntil }, leftMs);
        return old.client;
      }
      const refusal = problem?.message ?? `The document at ${host} could not be fetched`;
      await records.put(id, { refusal, freshUntil, seenAt: 0, isUsed }, refusedForMs);
      throw refused(refusal);
    }
  };

  return {
    async find(id) {
      const known = await records.get(id);
      if (known !== undefined && known.freshUntil > clock()) {
        if (known.client !== undefined) return known.client;
        throw refused(known.refusal ?? "");
      }
      const pending = underWay.get(id) ?? renew(id, known).finally(() => underWay.delete(id));
      underWay.set(id, pending);
      return pending;
    },
    async keep(id) {
      await records.change(id, (known) => {
        if (known?.client === undefined || known.isUsed) return undefined;
        return { value: { ...known, isUsed: true }, ttlMs: keptForMs };
      });
    },
  };
}

async function load(
  id: string,
  { fetch, redirects, grantTypes, clock }: ClientDocumentOptions,
): Promise<{ client: ClientRecord; freshForMs: number }> {
  const response = await fetch(id, {
    headers: { accept: "application/json" },
    redirect: "manual",
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (response.status >= 500) throw new Error(`status ${response.status}`);
  if (response.status !== 200) throw refused(`The document answers with ${response.status}`);
  const document = parse(await limitedText(response));
  if (document["client_id"] !== id) throw refused("The document is about another client_id");
  if ("client_secret" in document || "client_secret_expires_at" in document) {
    throw refused("The document holds a client_secret");
  }
  const { host } = new URL(id);
  const client = readClientMetadata(document, { redirects, grantTypes, ownHost: host });
  if (client.token_endpoint_auth_method.startsWith("client_secret")) {
    throw refused("The document asks for a shared secret");
  }
  return { client: { ...client, client_id: id }, freshForMs: freshness(response, clock()) };
}

/** As much as a document may have. */
async function limitedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) throw refused("The document is larger than 5 kB");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Said below.
  }
  throw refused("The document is no JSON object");
}

/** Milliseconds, within 30 s and a day, as the host's cache headers say. */
function freshness({ headers }: Response, now: number): number {
  const control = headers.get("cache-control") ?? "";
  const seconds = /(?:^|[\s,])max-age\s*=\s*"?(\d+)/i.exec(control)?.[1];
  const expires = Date.parse(headers.get("expires") ?? "");
  const isUncached = /no-store|no-cache/i.test(control);
  const wanted = seconds === undefined ? expires - now : Number(seconds) * secondMs;
  return isUncached || Number.isNaN(wanted)
    ? shortestMs
    : Math.min(dayMs, Math.max(shortestMs, wanted));
}

function refused(description: string): ClientMetadataProblem {
  return new ClientMetadataProblem("invalid_client_metadata", description);
}
