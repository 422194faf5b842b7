import type { ToolEntry } from "../src/tools/catalogue.ts";
import type { ParameterSchema } from "../src/tools/json-schema.ts";
import { toolsets } from "../src/tools/toolsets.ts";

/** The tool reference: one section per toolset, one table per tool. */
export function toolsPage(entries: readonly ToolEntry[]): string {
  const sections = toolsets.flatMap((set) => {
    const own = entries.filter((entry) => entry.toolset === set.name);
    return own.length === 0 ? [] : [`## ${set.name}\n\n${set.summary}.\n`, ...own.map(toolSection)];
  });
  return [
    "# Tools",
    "",
    "Generated from the tools themselves by `npm run generate`.",
    "",
    "Marks: **core** = in the default list; the others are found with `atlassian_find_tools` and called with",
    "`atlassian_call_tool`, or listed with `TOOLSETS` and `ENABLED_TOOLS`. *read*, *create*, *update*, *delete* say what",
    "a tool does; read-only mode keeps the first kind only.",
    "",
    "*Scopes* are for OAuth and for API tokens with scopes, both on Cloud: the classic ones or, after the bar, the",
    "granular ones. Where Atlassian has no classic scope for a part, its granular one is needed with either.",
    "",
    ...sections,
  ].join("\n");
}

function toolSection(entry: ToolEntry): string {
  const { properties, required } = entry.inputSchema;
  const rows = Object.entries(properties).map(
    ([name, schema]) =>
      `| \`${name}\`${required.includes(name) ? " *" : ""} | ${typeOf(schema)} | ${cell(schema.description)} |`,
  );
  return [
    `### \`${entry.name}\``,
    "",
    `${entry.title} · *${entry.access}*${entry.core ? " · **core**" : ""}`,
    "",
    entry.description,
    "",
    ...scopeLine(entry),
    "| Argument (* required) | Type | Meaning |",
    "|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}

function scopeLine({ scopes: { classic, granular } }: ToolEntry): string[] {
  if (classic.length === 0) return [];
  const lists = [...new Set([classic, granular].map(quoted))];
  return [`Scopes: ${lists.join(" | ")}`, ""];
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(" ");
}

function typeOf(schema: ParameterSchema): string {
  const type = schema.type === "array" ? `array of ${schema.items?.type}` : schema.type;
  const range = [schema.minimum, schema.maximum].map((bound) => bound ?? "").join("…");
  const shown = [
    type,
    ...(range === "…" ? [] : [range]),
    ...(schema.enum ? [schema.enum.map((value) => `\`${value}\``).join(", ")] : []),
    ...(schema.default === undefined ? [] : [`default \`${cell(String(schema.default))}\``]),
  ];
  return shown.join(", ");
}

function cell(text = ""): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

const start = "<!-- toolsets: generated -->";
const end = "<!-- /toolsets -->";

/** The README with its table of toolsets brought up to date. */
export function readmeBlock(readme: string, entries: readonly ToolEntry[]): string {
  const [before, rest] = readme.split(start);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) return readme;
  const rows = toolsets
    .map((set) => ({ set, own: entries.filter((entry) => entry.toolset === set.name) }))
    .filter(({ own }) => own.length > 0)
    .map(({ set, own }) => {
      const reads = own.filter((entry) => entry.access === "read").length;
      return `| \`${set.name}\` | ${set.summary} | ${reads} | ${own.length - reads} |`;
    });
  const table = ["| Toolset | For | Reads | Writes |", "|---|---|---|---|", ...rows].join("\n");
  return `${before}${start}\n${table}\n${end}${after}`;
}
