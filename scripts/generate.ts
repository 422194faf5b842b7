/**
 * Writes everything that is derived from other sources: the tool catalogue, the tool reference, the README's table,
 * `.env.example`, the configuration page. With `--check` it writes nothing and fails when a file is out of date.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { configurationPage, envExample } from "../src/config/document.ts";
import { entryOf } from "../src/tools/entry.ts";
import { tools } from "../src/tools/registry.ts";
import { readmeBlock, toolsPage } from "./tool-pages.ts";
import { scopesOfTool } from "./tool-scopes.ts";

const entries = tools.map((tool) => entryOf(tool, scopesOfTool(tool)));
const outputs: Record<string, string> = {
  "src/tools/catalogue.json": `${JSON.stringify(entries, null, 1)}\n`,
  ".env.example": envExample(),
  "docs/configuration.md": configurationPage(),
  "docs/tools.md": toolsPage(entries),
  "README.md": readmeBlock(read("README.md"), entries),
};

const isCheck = process.argv.includes("--check");
const stale = Object.entries(outputs).filter(([file, text]) => read(file) !== text);
for (const [file, text] of stale) {
  if (isCheck) continue;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.log(`wrote ${file}`);
}
if (isCheck && stale.length > 0) {
  console.error(`Out of date: ${stale.map(([file]) => file).join(", ")}. Run: npm run generate`);
  process.exitCode = 1;
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
