import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    setupFiles: ["./test/properties.ts"],
    pool: "threads",
    testTimeout: 20_000,
    hookTimeout: 30_000,
    reporters: [process.env["CI"] ? "dot" : "default", "./test/count-reporter.ts"],
  },
});
