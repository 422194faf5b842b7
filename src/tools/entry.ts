import type { Hints, ToolEntry, ToolScopes } from "./catalogue.ts";
import type { Tool } from "./define.ts";
import { inputSchemaOf } from "./json-schema.ts";

/** The catalogue entry of a tool. Used at generation time and by the test that keeps the catalogue fresh. */
export function entryOf(tool: Tool, scopes: ToolScopes): ToolEntry {
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    product: tool.toolset.product,
    toolset: tool.toolset.name,
    access: tool.access,
    deployments: tool.deployments,
    core: tool.core,
    scopes,
    annotations: hintsOf(tool),
    inputSchema: inputSchemaOf(tool.input),
  };
}

function hintsOf(tool: Tool): Hints {
  return {
    readOnlyHint: tool.access === "read",
    destructiveHint: tool.access === "update" || tool.access === "delete",
    idempotentHint: tool.idempotent,
    openWorldHint: true,
  };
}
