import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    setupFiles: ["./test/properties.ts"],
    pool: "threads",
    // Many files wait for programs that they start.
    maxWorkers: availableParallelism() + 1,
    // Modules are shared by the files of a worker: no test mocks a module or patches a global.
    isolate: false,
    // For machines that are busy with other things: no test asserts on time.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: [process.env["CI"] ? "dot" : "default", "./test/count-reporter.ts"],
  },
});
