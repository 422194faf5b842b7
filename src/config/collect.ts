import { hidden, type Notice, type Problem, showValue } from "./problems.ts";
import type { Setting } from "./setting.ts";
import { isPlaceholder, lookUp, type Source, type Written } from "./sources.ts";
import { readValue, type Surroundings, type Value, Values } from "./values.ts";

/** What the sources say about all settings. */
export interface Collected {
  readonly values: Values;
  /** What was written, by setting, for problems found later. */
  readonly written: ReadonlyMap<string, Written>;
  /** Texts that must not be printed. */
  readonly secrets: readonly string[];
  readonly problems: readonly Problem[];
  readonly notices: readonly Notice[];
}

/** Looks every setting up and reads its value; what is missing or wrong gets its default. */
export function collect(
  settings: readonly Setting[],
  sources: readonly Source[],
  around: Surroundings,
): Collected {
  const values = new Map<string, Value>();
  const written = new Map<string, Written>();
  const secrets = new Set<string>();
  const problems: Problem[] = [];
  const notices: Notice[] = [];
  const unreadable: string[] = [];
  for (const setting of settings) {
    const initial = setting.default;
    if (initial !== undefined) values.set(setting.name, defaultValue(setting, initial, around));
    const found = lookUp(setting, sources, around);
    if (found.problem) {
      problems.push(found.problem);
      unreadable.push(setting.name);
    }
    if (found.notice) notices.push(found.notice);
    if (!found.written) continue;
    const { text } = found.written;
    if (setting.secret === true) addSecrets(secrets, text);
    if (isPlaceholder(text)) {
      notices.push(placeholderNotice(setting));
      continue;
    }
    if (text.trim() === "" && setting.emptyMeansNone !== true) continue;
    written.set(setting.name, found.written);
    if (text.trim() === "") continue;
    const form = readValue(setting, text, around);
    if ("value" in form) {
      notices.push(...unwired(setting, form.value, values.get(setting.name)));
      values.set(setting.name, form.value);
    } else if (setting.ambient === true) {
      written.delete(setting.name);
      notices.push({ setting: setting.name, message: `${setting.name} ${form.problem}; ignored.` });
    } else {
      const { problem, remedy } = form;
      problems.push({ ...whatWasFound(setting, found.written), problem, remedy });
    }
  }
  // What was meant to be set counts as given, so that its absence is not a second problem.
  const given = new Set([...written.keys(), ...unreadable]);
  return { values: new Values(values, given), written, secrets: [...secrets], problems, notices };
}

/** The start of a problem about a setting that was written somewhere. */
export function whatWasFound(
  setting: Pick<Setting, "name" | "secret">,
  { text, source }: Written,
): Pick<Problem, "setting" | "found" | "source"> {
  const found = setting.secret === true ? hidden : showValue(text);
  return { setting: setting.name, found, source };
}

function defaultValue(setting: Setting, text: string, around: Surroundings): Value {
  const form = readValue(setting, text, around);
  if ("value" in form) return form.value;
  throw new TypeError(`the default of ${setting.name} ${form.problem}`);
}

/** A setting without effect is never silent, unless it says what holds anyway. */
function unwired(
  { name, notWired }: Setting,
  value: Value,
  initial: Value | undefined,
): readonly Notice[] {
  if (notWired === undefined) return [];
  if (value === false || JSON.stringify(value) === JSON.stringify(initial)) return [];
  const message = `${name} is set but not available in this version: ${notWired}.`;
  return [{ setting: name, message }];
}

function placeholderNotice({ name }: Setting): Notice {
  return {
    setting: name,
    message: `${name} holds a placeholder that the client did not fill in; it counts as not set.`,
  };
}

/** Short texts are left alone: taking them out of messages would only garble those. */
function addSecrets(secrets: Set<string>, text: string): void {
  for (const part of [text, text.trim(), ...text.split(/[\s,;]+/)]) {
    if (part.length >= 8) secrets.add(part);
  }
}
