import { type ErrorCode, isOurs } from "../../errors.ts";

/** `skipped`: it could not be looked at, for the reason in the text. */
export type Outcome = "ok" | "warning" | "problem" | "skipped";

/** What a check is called, by the name that programs know it by. */
export const checkTitles = {
  settings: "Settings",
  credentials: "Credentials",
  address: "Address",
  proxy: "Proxy",
  sign_in: "Sign-in",
  client_certificate: "Client certificate",
  connection: "Connection",
  deployment: "Deployment",
  gateway: "Gateway",
  cloud_id: "Cloud id",
  account: "Account",
  token: "Token",
  login: "OAuth login",
  scopes: "Scopes",
  latency: "Latency",
  clock: "Clock",
  rest: "Everything else",
  callers: "Callers",
  exposure: "Exposure",
  host_header: "Host header",
  origins: "Web origins",
  caller_oauth: "OAuth tokens of callers",
  caller_urls: "Sites chosen by callers",
  store: "Place",
  store_key: "Key",
} as const;
export type CheckName = keyof typeof checkTitles;

/** The values of a finding, for programs. Names are snake_case, times ISO 8601, durations in milliseconds. */
export type Facts = Readonly<
  Record<string, string | number | boolean | readonly string[] | undefined>
>;

/** What one check found. No field ever holds a secret. */
export interface Finding {
  readonly check: CheckName;
  readonly outcome: Outcome;
  /** One line for people. */
  readonly text: string;
  /** Further lines. */
  readonly details?: readonly string[] | undefined;
  /** What to do; with warnings and problems. */
  readonly remedy?: string | undefined;
  readonly code?: ErrorCode | undefined;
  /** The setting at fault. */
  readonly setting?: string | undefined;
  readonly facts?: Facts | undefined;
}

/** Findings about one thing, in reading order. */
export interface Section {
  readonly title: string;
  readonly findings: readonly Finding[];
}

export interface Report {
  readonly version: string;
  /** E.g. `Node.js 24.1.0, linux x64`. */
  readonly machine: string;
  /** ISO 8601. */
  readonly time: string;
  readonly sections: readonly Section[];
}

type Rest = Pick<Finding, "details" | "facts" | "setting">;

export function ok(check: CheckName, text: string, rest: Rest = {}): Finding {
  return { check, outcome: "ok", text, ...rest };
}

export function skipped(check: CheckName, text: string): Finding {
  return { check, outcome: "skipped", text };
}

export function warning(check: CheckName, text: string, remedy: string, rest: Rest = {}): Finding {
  return { check, outcome: "warning", text, remedy, ...rest };
}

export function problem(check: CheckName, text: string, remedy: string, rest: Rest = {}): Finding {
  return { check, outcome: "problem", text, remedy, ...rest };
}

/** The problem that an error is. */
export function failed(check: CheckName, error: unknown, facts: Facts = {}): Finding {
  if (!isOurs(error)) {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return problem(check, `failed unexpectedly (${text})`, "Please report this as a bug.");
  }
  const { next, setting, status, operation, traceId } = error.details;
  const from = traceId === undefined ? "" : ` (request ${traceId})`;
  return {
    check,
    outcome: "problem",
    text: `${error.message}${from}`,
    remedy: next ?? "Check the settings of this product.",
    code: error.code,
    setting,
    facts: { ...facts, status, operation, trace_id: traceId },
  };
}

export type Tally = Readonly<Record<Outcome, number>>;

export function tally({ sections }: Pick<Report, "sections">): Tally {
  const all = sections.flatMap(({ findings }) => findings);
  const count = (outcome: Outcome) => all.filter((finding) => finding.outcome === outcome).length;
  return {
    ok: count("ok"),
    warning: count("warning"),
    problem: count("problem"),
    skipped: count("skipped"),
  };
}
