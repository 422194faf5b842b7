import { chmodSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
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
      // The interpreter of proxy scripts looks for its code one folder above the chunk it is in.
      name: "quickjs-wasm",
      generateBundle() {
        const manifest = createRequire(import.meta.url).resolve("quickjs-wasi/package.json");
        const source = readFileSync(join(dirname(manifest), "quickjs.wasm"));
        this.emitFile({ type: "asset", fileName: "quickjs.wasm", source });
      },
    },
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
    // Names stay: stack traces must be readable, size costs nothing here, and oidc-provider files what it stores by the
    // names of its classes.
    minify: { compress: { keepNames: { class: true, function: false } }, mangle: false },
    cleanDir: true,
  },
});
