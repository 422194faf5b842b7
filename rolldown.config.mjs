import { chmodSync } from "node:fs";
import { defineConfig } from "rolldown";
import { thirdParty } from "./scripts/third-party.mjs";

export default defineConfig({
  input: { cli: "src/cli.ts" },
  platform: "node",
  transform: { target: "node20.19" },
  // Optional at run time; nothing of ours needs it.
  external: [/^pino-pretty$/, /^@napi-rs\/keyring/],
  logLevel: "warn",
  plugins: [
    thirdParty(),
    {
      name: "executable",
      writeBundle: () => chmodSync("dist/cli.js", 0o755),
    },
  ],
  output: {
    dir: "dist",
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "chunks/[name]-[hash].js",
    // Names stay: stack traces must be readable, and size costs nothing here.
    minify: { compress: true, mangle: false },
    cleanDir: true,
  },
});
