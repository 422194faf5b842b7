import { InstallError } from "./packages.ts";

/** Prints what passed and failed, line by line, and counts. */
export class Report {
  #passed = 0;
  #failed = 0;
  readonly #started = performance.now();

  /** `error` absent: it passed. */
  add(name: string, error?: string): void {
    if (error === undefined) this.#passed++;
    else this.#failed++;
    say(error === undefined ? `  ok    ${name}` : `  FAIL  ${name}: ${error.slice(0, 2000)}`);
  }

  /** Counts without a line for each. */
  addPassed(count: number): void {
    this.#passed += count;
  }

  /** Passes when `work` does not throw. */
  async check(name: string, work: () => Promise<string | undefined>): Promise<void> {
    const started = performance.now();
    try {
      const facts = await work();
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      this.add(`${name}${facts === undefined ? "" : `: ${facts}`} (${seconds} s)`);
    } catch (error) {
      if (error instanceof InstallError) throw error;
      this.add(name, error instanceof Error ? error.message : String(error));
    }
  }

  /** The closing line. */
  close(): void {
    const seconds = ((performance.now() - this.#started) / 1000).toFixed(1);
    say(`\n(${seconds} s)\n${this.#passed} passed, ${this.#failed} failed`);
    // Nothing that ran is no success either.
    process.exitCode = this.#failed === 0 && this.#passed > 0 ? 0 : 1;
  }
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/**
 * Runs checks with programs from the registry. Where it cannot be reached, they are skipped with a notice; with
 * `CI=true` they fail.
 */
export async function report(work: (report: Report) => Promise<void>): Promise<void> {
  const run = new Report();
  try {
    await work(run);
  } catch (error) {
    if (!(error instanceof InstallError)) throw error;
    if (process.env["CI"] !== "true") {
      say(`SKIPPED, not run to the end: ${error.message}`);
      return;
    }
    run.add("installing the programs", error.message);
  }
  run.close();
}
