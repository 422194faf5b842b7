import type { Notice } from "./problems.ts";
import { allSettings, namesIn } from "./schema.ts";
import type { Group } from "./setting.ts";
import { fileName, isPlaceholder, namesOf, type Source } from "./sources.ts";

/** Where requests go and as whom. */
export const connection: readonly Group[] = ["connection", "oauth"];
/** What narrows, tunes or explains. All other groups, also future ones, may redirect, weaken or open something. */
export const harmless: readonly Group[] = ["policy", "behaviour", "limits", "logging"];

/** Sources of which the last one is without the names that it may not set, and what is said about those. */
export interface Guarded {
  readonly sources: readonly Source[];
  readonly notices: readonly Notice[];
}

/**
 * Limits the last source, a `.env` that nobody named. Clients start servers inside cloned repositories, so it may be a
 * stranger's: it has a say in connections only where no other source has, and never points at other files.
 */
export function guardImplicitFile(sources: readonly Source[]): Guarded {
  const others = sources.slice(0, -1);
  const file = sources.at(-1);
  if (file === undefined) return { sources, notices: [] };
  const reason = connectionElsewhere(others);
  const pointers = new Set(
    allSettings.flatMap((each) => (each.writes ? each.name : (fileName(each) ?? []))),
  );
  const free = namesIn(harmless);
  const withheld = new Set(
    allSettings
      .flatMap(namesOf)
      .filter((name) => pointers.has(name) || (reason !== undefined && !free.has(name))),
  );
  const rest: Source = {
    title: file.title,
    get: (name) => (withheld.has(name) ? undefined : file.get(name)),
  };
  const missed = [...withheld].filter(
    (name) => sources.find((source) => isSet(source, name)) === file,
  );
  return {
    sources: [...others, rest],
    notices: missed.length === 0 ? [] : [notTaken(file.title, missed, reason)],
  };
}

function notTaken(
  title: string,
  names: readonly string[],
  reason = "A file that nobody named may not point at other files.",
): Notice {
  const message = `Not taken from ${title} in the working directory: ${names.join(", ")}. ${reason} If the file is yours, start with --env-file ${title}.`;
  return { setting: title, message };
}

/** Why the file has no say in connections: a sentence with the first setting that comes from elsewhere. */
function connectionElsewhere(others: readonly Source[]): string | undefined {
  const names = [...namesIn(connection)];
  for (const source of others) {
    const name = names.find((each) => isSet(source, each));
    if (name === undefined) continue;
    return `${name} comes from the ${source.title}, and a file that nobody named may not redirect or weaken that connection.`;
  }
  return undefined;
}

function isSet(source: Source, name: string): boolean {
  const text = source.get(name) ?? "";
  return text.trim() !== "" && !isPlaceholder(text);
}
