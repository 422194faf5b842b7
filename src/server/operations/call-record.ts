import type { ServerContext } from "@modelcontextprotocol/server";
import type { Connection } from "../../auth/connection.ts";
import type { ToolEntry } from "../../tools/catalogue.ts";
import type { Operations } from "./operations.ts";
import type { RequestContext } from "./request-context.ts";

/** What becomes known of a tool call while it runs. */
export interface CallRecord {
  readonly request: RequestContext | undefined;
  entry?: ToolEntry | undefined;
  connection?: Connection | undefined;
  args?: unknown;
  value?: unknown;
}

/** Facts of a call that ended, from those who know them. */
export interface CallEnd {
  /** `ok`, `cancelled`, `internal`, `protocol` or an error code. */
  readonly outcome: string;
  readonly ms: number;
  accountOf(connection: Connection): string | undefined;
  clientOf(): { readonly name: string; readonly version: string } | undefined;
}

/** Runs a call in a span of its own where calls are traced. */
export function traceCall<T>(
  { tracing }: Operations,
  tool: string,
  request: RequestContext | undefined,
  { _meta: meta }: ServerContext["mcpReq"],
  job: (failed: (code: string) => void) => Promise<T>,
): Promise<T> {
  if (tracing === undefined) return job(() => {});
  // Since 2026-07-28 a call carries its trace itself; the header may be that of a proxy in between.
  const { traceparent, tracestate } = meta ?? {};
  const parents = [{ traceparent, tracestate }, request];
  return tracing.call({ tool, parents, requestId: request?.requestId }, job);
}

/** Counts a call, and records it when it could change something. */
export function recordCall(
  { metrics, audit }: Operations,
  { request, entry, connection, args, value }: CallRecord,
  { outcome, ms, accountOf, clientOf }: CallEnd,
): void {
  const deployment = connection?.deployment ?? "none";
  metrics.callEnded({ tool: entry?.name ?? "unknown", outcome, deployment, ms });
  if (connection !== undefined) {
    const refused = ["auth", "scope", "forbidden"].includes(outcome);
    metrics.authenticated(connection.method, refused ? outcome : "ok");
  }
  if (audit === undefined || entry === undefined || entry.access === "read") return;
  audit.write({
    entry,
    connection,
    account: connection && accountOf(connection),
    client: clientOf(),
    requestId: request?.requestId,
    args,
    value,
    outcome,
    ms,
  });
}

/** Records a call that its caller has not allowed the client, and that went no further. */
export function recordRefusal(
  { audit }: Operations,
  { request, entry, args }: CallRecord,
  account: string | undefined,
): void {
  if (entry === undefined || entry.access === "read") return;
  audit?.write({
    entry,
    connection: undefined,
    account,
    client: undefined,
    requestId: request?.requestId,
    args,
    value: undefined,
    outcome: "scope",
    ms: 0,
  });
}
