import {
  type Form,
  readBoolean,
  readEnum,
  readJsonObject,
  readList,
  readNumber,
  readRegex,
  readUrl,
  readUuid,
} from "./forms.ts";
import { readHeaders } from "./headers.ts";
import { readDomains, readHosts, readOrigins } from "./hosts.ts";
import type { Setting } from "./setting.ts";

/** A value of a setting in its own type. Numbers are in the unit the setting names. */
export type Value =
  | string
  | boolean
  | number
  | URL
  | RegExp
  | readonly string[]
  | Readonly<Record<string, unknown>>;

/** Reads a file as UTF-8 text. Throws as `node:fs` does. */
export type ReadFile = (path: string) => string;

/** What reading a value may need from outside: paths are relative to the working directory. */
export interface Surroundings {
  readonly readFile: ReadFile;
  readonly resolvePath: (path: string) => string;
}

/** The typed value of a text, by the type of the setting. */
export function readValue(setting: Setting, text: string, around: Surroundings): Form<Value> {
  switch (setting.type) {
    case "string":
    case "secret":
      return readText(setting, text);
    case "boolean":
      return readBoolean(text);
    case "integer":
    case "number":
      return readNumber(text, setting);
    case "enum":
      return readEnum(text, setting.values, setting.synonyms);
    case "list":
      return readList(text, setting.separator);
    case "url":
      return readUrl(text, {
        schemes: setting.schemes,
        userInfo: setting.secret === true,
        assume: setting.name.endsWith("_PROXY") ? setting.schemes[0] : undefined,
      });
    case "path":
      return readPath(text, setting.contains, around);
    case "regex":
      return readRegex(text);
    case "uuid":
      return readUuid(text);
    case "json":
      return readJsonObject(text);
    case "headers":
      return readHeaders(text);
    case "domains":
      return readDomains(text);
    case "hosts":
      return readHosts(text);
    case "origins":
      return readOrigins(text);
  }
}

function readText(setting: Setting, text: string): Form<string> {
  const value = text.trim();
  if (!/\p{Cc}/u.test(value)) return { value };
  const what = setting.secret === true ? "the secret alone, on one line" : "it on one line";
  return { problem: "holds a line break or control character", remedy: `Write ${what}.` };
}

function readPath(text: string, contains: string | undefined, around: Surroundings): Form<string> {
  const value = around.resolvePath(text.trim());
  try {
    const text = around.readFile(value);
    if (contains === undefined || text.includes(contains)) return { value };
  } catch (error) {
    return { problem: `names a file that ${whyUnreadable(error)}`, remedy: "Correct the path." };
  }
  return {
    problem: `names a file without "${contains}"`,
    remedy: "Give a text file in PEM form.",
  };
}

/** Why a file could not be read, as the end of a sentence. */
export function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") return "does not exist";
  if (code === "EACCES" || code === "EPERM") return "may not be read";
  if (code === "EISDIR") return "is a folder";
  return "cannot be read";
}

/** The values of all settings, read by name and type. A wrong name or type is a mistake in this program. */
export class Values {
  readonly #values: ReadonlyMap<string, Value>;
  readonly #given: ReadonlySet<string>;

  constructor(values: ReadonlyMap<string, Value>, given: ReadonlySet<string>) {
    this.#values = values;
    this.#given = given;
  }

  /** True where a source set it to something, false where only a default holds. */
  isGiven(name: string): boolean {
    return this.#given.has(name);
  }

  text(name: string): string | undefined {
    return this.#read(name, (value) => typeof value === "string", "text");
  }

  url(name: string): URL | undefined {
    return this.#read(name, (value) => value instanceof URL, "URL");
  }

  /** The entries, or `undefined` where nothing is set. */
  list(name: string): readonly string[] | undefined {
    return this.#read(name, (value): value is readonly string[] => Array.isArray(value), "list");
  }

  headers(name: string): Readonly<Record<string, string>> {
    const value = this.#read(name, isTexts, "headers");
    return value ?? {};
  }

  /** `false` where nothing is set and the setting has no default. */
  isOn(name: string): boolean {
    return this.#read(name, (value) => typeof value === "boolean", "boolean") ?? false;
  }

  number(name: string): number {
    return this.#needed(
      name,
      this.#read(name, (value) => typeof value === "number", "number"),
    );
  }

  regex(name: string): RegExp {
    return this.#needed(
      name,
      this.#read(name, (value) => value instanceof RegExp, "regex"),
    );
  }

  /** A text that has a default. */
  word(name: string): string {
    return this.#needed(name, this.text(name));
  }

  /** A URL that has a default. */
  address(name: string): URL {
    return this.#needed(name, this.url(name));
  }

  #needed<T>(name: string, value: T | undefined): T {
    if (value === undefined) throw new TypeError(`setting ${name} has no default`);
    return value;
  }

  #read<T extends Value>(
    name: string,
    isType: (value: Value) => value is T,
    type: string,
  ): T | undefined {
    const value = this.#values.get(name);
    if (value === undefined || isType(value)) return value;
    throw new TypeError(`setting ${name} is not of type ${type}`);
  }
}

function isTexts(value: Value): value is Readonly<Record<string, string>> {
  return (
    typeof value === "object" &&
    Object.getPrototypeOf(value) === Object.prototype &&
    Object.values(value).every((entry) => typeof entry === "string")
  );
}
