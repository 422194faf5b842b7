import { type Command, commands } from "./commands.ts";
import { allSettings, type CommandFlag, commandFlags, settingsByGroup } from "./schema.ts";
import type { Setting } from "./setting.ts";

const width = 100;
const column = 34;

const usage = `Usage: mcp-atlassian [flags]              serves MCP for Jira and Confluence
       mcp-atlassian <command> [flags]

Each flag beats the environment variable named behind it; that one beats the env file.`;

const about = `A secret can also be read from a file: put its path into the variable with _FILE at its end.`;

/** The text of `--help`, at most 100 columns wide: all flags by group, then the names without a flag. */
export function helpText(): string {
  const general = commandFlags.map(flagRow);
  const groups = settingsByGroup().flatMap(({ title, settings }) => {
    const rows = settings.filter(({ flag }) => flag !== undefined).map(settingRow);
    return rows.length === 0 ? [] : [`${title}:\n${rows.join("\n")}`];
  });
  const others = allSettings.flatMap(({ flag, name, notWired }) =>
    flag === undefined && notWired === undefined ? [name] : [],
  );
  const names = wrap(others.join(", "), width - 2).map((line) => `  ${line}`);
  return [
    usage,
    `Commands:\n${commands.map(commandRows).join("\n")}`,
    `General:\n${general.join("\n")}`,
    ...groups,
    `Environment only (see the configuration page):\n${names.join("\n")}`,
    `${about}\n`,
  ].join("\n\n");
}

function commandRows({ words, summary, flags, settings = [] }: Command): string {
  const taken = settings.map((flag) => `Takes ${flag}.`);
  const own = flags.map((flag) => flagRow({ ...flag, flag: `  ${flag.flag}` }));
  return [row(words, [summary, ...taken].join(" ")), ...own].join("\n");
}

function flagRow({ flag, short, value, summary }: CommandFlag): string {
  const name = short === undefined ? flag : `${short}, ${flag}`;
  return row(value === undefined ? name : `${name} <${value}>`, summary);
}

function settingRow(setting: Setting): string {
  const flag = setting.flag ?? "";
  const state = setting.notWired === undefined ? "" : " Not available in this version.";
  const initial =
    setting.default === undefined || setting.type === "boolean"
      ? ""
      : ` Default: ${setting.default}.`;
  return row(flagSyntax(flag, setting), `${setting.summary}${initial}${state} [${setting.name}]`);
}

/** A flag with what follows it, e.g. `--[no-]read-only` or `--port <integer>`. */
export function flagSyntax(flag: string, setting: Setting): string {
  if (setting.type === "boolean") return flag.replace(/^--/, "--[no-]");
  return setting.type === "enum"
    ? `${flag} <${setting.values.join("|")}>`
    : `${flag} <${setting.type}>`;
}

function row(left: string, text: string): string {
  const [first = "", ...rest] = wrap(text, width - column);
  const lines = rest.map((line) => `${" ".repeat(column)}${line}`);
  const head = `  ${left}`;
  return head.length < column
    ? [head.padEnd(column) + first, ...lines].join("\n")
    : [head, " ".repeat(column) + first, ...lines].join("\n");
}

function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= columns) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines;
}
