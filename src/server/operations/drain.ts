/** The time between being told to stop and stopping, in which balancers look for another instance. */
export interface Drain {
  readonly isDraining: boolean;
  /** Begins it; resolves when it is over. */
  begin(): Promise<void>;
}

/** @param ms 0: stopping begins at once. */
export function createDrain(
  ms: number,
  sleep: (ms: number) => Promise<void> = (time) =>
    new Promise((resolve) => setTimeout(resolve, time)),
): Drain {
  let draining: Promise<void> | undefined;
  return {
    get isDraining() {
      return draining !== undefined;
    },
    begin() {
      draining ??= ms > 0 ? sleep(ms) : Promise.resolve();
      return draining;
    },
  };
}
