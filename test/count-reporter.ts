import type { Reporter, TestModule } from "vitest/node";

/** Closes a run with one plain line: `12 passed, 0 failed, 1 skipped`. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        counts[state === "pending" ? "skipped" : state]++;
      }
      // A file that could not be loaded has no tests to count, and is a failure all the same.
      if (module.state() === "failed" && module.children.size === 0) counts.failed++;
    }
    const failed = counts.failed + errors.length;
    process.stdout.write(
      `\n${counts.passed} passed, ${failed} failed, ${counts.skipped} skipped\n`,
    );
  }
}
