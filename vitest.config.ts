import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    setupFiles: ["./test/properties.ts"],
    pool: "threads",
    // Modules are shared by the files of a worker: no test mocks a module or patches a global.
    isolate: false,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    reporters: [process.env["CI"] ? "dot" : "default", "./test/count-reporter.ts"],
  },
});
