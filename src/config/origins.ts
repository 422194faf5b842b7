import type { CommandLine } from "./argv.ts";
import { readEnvFile } from "./env-file.ts";
import { guardImplicitFile } from "./implicit-file.ts";
import { type Notice, type Problem, showValue } from "./problems.ts";
import { allSettings, namesIn } from "./schema.ts";
import type { Group } from "./setting.ts";
import type { Source, Written } from "./sources.ts";
import { type Surroundings, whyUnreadable } from "./values.ts";

/** The places settings come from, first one first, and what was found on the way. */
export interface Origins {
  readonly sources: readonly Source[];
  readonly file?: OpenFile | undefined;
  readonly problems: readonly Problem[];
  readonly notices: readonly Notice[];
}

interface OpenFile {
  /** The path as written. */
  readonly title: string;
  readonly entries: ReadonlyMap<string, string>;
  /** True for `.env` in the working directory, which nobody named. */
  readonly isImplicit: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Say nothing where the sites are the sandbox's: its address is local and its accounts are its own. */
const unusedWithSandbox: readonly Group[] = ["connection", "network", "oauth"];

/** The command line as a source: flags under the environment names of their settings. */
export function commandLineSource(line: CommandLine): Source {
  const texts = new Map<string, string>();
  for (const { name, flag } of allSettings) {
    const text = flag === undefined ? undefined : line.values.get(flag);
    if (text !== undefined) texts.set(name, text);
  }
  if (line.verbosity > 0) {
    texts.set("MCP_VERBOSE", "true");
    texts.set("MCP_VERY_VERBOSE", String(line.verbosity > 1));
  }
  return { title: "command line", get: (name) => texts.get(name) };
}

/**
 * Opens command line, environment and env file. With the sandbox, settings of the real sites are left out; of a file
 * that nobody named, those that `guardImplicitFile` withholds.
 */
export function openOrigins(
  line: CommandLine,
  env: Environment,
  around: Surroundings,
  withSandbox: boolean,
): Origins {
  const { file, problems, notices } = openEnvFile(line.values.get("--env-file"), around);
  const all: Source[] = [
    commandLineSource(line),
    { title: "environment", get: (name) => env[name] },
  ];
  if (file) all.push({ title: file.title, get: (name) => file.entries.get(name) });
  if (withSandbox) notices.push(...unusedNotice(all));
  const used = withSandbox ? all.map(withoutSites) : all;
  if (file?.isImplicit !== true) return { sources: used, file, problems, notices };
  const guarded = guardImplicitFile(used);
  return { ...guarded, file, problems, notices: [...notices, ...guarded.notices] };
}

function withoutSites({ title, get }: Source): Source {
  const unused = namesIn(unusedWithSandbox);
  return { title, get: (name) => (unused.has(name) ? undefined : get(name)) };
}

function openEnvFile(
  named: string | undefined,
  around: Surroundings,
): { file?: OpenFile; problems: Problem[]; notices: Notice[] } {
  const title = named ?? ".env";
  try {
    const { entries, notices } = readEnvFile(around.readFile(around.resolvePath(title)), title);
    const file = { title, entries, isImplicit: named === undefined };
    return { file, problems: [], notices: [...notices] };
  } catch (error) {
    const why = whyUnreadable(error);
    if (named !== undefined) {
      const found = showValue(named);
      const remedy = "Correct the path, or leave the flag out to read .env where there is one.";
      const problem = `names a file that ${why}`;
      return { problems: [{ setting: "--env-file", found, problem, remedy }], notices: [] };
    }
    // A folder called .env is somebody's Python environment, not a mistake.
    if (why === "does not exist" || why === "is a folder") return { problems: [], notices: [] };
    const message = `${title} in the working directory ${why}; no settings were taken from it.`;
    return { problems: [], notices: [{ setting: title, message }] };
  }
}

function unusedNotice(sources: readonly Source[]): Notice[] {
  const names = [...namesIn(["connection", "oauth"])].filter((name) =>
    sources.some((source) => (source.get(name) ?? "").trim() !== ""),
  );
  if (names.length === 0) return [];
  return [{ setting: "--sandbox", message: `Not used with --sandbox: ${names.join(", ")}.` }];
}

/** Flags that put a secret where every user of the machine can read it. */
export function secretsOnCommandLine({ values }: CommandLine): Notice[] {
  return allSettings.flatMap(({ name, flag, secret }) => {
    if (secret !== true || flag === undefined || !values.has(flag)) return [];
    const message = `${flag} shows its value in the list of processes. Use ${name} or ${name}_FILE instead.`;
    return [{ setting: name, message }];
  });
}

/** Says which settings came from a file that nobody named, because a folder one works in may hold anybody's file. */
export function takenFromImplicitFile(
  { file }: Origins,
  written: ReadonlyMap<string, Written>,
): Notice[] {
  if (file?.isImplicit !== true) return [];
  const names = [...written].flatMap(([name, { origin }]) => (origin === file.title ? [name] : []));
  if (names.length === 0) return [];
  const message = `Taken from ${file.title} in the working directory: ${names.join(", ")}.`;
  return [{ setting: file.title, message }];
}
