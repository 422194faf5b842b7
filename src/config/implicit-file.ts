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
 * stranger's: it has a say in connections only where no other source has, never points at other files, and never names
 * an OAuth app, for which tokens may be stored.
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
  const names = allSettings.flatMap(namesOf);
  const isLogin = (name: string) => /_OAUTH_CLIENT_(ID|SECRET)$/.test(name);
  const withheld = new Set(
    names.filter(
      (name) => pointers.has(name) || isLogin(name) || (reason !== undefined && !free.has(name)),
    ),
  );
  const rest: Source = {
    title: file.title,
    get: (name) => (withheld.has(name) ? undefined : file.get(name)),
  };
  const missed = [...withheld].filter(
    (name) => sources.find((source) => isSet(source, name)) === file,
  );
  const groups =
    reason === undefined
      ? ([
          [missed.filter((name) => !isLogin(name)), noPointers],
          [missed.filter(isLogin), noLogins],
        ] as const)
      : ([[missed, reason]] as const);
  return {
    sources: [...others, rest],
    notices: groups.flatMap(([group, why]) =>
      group.length === 0 ? [] : [notTaken(file.title, group, why)],
    ),
  };
}

const noPointers = "A file that nobody named may not point at other files.";
/** Whoever names the app decides where the tokens of its stored login go. */
const noLogins = "A file that nobody named may not make use of a stored login.";

function notTaken(title: string, names: readonly string[], reason: string): Notice {
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
