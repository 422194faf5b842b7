import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { resolve } from "node:path";
import type { LogLevel } from "../log.ts";
import { type CommandLine, readCommandLine } from "./argv.ts";
import { buildSettings, logLevel } from "./build.ts";
import { checkServer } from "./checks.ts";
import { collect } from "./collect.ts";
import { type CommandRequest, readCommand } from "./command-request.ts";
import { readBoolean, readEnum } from "./forms.ts";
import { checkNames } from "./names.ts";
import { checkProxySettings } from "./oauth-server-checks.ts";
import {
  commandLineSource,
  type Origins,
  openOrigins,
  secretsOnCommandLine,
  takenFromImplicitFile,
} from "./origins.ts";
import { type Notice, type Problem, showValue, withoutSecrets } from "./problems.ts";
import type { MachineFacts, Settings } from "./product.ts";
import { checkProducts } from "./product-checks.ts";
import { allSettings } from "./schema.ts";
import type { Deployment } from "./site-url.ts";
import type { ReadFile, Surroundings } from "./values.ts";

/** What the program was asked to do. */
export type LoadResult =
  | {
      readonly kind: "settings";
      readonly command: CommandRequest;
      readonly settings: Settings;
      readonly notices: readonly Notice[];
      readonly origins: SettingOrigins;
    }
  /** Run the pretend sites alone. */
  | { readonly kind: "sandbox"; readonly sandbox: SandboxCommand }
  | { readonly kind: "help" | "version" }
  | {
      readonly kind: "errors";
      readonly command: CommandRequest;
      readonly problems: readonly Problem[];
      readonly notices: readonly Notice[];
      readonly origins: SettingOrigins;
    };

/** Names of the settings that were written, and where, e.g. `environment` or `.env`; never their values. */
export type SettingOrigins = ReadonlyMap<string, string>;

/** Flags of `mcp-atlassian sandbox`. */
export interface SandboxCommand {
  readonly port?: number | undefined;
  readonly logLevel: LogLevel;
}

export interface LoadInput {
  /** Arguments after the program's name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Working directory: where `.env` is looked for and what paths are relative to. */
  readonly cwd: string;
  /** The default reads UTF-8 text from disk. */
  readonly readFile?: ReadFile | undefined;
  /** Default: this machine's. */
  readonly platform?: NodeJS.Platform | undefined;
  /** The user's home directory. Default: what the system says. */
  readonly home?: string | undefined;
}

/**
 * Reads and checks all settings: command line before environment before env file. Reads no file but the env file and
 * those the settings name, and reports every problem at once.
 */
export function loadSettings(input: LoadInput): LoadResult {
  const line = readCommandLine(input.argv);
  if (line.help) return { kind: "help" };
  if (line.version) return { kind: "version" };
  const around = {
    readFile: input.readFile ?? ((path: string) => readFileSync(path, "utf8")),
    resolvePath: (path: string) => resolve(input.cwd, path),
  };
  if (line.command.words === "sandbox") return loadSandboxCommand(line, around);
  return loadServer(line, input, around);
}

function loadServer(line: CommandLine, input: LoadInput, around: Surroundings): LoadResult {
  const { env } = input;
  const mode = readMode(line);
  const command = readCommand(line);
  const purpose = command.request.name.startsWith("auth") ? "auth" : "serve";
  const origins = openOrigins(line, env, around, mode.sandbox !== undefined);
  const collected = collect(allSettings, origins.sources, around);
  const verdicts = [
    checkServer(collected),
    mode.sandbox === undefined ? checkProducts(collected, purpose) : { problems: [], notices: [] },
    purpose === "serve" ? checkProxySettings(collected) : { problems: [], notices: [] },
  ];
  const problems = [
    ...line.problems,
    ...mode.problems,
    ...command.problems,
    ...origins.problems,
    ...collected.problems,
    ...verdicts.flatMap((verdict) => verdict.problems),
  ].map((problem) => cleanProblem(problem, collected.secrets));
  const notices = [
    ...origins.notices,
    ...nameNotices(env, origins),
    ...secretsOnCommandLine(line),
    ...takenFromImplicitFile(origins, collected.written),
    ...collected.notices,
    ...verdicts.flatMap((verdict) => verdict.notices),
  ];
  const atFault = new Set(problems.map(({ setting }) => setting));
  const worthSaying = notices
    .filter(({ setting }) => !atFault.has(setting))
    .map(({ setting, message }) => ({
      setting,
      message: withoutSecrets(message, collected.secrets),
    }));
  const { request } = command;
  const found = {
    command: request,
    notices: worthSaying,
    origins: new Map([...collected.written].map(([name, { source }]) => [name, source])),
  };
  if (problems.length > 0) return { kind: "errors", ...found, problems };
  const settings = {
    ...buildSettings(collected.values, mode.sandbox),
    machine: machineOf(env, input),
  };
  return { kind: "settings", ...found, settings };
}

function machineOf(env: LoadInput["env"], { platform, home }: LoadInput): MachineFacts {
  const names = ["LOCALAPPDATA", "XDG_STATE_HOME", "XDG_DATA_HOME", "DBUS_SESSION_BUS_ADDRESS"];
  return {
    platform: platform ?? process.platform,
    home: home ?? homedir(),
    env: Object.fromEntries(names.map((name) => [name, env[name]])),
  };
}

function nameNotices(env: LoadInput["env"], { file }: Origins): Notice[] {
  const inEnvironment = checkNames(Object.entries(env), "environment");
  return file ? [...inEnvironment, ...checkNames(file.entries, file.title)] : inEnvironment;
}

function cleanProblem(problem: Problem, secrets: readonly string[]): Problem {
  return {
    ...problem,
    found: withoutSecrets(problem.found, secrets),
    problem: withoutSecrets(problem.problem, secrets),
    remedy: withoutSecrets(problem.remedy, secrets),
  };
}

/** The modes that exist on the command line only. */
function readMode({ values }: CommandLine): {
  sandbox: Deployment | undefined;
  problems: Problem[];
} {
  const problems: Problem[] = [];
  const isSandbox = readBoolean(values.get("--sandbox") ?? "false");
  if (!("value" in isSandbox)) problems.push(flagProblem("--sandbox", values, isSandbox));
  const sandbox = "value" in isSandbox && isSandbox.value ? "cloud" : undefined;
  const word = values.get("--sandbox-deployment");
  if (word === undefined) return { sandbox, problems };
  const form = readEnum(word, ["cloud", "datacenter"]);
  if (!("value" in form)) problems.push(flagProblem("--sandbox-deployment", values, form));
  else if (sandbox !== undefined) {
    return { sandbox: form.value === "datacenter" ? "datacenter" : "cloud", problems };
  } else {
    problems.push({
      setting: "--sandbox-deployment",
      found: showValue(word),
      problem: "has no effect without --sandbox",
      remedy: "Add --sandbox.",
    });
  }
  return { sandbox, problems };
}

function flagProblem(
  setting: string,
  values: ReadonlyMap<string, string>,
  form: { problem: string; remedy: string },
): Problem {
  return { setting, found: showValue(values.get(setting) ?? ""), ...form };
}

const usedBySandbox = ["PORT", "MCP_VERBOSE", "MCP_VERY_VERBOSE"];

function loadSandboxCommand(line: CommandLine, around: Surroundings): LoadResult {
  const ownSettings = allSettings.filter(({ name }) => usedBySandbox.includes(name));
  const collected = collect(ownSettings, [commandLineSource(line)], around);
  const problems = [...line.problems, ...collected.problems];
  if (problems.length > 0) {
    const command = { name: "sandbox" } as const;
    return { kind: "errors", command, problems, notices: [], origins: new Map() };
  }
  const { values, written } = collected;
  return {
    kind: "sandbox",
    sandbox: {
      port: written.has("PORT") ? values.number("PORT") : undefined,
      logLevel: logLevel(values),
    },
  };
}
