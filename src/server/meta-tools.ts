import type { CallToolResult } from "@modelcontextprotocol/server";
import { AtlassianMcpError } from "../errors.ts";
import type { ToolEntry } from "../tools/catalogue.ts";
import { rankTools } from "../tools/find.ts";
import type { InputSchema } from "../tools/json-schema.ts";
import { resultOf } from "./result.ts";

/** How a tool stands in `tools/list`. */
export interface ListedTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: InputSchema;
  readonly annotations: ToolEntry["annotations"];
}

export const findToolsName = "atlassian_find_tools";
export const callToolName = "atlassian_call_tool";

/** The two tools that open the rest of the catalogue. In read-only mode the second one cannot write either. */
export function metaTools(readOnly: boolean): readonly ListedTool[] {
  return [
    {
      name: callToolName,
      title: "Call another tool",
      description: `Call a tool that is not in your list, by a name that \`${findToolsName}\` gave.`,
      inputSchema: {
        type: "object",
        properties: {
          name: { type: "string", description: "Tool name, e.g. jira_get_worklog" },
          arguments: { type: "string", description: "JSON object of its arguments" },
        },
        required: ["name"],
        additionalProperties: false,
      },
      annotations: {
        readOnlyHint: readOnly,
        destructiveHint: !readOnly,
        idempotentHint: false,
        openWorldHint: true,
      },
    },
    {
      name: findToolsName,
      title: "Find more tools",
      description:
        "Search all Jira and Confluence tools by words, including those not in your list, and get their " +
        `arguments. Call them with \`${callToolName}\`.`,
      inputSchema: {
        type: "object",
        properties: {
          query: {
            type: "string",
            description: "What you want to do, e.g. delete issue; empty: all",
          },
          limit: { type: "integer", description: "Results, default 8", minimum: 1, maximum: 100 },
        },
        required: [],
        additionalProperties: false,
      },
      annotations: {
        readOnlyHint: true,
        destructiveHint: false,
        idempotentHint: true,
        openWorldHint: false,
      },
    },
  ];
}

/** The answer of `atlassian_find_tools`. */
export function findTools(
  usable: readonly ToolEntry[],
  args: Readonly<Record<string, unknown>>,
  setupHint: string | undefined,
): CallToolResult {
  const query = typeof args["query"] === "string" ? args["query"] : "";
  const limit = limitOf(args["limit"]);
  const hits = rankTools(usable, query, limit);
  return resultOf({
    tools: hits.map((entry) => ({
      name: entry.name,
      description: entry.description,
      access: entry.access,
      arguments: entry.inputSchema.properties,
      required: entry.inputSchema.required,
    })),
    shown: hits.length,
    available: usable.length,
    ...(setupHint && { setup: setupHint }),
    ...(hits.length === 0 &&
      usable.length > 0 && { hint: "Nothing matches; try other words, or an empty query." }),
  });
}

function limitOf(value: unknown): number {
  const limit = typeof value === "string" ? Number(value) : value;
  if (limit === undefined || limit === null) return 8;
  if (typeof limit === "number" && Number.isInteger(limit) && limit >= 1 && limit <= 100)
    return limit;
  throw new AtlassianMcpError(
    "input",
    `${findToolsName}: \`limit\` must be a whole number from 1 to 100.`,
  );
}

/**
 * The tool and arguments that `atlassian_call_tool` names.
 *
 * @throws AtlassianMcpError `input` when the name is missing or the arguments are no JSON object.
 */
export function readInnerCall(args: Readonly<Record<string, unknown>>): {
  name: string;
  arguments: unknown;
} {
  const { name, arguments: inner, ...misplaced } = args;
  const stray = Object.keys(misplaced);
  if (stray.length > 0) {
    throw new AtlassianMcpError(
      "input",
      `${callToolName}: \`${stray.join("`, `")}\` must stand inside \`arguments\`.`,
      { next: 'Send e.g. {"name": "jira_get_worklog", "arguments": {"issue_key": "PROJ-123"}}.' },
    );
  }
  if (typeof name !== "string" || name.trim() === "") {
    throw new AtlassianMcpError("input", `${callToolName}: \`name\` is required.`, {
      next: `Find a tool's name with ${findToolsName}.`,
    });
  }
  return { name: name.trim(), arguments: typeof inner === "string" ? parseObject(inner) : inner };
}

function parseObject(text: string): unknown {
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new AtlassianMcpError("input", `${callToolName}: \`arguments\` is not a JSON object.`, {
      next: 'Send e.g. {"issue_key": "PROJ-123"}.',
    });
  }
}
