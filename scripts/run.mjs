// Bundles one TypeScript file and runs it: Node 20 cannot run TypeScript by itself.
// Usage: node scripts/run.mjs <file.ts> [arguments]; with --bundle-only the bundle stays in build/ and is not run.
import { mkdirSync } from "node:fs";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { rolldown } from "rolldown";

const [file, ...rest] = process.argv.slice(2);
if (!file) {
  console.error("usage: node scripts/run.mjs <file.ts> [arguments]");
  process.exit(2);
}
const name = basename(file).replace(/\.ts$/, "");
mkdirSync("build", { recursive: true });
const bundle = await rolldown({
  input: { [name]: file },
  platform: "node",
  external: (id) => !id.startsWith(".") && !id.startsWith("/") && !id.startsWith("\0"),
  logLevel: "warn",
  // Which file a module ends up in does not matter here.
  checks: { ineffectiveDynamicImport: false },
});
await bundle.write({ dir: `build/${name}`, format: "esm", entryFileNames: "[name].mjs" });
if (rest.includes("--bundle-only")) process.exit();
process.argv = [process.argv[0], file, ...rest];
await import(pathToFileURL(resolve(`build/${name}/${name}.mjs`)).href);
