import type { OperationsSettings, Settings } from "../../config/product.ts";
import { secretsOf } from "../../config/secrets.ts";
import type { Logger, LoggerOptions } from "../../log.ts";
import type { Audit } from "./audit.ts";
import { createDrain, type Drain } from "./drain.ts";
import { type Metrics, noMetrics } from "./metrics.ts";
import type { Prometheus } from "./prometheus.ts";
import type { Tracing } from "./tracing.ts";

/** What whoever runs the server sees of it, and how it ends. Lives as long as the process. */
export interface Operations {
  readonly metrics: Metrics;
  /** What `/metrics` shows; absent: metrics are off. */
  readonly prometheus?: Prometheus | undefined;
  readonly audit?: Audit | undefined;
  readonly tracing?: Tracing | undefined;
  readonly drain: Drain;
}

/** Nothing is counted, traced or recorded. */
export const noOperations: Operations = { metrics: noMetrics, drain: createDrain(0) };

/**
 * Loads what the settings turn on, and nothing else.
 *
 * @param writeLine receives what would go to stderr.
 * @throws AtlassianMcpError `config` for an audit file that cannot be written.
 */
export async function openOperations(
  settings: Settings,
  log: Logger,
  writeLine?: LoggerOptions["write"],
): Promise<Operations> {
  const { operations } = settings;
  const [prometheus, audit, tracing] = await Promise.all([
    operations.metrics.isOn ? openPrometheus() : undefined,
    operations.audit.isOn ? openAuditOf(operations, settings, log, writeLine) : undefined,
    operations.tracing ? openTracingOr(log) : undefined,
  ]);
  return {
    metrics: prometheus?.metrics ?? noMetrics,
    prometheus,
    audit,
    tracing,
    drain: createDrain(operations.drainMs),
  };
}

async function openPrometheus(): Promise<Prometheus> {
  const { createPrometheus } = await import("./prometheus.ts");
  return createPrometheus();
}

async function openAuditOf(
  { audit }: OperationsSettings,
  settings: Settings,
  log: Logger,
  writeLine: LoggerOptions["write"],
): Promise<Audit> {
  const { openAudit } = await import("./audit.ts");
  const secrets = secretsOf(settings);
  const showsUsers = settings.logLevel === "debug";
  const write = audit.file === undefined ? writeLine : undefined;
  return openAudit({ file: audit.file, secrets, log, showsUsers, write });
}

async function openTracingOr(log: Logger): Promise<Tracing | undefined> {
  const { openTracing } = await import("./tracing.ts");
  const tracing = await openTracing();
  if (tracing === undefined) {
    log.warn("tracing.unavailable", { next: "Install @opentelemetry/api beside this program." });
  }
  return tracing;
}
