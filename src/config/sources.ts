import { hidden, type Notice, type Problem } from "./problems.ts";
import type { Setting } from "./setting.ts";
import { type ReadFile, whyUnreadable } from "./values.ts";

/** One place settings come from. Names are environment names, also for flags. */
export interface Source {
  /** As shown to the user, e.g. `environment`; for the command line, see `flagOf`. */
  readonly title: string;
  get(name: string): string | undefined;
}

/** The text of a setting and where it was found. */
export interface Written {
  readonly text: string;
  /** Title of the source. */
  readonly origin: string;
  /** The same for the user, with the name of a secret's file where it came from one. */
  readonly source: string;
}

/** A lookup's outcome: a text, nothing, or a problem; and what else is worth saying. */
export interface Lookup {
  readonly written?: Written | undefined;
  readonly problem?: Problem | undefined;
  readonly notice?: Notice | undefined;
}

/** What an MCP client leaves behind where it had nothing to fill in, e.g. `${user_config.jira_url}`. */
const placeholder = /^\$\{[\w.:-]+\}$/;

/** True for a text that stands for a value and is none. */
export function isPlaceholder(text: string): boolean {
  return placeholder.test(text.trim());
}

/** The name under which a secret's file can be given. */
export function fileName(setting: Setting): string | undefined {
  return setting.secret === true ? `${setting.name}_FILE` : undefined;
}

/** Every name under which a source may hold a setting. */
export function namesOf(setting: Setting): string[] {
  return [setting.name, ...(setting.aliases ?? []), fileName(setting) ?? []].flat();
}

/**
 * Looks a setting up in the sources, first one first. The first source that has the name decides, also with an empty
 * value. `NAME` and `NAME_FILE` side by side in one source are a problem.
 */
export function lookUp(
  setting: Setting,
  sources: readonly Source[],
  around: { readFile: ReadFile; resolvePath: (path: string) => string },
): Lookup {
  const names = [setting.name, ...(setting.aliases ?? [])];
  const nameOfFile = fileName(setting);
  for (const source of sources) {
    const texts = names.flatMap((name) => source.get(name) ?? []);
    const text = texts[0];
    const path = nameOfFile === undefined ? undefined : source.get(nameOfFile);
    if (nameOfFile !== undefined && path !== undefined && path.trim() !== "") {
      if (text !== undefined && text.trim() !== "") return { problem: twice(setting, nameOfFile) };
      return fromFile(nameOfFile, around.resolvePath(path.trim()), source.title, around.readFile);
    }
    if (text === undefined) continue;
    const differing = texts.some((other) => other !== text);
    return {
      written: { text, origin: source.title, source: source.title },
      notice: differing
        ? { setting: setting.name, message: `${names.join(" and ")} differ; the first one counts.` }
        : undefined,
    };
  }
  return {};
}

function fromFile(name: string, path: string, title: string, readFile: ReadFile): Lookup {
  try {
    const text = readFile(path)
      .replace(/^\uFEFF/, "")
      .trim();
    if (text !== "") return { written: { text, origin: title, source: `${name}, ${title}` } };
  } catch (error) {
    const problem = `names a file that ${whyUnreadable(error)}`;
    return { problem: { setting: name, found: hidden, source: title, problem, remedy } };
  }
  return {
    problem: {
      setting: name,
      found: hidden,
      source: title,
      problem: "names an empty file",
      remedy,
    },
  };
}

const remedy = "Give the path of a readable file that holds the secret alone.";

function twice(setting: Setting, nameOfFile: string): Problem {
  return {
    setting: setting.name,
    found: hidden,
    problem: `is set and ${nameOfFile} is set too`,
    remedy: "Keep one of the two.",
  };
}
