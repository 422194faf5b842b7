import type { SandboxAnswer, SandboxUser } from "../types.ts";

/** A request to a page or endpoint that takes no part in the products' routing. */
export interface CounterRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Whom the client certificate of the connection names. */
  readonly certified: SandboxUser | undefined;
  /** Set where the request turned out to be somebody's, for the record. */
  user?: string | undefined;
}

/** A place that judges its requests itself: sign-in pages, token endpoints, profiles. */
export interface Counter {
  /** What faults are matched against. */
  readonly path: string;
  serve(request: CounterRequest): SandboxAnswer;
}

export const formType = "application/x-www-form-urlencoded";

export function mediaTypeOf(request: CounterRequest): string {
  return (request.headers["content-type"] ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

export function formOf(request: CounterRequest): URLSearchParams {
  return new URLSearchParams(request.body.toString("utf8"));
}

export function wrongMethod(...allowed: readonly string[]): SandboxAnswer {
  return { status: 405, headers: { allow: allowed.join(",") } };
}
