import type { z } from "zod";
import { AtlassianMcpError } from "../errors.ts";

/**
 * Checks an upstream answer against a schema and returns what the schema makes of it.
 *
 * @param what names the answer for the reader, e.g. `issue`.
 * @throws AtlassianMcpError `shape` with the path of the first value that does not fit.
 */
export function parseAnswer<Schema extends z.ZodType>(
  schema: Schema,
  answer: unknown,
  what: string,
): z.output<Schema> {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue === undefined ? "" : issue.path.map(String).join(".");
  throw new AtlassianMcpError(
    "shape",
    `The site answered an unknown form of ${what}${path ? ` at "${path}"` : ""}: ${issue?.message ?? "no detail"}`,
    { next: "Check that the address is an Atlassian site and not a proxy or sign-in page." },
  );
}
