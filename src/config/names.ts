import { nearest } from "../spelling.ts";
import type { Notice } from "./problems.ts";
import { allSettings, foreignNames } from "./schema.ts";
import { isPlaceholder, namesOf } from "./sources.ts";

const prefix = /^(JIRA|CONFLUENCE|ATLASSIAN|MCP)_/;

/** Names in an environment that look like settings and are none: misspelt, or another program's words for ours. */
export function checkNames(
  entries: Iterable<readonly [name: string, text: string | undefined]>,
  title: string,
): Notice[] {
  const candidates = [...entries].flatMap(([name, text]) =>
    (prefix.test(name) || Object.hasOwn(foreignNames, name)) && isSet(text) ? [name] : [],
  );
  if (candidates.length === 0) return [];
  const known = knownNames();
  return candidates
    .filter((name) => !known.has(name))
    .flatMap((name) => {
      const hint = foreignNames[name] ?? didYouMean(name, known);
      const message = `${name} (${title}) is not a setting and has no effect. ${hint}`;
      return hint === undefined ? [] : [{ setting: name, message }];
    });
}

function isSet(text: string | undefined): boolean {
  return text !== undefined && text.trim() !== "" && !isPlaceholder(text);
}

function didYouMean(name: string, known: ReadonlySet<string>): string | undefined {
  // Names that are short after their prefix are near to one another by chance.
  const limit = name.replace(prefix, "").length <= 4 ? 1 : 2;
  const meant = nearest(name, known, limit);
  return meant === undefined ? undefined : `Did you mean ${meant}?`;
}

function knownNames(): Set<string> {
  return new Set(allSettings.flatMap(namesOf));
}
