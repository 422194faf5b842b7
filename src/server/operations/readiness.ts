import { isOurs } from "../../errors.ts";
import type { Drain } from "./drain.ts";

/** Something without which no request can be served. */
export interface ReadinessCheck {
  /** Shown to whoever asks. */
  readonly name: string;
  /** Rejects when it is not there. What it rejects with is not shown, only its code. */
  run(): Promise<unknown>;
}

export interface Failing {
  readonly check: string;
  /** An error code, or `draining`. */
  readonly reason: string;
}

export interface Readiness {
  /** What is missing; nothing: the server can serve. */
  failing(): Promise<readonly Failing[]>;
}

export interface ReadinessOptions {
  readonly checks: readonly ReadinessCheck[];
  readonly drain: Drain;
  /** For each check. Default 1 s. */
  readonly limitMs?: number | undefined;
}

/** Runs all checks side by side. Who asks while they run gets the same answer: anybody may ask. */
export function createReadiness({ checks, drain, limitMs = 1000 }: ReadinessOptions): Readiness {
  let running: Promise<readonly Failing[]> | undefined;
  const run = async () => {
    const outcomes = await Promise.all(checks.map((check) => outcomeOf(check, limitMs)));
    return outcomes.filter((outcome) => outcome !== undefined);
  };
  return {
    async failing() {
      if (drain.isDraining) return [{ check: "server", reason: "draining" }];
      running ??= run().finally(() => {
        running = undefined;
      });
      return running;
    },
  };
}

async function outcomeOf(check: ReadinessCheck, limitMs: number): Promise<Failing | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<Failing>((resolve) => {
    timer = setTimeout(() => resolve({ check: check.name, reason: "timeout" }), limitMs);
  });
  const outcome = check.run().then(
    () => undefined,
    (error: unknown) => ({ check: check.name, reason: isOurs(error) ? error.code : "internal" }),
  );
  return Promise.race([outcome, limit]).finally(() => clearTimeout(timer));
}
