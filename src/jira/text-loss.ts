import { AtlassianMcpError } from "../errors.ts";
import type { JiraContext } from "./context.ts";
import type { ReadText } from "./dialect/types.ts";

/**
 * Refuses a new text that leaves out content which Markdown cannot express and which would be gone for good.
 *
 * @param current the text as it is stored now.
 * @param written the stored form of the new text.
 * @param what names the text, e.g. `description of PROJ-1`.
 * @throws AtlassianMcpError `input` listing what would be lost.
 */
export function refuseContentLoss(
  context: JiraContext,
  current: ReadText,
  written: unknown,
  what: string,
): void {
  if (current.originals.size === 0) return;
  const kept = context.dialect.readText(written).originals;
  const lost = [...current.originals].filter(([id]) => !kept.has(id));
  if (lost.length === 0) return;
  const list = lost.map(([id, { label }]) => `${label} (${id})`).join(", ");
  throw new AtlassianMcpError(
    "input",
    `The new text would destroy parts of the ${what}: ${list}.`,
    {
      next: "Read the text again and keep its {opaque:…} placeholders, or set allow_content_loss to true.",
    },
  );
}
