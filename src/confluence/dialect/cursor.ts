import { AtlassianMcpError } from "../../errors.ts";

/** The value of `name` in a link's query; the link may be relative to anything. */
export function parameterOf(link: string | null | undefined, name: string): string | undefined {
  const query = link?.split("#")[0]?.split("?")[1];
  if (query === undefined) return undefined;
  return new URLSearchParams(query).get(name) ?? undefined;
}

/** A cursor that is an offset in text. @throws AtlassianMcpError `input`. */
export function offsetOf(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  if (/^\d{1,9}$/.test(cursor.trim())) return Number(cursor);
  throw badCursor();
}

/** The refusal of a cursor; `cause` is what the site said about it. */
export function badCursor(cause?: AtlassianMcpError): AtlassianMcpError {
  const details = {
    fields: { cursor: "is not one of this site" },
    next: "Use next_cursor of the previous answer unchanged, or leave cursor out.",
  };
  return new AtlassianMcpError("input", "The cursor is not one of this site.", details, cause);
}
