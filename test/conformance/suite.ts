import { mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { installPackages, newNode } from "../programs/packages.ts";
import { type Run, type RunOptions, runProgram } from "../programs/run-program.ts";

const version = "0.2.0-alpha.12";
const name = "@modelcontextprotocol/conformance";

/** The public conformance suite, ready to run. */
export interface Suite {
  run(args: readonly string[], options?: RunOptions): Promise<Run>;
  /** The scenarios that a revision requires of servers. */
  requiredBy(revision: string): readonly string[];
}

/** @throws InstallError */
export async function openSuite(): Promise<Suite> {
  const node = await newNode();
  const folder = join(
    await installPackages("conformance", { [name]: version }),
    "node_modules",
    name,
  );
  mkdirSync("build/conformance-results", { recursive: true });
  return {
    run: (args, options) => runProgram(node, [join(folder, "dist/index.js"), ...args], options),
    requiredBy(revision) {
      const text = readFileSync(join(folder, `requirements/${revision}.yaml`), "utf8");
      const [list = ""] = /^server:\n(?: {2}- .*\n)+/m.exec(text) ?? [];
      return find(list, /^ {2}- (\S+)/gm);
    },
  };
}

export interface Outcome {
  /** Required scenarios that passed. */
  readonly passed: readonly string[];
  /** Scenarios or single checks of the baseline: they fail, as they should. */
  readonly expected: readonly string[];
  /** With the reason, where the name does not say all. */
  readonly failed: readonly string[];
  /** Scenarios that passed although nothing requires them. */
  readonly more: readonly string[];
}

/**
 * Runs what a revision requires of servers. `baseline` names the file of the expected failures; those that pass count as
 * failures.
 */
export async function runRequirements(
  suite: Suite,
  url: URL,
  { revision, baseline }: { readonly revision: string; readonly baseline: string },
): Promise<Outcome> {
  const target = new URL(url);
  // The check of Host headers wants this name.
  target.hostname = "localhost";
  const { code, output } = await suite.run([
    "server",
    ...["--url", target.href],
    ...["--requirements", revision],
    ...["--expected-failures", resolve(`test/conformance/baselines/${baseline}-${revision}.yml`)],
    ...["--output-dir", resolve(`build/conformance-results/${baseline}-${revision}`)],
  ]);
  const required = suite.requiredBy(revision);
  const [, summary = ""] = output.split("=== SUMMARY ===");
  const [scenarios = "", verdict = ""] = summary.split(/^Total: .*$/m);
  const good = find(scenarios, /^✓ (\S+): /gm);
  const expected = find(verdict, /^ {2}~ (\S+)$/gm);
  const unexpected = find(verdict, /^ {2}✗ (\S+)$/gm);
  const stale = find(verdict, /^ {2}✓ (\S+)$/gm).map((each) => `${each} (passes; strike it off)`);
  const notGood = new Set([...expected, ...unexpected].map((entry) => entry.split(":")[0]));
  const missing = required
    .filter((each) => !good.includes(each) && !notGood.has(each))
    .map((each) => `${each} (did not run)`);
  const failed = [...unexpected, ...stale, ...missing];
  // The exit code has the last word.
  if (code !== 0 && failed.length === 0) failed.push(`exit code ${code}: ${output.slice(-800)}`);
  return {
    passed: required.filter((each) => good.includes(each) && !notGood.has(each)),
    expected,
    failed,
    more: good.filter((each) => !required.includes(each)),
  };
}

function find(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] ?? "");
}
