import { nearest } from "../spelling.ts";
import { type Command, commands, everywhere, findCommand, serve } from "./commands.ts";
import { hidden, nothing, type Problem } from "./problems.ts";
import { allSettings } from "./schema.ts";

/** The command line, taken apart. Values are texts as written; they are judged with all other sources. */
export interface CommandLine {
  readonly command: Command;
  readonly help: boolean;
  readonly version: boolean;
  /** How often `-v` or `--verbose` was given. */
  readonly verbosity: number;
  /** Values by long flag; the last one of repeated flags. Switches are `true` or `false`. */
  readonly values: ReadonlyMap<string, string>;
  readonly problems: readonly Problem[];
}

/** Long flags, each with whether it takes a value. */
const takesValue: ReadonlyMap<string, boolean> = new Map([
  ...[serve, ...commands].flatMap(({ flags }) =>
    flags.map(({ flag, value }) => [flag, value !== undefined] as const),
  ),
  ...allSettings.flatMap(({ flag, type }) =>
    flag === undefined ? [] : [[flag, type !== "boolean"] as const],
  ),
]);

/** Reads the arguments after the program's name. */
export function readCommandLine(argv: readonly string[]): CommandLine {
  const problems: Problem[] = [];
  const values = new Map<string, string>();
  const words: { readonly word: string; readonly index: number }[] = [];
  let verbosity = 0;
  for (let index = 0; index < argv.length; index++) {
    const argument = argv[index] ?? "";
    if (/^-v+$/.test(argument)) verbosity += argument.length - 1;
    else if (argument === "--verbose") verbosity++;
    else if (argument === "-h") values.set("--help", "true");
    else if (argument.startsWith("-")) {
      const read = readFlag(argument, argv[index + 1]);
      if ("problem" in read) problems.push(read.problem);
      else values.set(read.flag, read.text);
      if (read.tookNext) index++;
    } else words.push({ word: argument, index });
  }
  const command = commandOf(words, problems, values);
  problems.push(...foreignTo(command, values.keys()));
  return {
    command,
    help: values.has("--help"),
    version: values.has("--version"),
    verbosity,
    values,
    problems,
  };
}

function commandOf(
  words: readonly { readonly word: string; readonly index: number }[],
  problems: Problem[],
  values: ReadonlyMap<string, string>,
): Command {
  if (words.length === 0) {
    const isSetup = (values.get("--oauth-setup") ?? "false") !== "false";
    return (isSetup ? findCommand(["auth", "login"]) : undefined) ?? serve;
  }
  const texts = words.map(({ word }) => word);
  for (const length of [2, 1]) {
    const command = findCommand(texts.slice(0, length));
    if (command === undefined) continue;
    problems.push(...words.slice(length).map(({ word, index }) => unexpected(word, index)));
    return command;
  }
  const [first] = words;
  if (first?.word === "auth") problems.push(incomplete(texts[1]));
  else problems.push(...words.map(({ word, index }) => unexpected(word, index)));
  return serve;
}

type FlagRead = { readonly tookNext: boolean } & (
  | { readonly flag: string; readonly text: string }
  | { readonly problem: Problem }
);

function readFlag(argument: string, next: string | undefined): FlagRead {
  const cut = argument.indexOf("=");
  const written = cut < 0 ? argument : argument.slice(0, cut);
  const attached = cut < 0 ? undefined : argument.slice(cut + 1);
  if (takesValue.get(written) === false) {
    return { flag: written, text: attached ?? "true", tookNext: false };
  }
  const positive = written.replace(/^--no-/, "--");
  if (positive !== written && attached === undefined && takesValue.get(positive) === false) {
    return { flag: positive, text: "false", tookNext: false };
  }
  if (!takesValue.has(written)) {
    // What follows an unknown flag is taken for its value, so that a secret is not reported as a stray argument.
    const tookNext = attached === undefined && next !== undefined && !next.startsWith("-");
    return { problem: unknownFlag(written), tookNext };
  }
  if (attached !== undefined) return { flag: written, text: attached, tookNext: false };
  if (next !== undefined && !isFlag(next)) return { flag: written, text: next, tookNext: true };
  return {
    problem: {
      setting: written,
      found: "nothing",
      problem: "needs a value",
      remedy: `Write ${written}=value.`,
    },
    tookNext: false,
  };
}

function isFlag(argument: string): boolean {
  return takesValue.has(argument.replace(/=.*$/s, "")) || /^-(v+|h)$/.test(argument);
}

function unknownFlag(written: string): Problem {
  const known = [...takesValue.keys()];
  const meant = nearest(written.toLowerCase(), known, written.length > 10 ? 3 : 2);
  return {
    setting: /^--[a-z][a-z0-9-]{0,30}$/i.test(written) ? written : `${written.slice(0, 2)}…`,
    found: hidden,
    problem: "is not a known flag",
    remedy: meant === undefined ? "See --help for all flags." : `Did you mean ${meant}?`,
  };
}

function unexpected(argument: string, index: number): Problem {
  const names = commands.flatMap(({ words }) => words.split(" ")[0] ?? []);
  const meant = nearest(argument.toLowerCase(), names, 2);
  return {
    setting: `argument ${index + 1}`,
    found: hidden,
    problem: "is neither a flag nor a command",
    remedy:
      meant === undefined
        ? "Write values after their flag, and those of switches with an equals sign: --read-only=true."
        : `Did you mean ${meant}?`,
  };
}

function incomplete(second: string | undefined): Problem {
  return {
    setting: "auth",
    found: second === undefined ? nothing : hidden,
    problem: "needs one of the words login, status and logout after it",
    remedy: "Write mcp-atlassian auth login.",
  };
}

/** Flags that exist, but for another command. */
function foreignTo(command: Command, flags: Iterable<string>): Problem[] {
  const own = new Set(command.flags.map(({ flag }) => flag));
  const ofSettings = new Set(command.settings ?? allSettings.flatMap(({ flag }) => flag ?? []));
  return [...flags]
    .filter((flag) => !own.has(flag) && !ofSettings.has(flag) && !everywhere.has(flag))
    .filter((flag) => !(flag === "--oauth-setup" && command.words === "auth login"))
    .map((flag) => ({
      setting: flag,
      found: hidden,
      problem:
        command.words === ""
          ? `belongs to the command ${ownerOf(flag)}`
          : `does not belong to the command ${command.words}`,
      remedy: command.words === "" ? "Write the command's name too, or remove it." : "Remove it.",
    }));
}

function ownerOf(flag: string): string {
  return commands.find(({ flags }) => flags.some((each) => each.flag === flag))?.words ?? "line";
}
