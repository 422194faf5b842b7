import { flagSyntax } from "./help.ts";
import { connection, harmless } from "./implicit-file.ts";
import { commandFlags, groupTitles, settingsByGroup } from "./schema.ts";
import type { Group, Setting } from "./setting.ts";
import { fileName } from "./sources.ts";

const envIntro = `# Settings of mcp-atlassian. Copy to .env, remove the # in front of what you need.
# Command line beats environment, environment beats this file. Quote values that hold a #.
# A .env that is not named with --env-file cannot set *_FILE names, nor complete or redirect connections set elsewhere.`;

/** The example env file: every setting, commented out, with its sentence. */
export function envExample(): string {
  const groups = settingsByGroup().map(({ title, settings }) => {
    const entries = settings.map((setting) => {
      const comment = `# ${setting.summary}${setting.notWired === undefined ? "" : " (not available yet)"}`;
      return `${comment}\n# ${setting.name}=${setting.default ?? quoted(setting.example ?? "")}`;
    });
    return `# --- ${title} ---\n\n${entries.join("\n\n")}`;
  });
  return `${envIntro}\n\n${groups.join("\n\n")}\n`;
}

function quoted(text: string): string {
  return /[\s#"]/.test(text) ? `'${text}'` : text;
}

const pageIntro = `# Configuration

Settings come from the command line, the environment and an env file, in this order: the first one that has a setting decides. The env file is the one named by \`--env-file\`, else \`.env\` in the working directory. An empty value counts as not set.

A \`.env\` that nobody named may have come with a cloned repository, so it is trusted less ([decision 5](decisions/005-env-file-in-the-working-directory.md)). Names ending in \`_FILE\` that stand for a secret, and the names of an OAuth app, are never taken from it. As soon as the command line or the environment sets anything under ${chapters(connection)}, the file may only set what stands under ${chapters(harmless)}. What is not taken is named on stderr; \`--env-file .env\` says that the file is yours.

- Switches take \`true\`, \`1\`, \`yes\`, \`y\`, \`on\` or \`false\`, \`0\`, \`no\`, \`n\`, \`off\`, in any case. As flags they can be written \`--read-only\`, \`--no-read-only\` or \`--read-only=false\`.
- Lists are written with commas.
- A secret can be kept in a file: \`JIRA_API_TOKEN_FILE=/run/secrets/jira\` instead of \`JIRA_API_TOKEN\`.
- Whatever is wrong is reported at start, all at once, and the server ends with exit code 2.
- A name without effect in this version is marked so. Setting it gives a warning, or an error where going on without it would not be safe.`;

/** Titles of chapters, as a list in a sentence. */
function chapters(groups: readonly Group[]): string {
  const titles = groups.map((group) => `*${groupTitles[group]}*`);
  return `${titles.slice(0, -1).join(", ")} or ${titles.at(-1)}`;
}

/** The configuration page in Markdown: every setting with type, default, flag, reader, sentence and example. */
export function configurationPage(): string {
  const flags = commandFlags.map(({ flag, short, value, summary }) => {
    const name = short === undefined ? code(flag) : `${code(short)}, ${code(flag)}`;
    return `| ${name} | ${value === undefined ? "switch" : code(value)} | ${escaped(summary)} |`;
  });
  const general = `## Command line only\n\n| Flag | Value | Meaning |\n|---|---|---|\n${flags.join("\n")}`;
  const groups = settingsByGroup().map(({ title, settings }) => {
    const rows = families(settings).map(pageRow);
    return `## ${title}\n\n| Setting | Type | Default | For | Meaning |\n|---|---|---|---|---|\n${rows.join("\n")}`;
  });
  return `${[pageIntro, ...groups, general].join("\n\n")}\n`;
}

/** Settings that differ only in the product, together. */
function families(settings: readonly Setting[]): Setting[][] {
  const byFamily = new Map<string, Setting[]>();
  for (const setting of settings) {
    const key = setting.family ?? setting.name;
    byFamily.set(key, [...(byFamily.get(key) ?? []), setting]);
  }
  return [...byFamily.values()];
}

function pageRow(settings: readonly Setting[]): string {
  const [setting] = settings;
  if (setting === undefined) return "";
  const names = settings.flatMap((each) => [
    `${code(each.name)}${(each.aliases ?? []).map((alias) => `, ${code(alias)}`).join("")}`,
    ...(each.flag === undefined ? [] : [code(flagSyntax(each.flag, each))]),
  ]);
  const example = setting.example === undefined ? "" : ` Example: ${code(setting.example)}`;
  const state =
    setting.notWired === undefined
      ? ""
      : ` **Without effect in this version:** ${setting.notWired}.`;
  const cells = [
    names.join("<br>"),
    typeText(setting),
    defaultText(setting),
    setting.audience,
    `${escaped(setting.summary)}${escaped(example)}${escaped(state)}`,
  ];
  return `| ${cells.join(" | ")} |`;
}

function typeText(setting: Setting): string {
  const kept = fileName(setting) === undefined ? "" : ", secret";
  switch (setting.type) {
    case "enum":
      return setting.values.map(code).join(" or ");
    case "integer":
    case "number":
      return `${setting.type}, ${setting.min} to ${setting.max}`;
    case "list":
      return setting.separator === "comma" ? "list" : "list with blanks or commas";
    case "boolean":
      return "switch";
    case "secret":
      return "secret";
    case "json":
      return `JSON object${kept}`;
    case "url":
      return `URL${kept}`;
    default:
      return `${setting.type}${kept}`;
  }
}

function defaultText(setting: Setting): string {
  if (setting.default !== undefined) return code(setting.default);
  return setting.defaultNote ?? "none";
}

function code(text: string): string {
  return `\`${escaped(text)}\``;
}

/** A bar ends a table cell, also within code. */
function escaped(text: string): string {
  return text.replaceAll("|", "\\|");
}
