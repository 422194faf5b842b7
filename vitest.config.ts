import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that wait the longest for programs that they start and kill. Begun first, they leave the processor to others. */
const longest = [
  "src/store/processes.test.ts",
  "test/server/replicas.test.ts",
  "test/server/token-life.test.ts",
  "test/browser/consent.test.ts",
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const index = longest.findIndex((name) => moduleId.endsWith(name));
      return index < 0 ? longest.length : index;
    };
    return (await super.sort(files)).sort((one, other) => place(one) - place(other));
  }
}

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    setupFiles: ["./test/properties.ts"],
    sequence: { sequencer: LongestFirst },
    pool: "threads",
    // Many files wait for programs that they start.
    maxWorkers: availableParallelism() + 2,
    // Modules are shared by the files of a worker: no test mocks a module or patches a global.
    isolate: false,
    // For machines that are busy with other things: no test asserts on time.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: [process.env["CI"] ? "dot" : "default", "./test/count-reporter.ts"],
  },
});
