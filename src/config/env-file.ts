import { parseEnv } from "node:util";
import type { Notice } from "./problems.ts";

/** The names and values of an env file, and what is doubtful about it. */
export interface EnvFile {
  readonly entries: ReadonlyMap<string, string>;
  readonly notices: readonly Notice[];
}

/** Reads an env file: `NAME=value` lines, quotes, `export`, comments, as `node --env-file` does. */
export function readEnvFile(text: string, path: string): EnvFile {
  const content = text.replace(/^\uFEFF/, "");
  const notices: Notice[] = [];
  const entries = new Map<string, string>();
  for (const [written, value] of Object.entries(parseEnv(content))) {
    // parseEnv takes a line without an equals sign for the start of the next line's name.
    const name = written.split("\n").at(-1)?.trim() ?? "";
    if (name !== written) notices.push(strayLine(content, written, path));
    entries.set(name, value ?? "");
  }
  notices.push(...cutValues(content, entries, path));
  return { entries, notices };
}

function strayLine(content: string, written: string, path: string): Notice {
  const line = content.slice(0, content.indexOf(written)).split("\n").length;
  return { setting: path, message: `Line ${line} of ${path} is not of the form NAME=value.` };
}

/** Unquoted values that hold a `#`: everything from it on counts as a comment, which cuts passwords short. */
function cutValues(content: string, entries: ReadonlyMap<string, string>, path: string): Notice[] {
  const pattern = /^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=[ \t]*([^'"`\s#][^#\n]*)#/gm;
  return [...content.matchAll(pattern)].flatMap(([, name = "", before = ""]) =>
    entries.get(name) === before && !/\s$/.test(before)
      ? [
          {
            setting: name,
            message: `The value of ${name} in ${path} ends at its #. Put the value in quotes to keep all of it.`,
          },
        ]
      : [],
  );
}
