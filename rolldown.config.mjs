import { chmodSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { defineConfig } from "rolldown";
import { thirdParty } from "./scripts/third-party.mjs";

const silentDepd = `
  module.exports = () => Object.assign(() => {}, { function: (fn) => fn, property: () => {} });
`;

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
      // With DEBUG=* in the environment it would print what packages send, passwords included.
      name: "no-debug-output",
      resolveId: (source) => (source === "debug" ? "\0silent-debug" : null),
      load: (id) =>
        id === "\0silent-debug"
          ? "const silent = () => () => {}; silent.default = silent; module.exports = silent;"
          : null,
    },
    {
      // Warns authors of deprecated calls, and builds functions from text to do so.
      name: "no-deprecation-output",
      resolveId: (source) => (source === "depd" ? "\0silent-depd" : null),
      load: (id) => (id === "\0silent-depd" ? silentDepd : null),
    },
    {
      // oidc-provider does not support Node 20, and prints so at each start. What we use of it is tested there.
      name: "no-runtime-output",
      transform(code, id) {
        if (!/oidc-provider\/lib\/index\.js$/.test(id)) return null;
        const quiet = code.replace(/attention\.warn\('Unsupported runtime[^']*'\);/, "");
        if (quiet === code)
          this.error("oidc-provider has no longer the warning that is removed here");
        return quiet;
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
    minify: { compress: true, mangle: false },
    keepNames: true,
    cleanDir: true,
  },
});
