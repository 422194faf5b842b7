import { AtlassianMcpError } from "../errors.ts";

/** Stops calls to a site that has failed several times in a row, and lets single probes through after a while. */
export interface Breaker {
  /**
   * Runs the job unless the circuit is open. `isFailure` says whether the job's outcome counts against the site.
   *
   * @throws AtlassianMcpError `upstream` with `retryAfterMs` while the circuit is open.
   */
  run<T>(job: () => Promise<T>, isFailure: (outcome: T) => boolean): Promise<T>;
  close(): void;
}

export interface BreakerSettings {
  /** Failures in a row that open the circuit; 0 turns it off. */
  readonly threshold: number;
  /** How long the circuit stays open before a probe. */
  readonly cooldownMs: number;
}

/** Carries an outcome past the breaker, which knows failures only as rejections. */
class SiteFailure extends Error {
  readonly outcome: unknown;

  constructor(outcome: unknown) {
    super("the site failed");
    this.outcome = outcome;
  }
}

const noBreaker: Breaker = { run: (job) => job(), close() {} };

export async function createBreaker(settings: BreakerSettings, site: string): Promise<Breaker> {
  if (settings.threshold <= 0) return noBreaker;
  const { default: CircuitBreaker } = await import("opossum");
  const circuit = new CircuitBreaker((job: () => Promise<unknown>) => job(), {
    timeout: false,
    resetTimeout: settings.cooldownMs,
    // Its own rule is a failure rate within a window; ours counts failures in a row, below.
    volumeThreshold: Number.MAX_SAFE_INTEGER,
  });
  let inARow = 0;
  let openedAt = 0;
  circuit.on("open", () => {
    openedAt = Date.now();
  });
  circuit.on("success", () => {
    inARow = 0;
  });
  circuit.on("failure", () => {
    inARow += 1;
    if (inARow >= settings.threshold && circuit.closed) circuit.open();
  });

  return {
    async run<T>(job: () => Promise<T>, isFailure: (outcome: T) => boolean): Promise<T> {
      let outcome: { readonly value: T } | undefined;
      const guarded = async () => {
        outcome = { value: await job() };
        if (isFailure(outcome.value)) throw new SiteFailure(outcome.value);
      };
      await circuit.fire(guarded).catch((error: unknown) => {
        if (error instanceof SiteFailure) return;
        if (outcome !== undefined || !isOpenError(error)) throw error;
        throw openError(site, Math.max(1, openedAt + settings.cooldownMs - Date.now()));
      });
      if (outcome === undefined) throw new Error("the breaker finished without an outcome");
      return outcome.value;
    },
    close: () => circuit.shutdown(),
  };
}

function isOpenError(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EOPENBREAKER";
}

function openError(site: string, retryAfterMs: number): AtlassianMcpError {
  const seconds = Math.ceil(retryAfterMs / 1000);
  return new AtlassianMcpError(
    "upstream",
    `${site} failed several times in a row; calls to it are paused`,
    {
      retryAfterMs,
      setting: "ATLASSIAN_CIRCUIT_BREAKER_THRESHOLD",
      next: `Try again in ${seconds} s.`,
    },
  );
}
