import { randomUUID } from "node:crypto";
import type { CallToolResult } from "@modelcontextprotocol/server";
import { AtlassianMcpError, oneLine } from "../errors.ts";
import type { Logger } from "../log.ts";

/** A tool's value → one text block of compact JSON; text stays text. */
export function resultOf(value: unknown): CallToolResult {
  const text = typeof value === "string" ? value : JSON.stringify(value ?? null);
  return { content: [{ type: "text", text }] };
}

/**
 * An error → what the model reads: what happened, upstream's fields, what to do next. Errors that are not ours show an
 * id only; their text may hold what nobody meant to show.
 */
export function errorResultOf(
  error: unknown,
  tool: string,
  log: Logger,
  requestId?: string | undefined,
): CallToolResult {
  const ours =
    error instanceof AtlassianMcpError ? error : internalError(error, tool, log, requestId);
  return { content: [{ type: "text", text: errorText(ours) }], isError: true };
}

/** The text of an error, for models and people alike. */
export function errorText(error: AtlassianMcpError): string {
  const { fields, next, operation, status, retryAfterMs, traceId } = error.details;
  const lines = [`Error (${error.code}): ${oneLine(error.message)}`];
  if (error.code !== "input") {
    for (const [field, message] of Object.entries(fields ?? {}))
      lines.push(oneLine(`- ${field}: ${message}`));
  }
  if (operation) {
    lines.push(
      `Request: ${operation}${status === undefined ? "" : ` answered ${status}`}${traceId ? `, trace ${traceId}` : ""}`,
    );
  }
  if (retryAfterMs !== undefined) lines.push(`Retry after: ${Math.ceil(retryAfterMs / 1000)} s`);
  if (next) lines.push(`Next: ${oneLine(next)}`);
  return lines.join("\n");
}

function internalError(
  error: unknown,
  tool: string,
  log: Logger,
  requestId: string | undefined,
): AtlassianMcpError {
  const id = randomUUID();
  log.error("tool.failed", {
    requestId,
    tool,
    errorId: id,
    error: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    stack: error instanceof Error ? error.stack : undefined,
  });
  const ids = `error id ${id}${requestId ? `, request id ${requestId}` : ""}`;
  return new AtlassianMcpError("shape", `${tool} failed inside this server (${ids})`, {
    next: "Report it with the error id; the server's log has the details under it.",
  });
}
