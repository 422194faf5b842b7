import { AtlassianMcpError, isOurs } from "../errors.ts";
import { type Core, contentIdOf, explainNotFound } from "./core.ts";
import { type Label, makeLabel } from "./models/label.ts";

export interface LabelsResult {
  readonly labels: readonly Label[];
  /** What was done to the name before it was added. */
  readonly note?: string | undefined;
}

export interface Labels {
  /** All labels of a page, blog post or attachment. @throws AtlassianMcpError `not_found`, `forbidden`. */
  list(content: string): Promise<LabelsResult>;
  /** Adds one label and returns all. @throws AtlassianMcpError `input`, `not_found`, `forbidden`. */
  add(content: string, name: string): Promise<LabelsResult>;
}

const hint = "Give the id of a page, blog post or attachment; confluence_search finds them.";

export function labelsOf(core: Core): Labels {
  const list = async (id: string) =>
    core.dialect.labels.list(id).catch(explainNotFound("Content", id, hint));
  /** All labels; only the added one, with a note, when they cannot be read now that it is there. */
  const labelsAfter = async (id: string, name: string, note: string[]) => {
    try {
      return await list(id);
    } catch (error) {
      if (!isOurs(error)) throw error;
      note.push(`The label was added to ${id}, the others could not be read: ${error.message}`);
      return [makeLabel(name, "global")];
    }
  };
  return {
    async list(content) {
      const id = await contentIdOf(core, content);
      await core.guard.requireContent(id);
      return { labels: await list(id) };
    },
    async add(content, given) {
      const name = checkLabel(given);
      const id = await contentIdOf(core, content);
      await core.guard.requireContent(id);
      await core.dialect.labels.add(id, [name]).catch(explainNotFound("Content", id, hint));
      const note = name === given ? [] : [`Labels are stored in lower case: "${name}" was added.`];
      return noted(await labelsAfter(id, name, note), note);
    },
  };
}

function noted(labels: readonly Label[], note: readonly string[]): LabelsResult {
  return note.length === 0 ? { labels } : { labels, note: note.join(" ") };
}

/** The name as Confluence stores it. @throws AtlassianMcpError `input` for characters that no label may have. */
function checkLabel(given: string): string {
  const name = given.trim().toLowerCase();
  const bad = [...new Set(name.match(/[\s!#&()*,.:;<>?@[\]^]/g) ?? [])];
  if (name !== "" && bad.length === 0 && name.length <= 255) return name;
  const shown = bad.map((char) => (/\s/.test(char) ? "blank" : char)).join(" ");
  const problem =
    name === ""
      ? "must not be empty"
      : bad.length > 0
        ? `holds characters that labels cannot have: ${shown}`
        : "is longer than 255 characters";
  throw new AtlassianMcpError("input", `The label "${given}" ${problem}`, {
    fields: { name: problem },
    next: "Write one label per call, words joined by hyphens, e.g. release-notes.",
  });
}
