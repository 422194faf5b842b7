import type { CommandLine } from "./argv.ts";
import { type Form, readBoolean, readEnum, readNumber } from "./forms.ts";
import { type Problem, showValue } from "./problems.ts";
import type { Product } from "./setting.ts";

/** A command with its own flags read. */
export type CommandRequest =
  | { readonly name: "serve" | "sandbox" }
  | ({ readonly name: "auth login" } & LoginFlags)
  | { readonly name: "auth status"; readonly product?: Product | undefined; readonly json: boolean }
  | { readonly name: "auth logout"; readonly product?: Product | undefined }
  | { readonly name: "doctor"; readonly json: boolean };

export interface LoginFlags {
  readonly product?: Product | undefined;
  /** Address or cloud id of the site to choose. */
  readonly site?: string | undefined;
  readonly openBrowser: boolean;
  /** Waits for a pasted address instead of listening. */
  readonly paste: boolean;
  readonly granular: boolean;
  readonly timeoutMs: number;
}

/** The command and what is wrong with its flags; a flag that cannot be read has its default. */
export function readCommand({ command, values }: CommandLine): {
  readonly request: CommandRequest;
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const read = <T>(flag: string, reader: (text: string) => Form<T>): T | undefined => {
    const text = values.get(flag);
    if (text === undefined) return undefined;
    const form = reader(text);
    if ("value" in form) return form.value;
    problems.push({ setting: flag, found: showValue(text), ...form });
    return undefined;
  };
  const isOn = (flag: string) => read(flag, readBoolean) ?? false;
  const product = () => {
    const word = read("--product", (text) => readEnum(text, ["jira", "confluence"]));
    return word === "jira" || word === "confluence" ? word : undefined;
  };
  switch (command.words) {
    case "auth login": {
      const seconds = read("--timeout", (text) =>
        readNumber(text, { type: "integer", min: 1, max: 3600 }),
      );
      const request: CommandRequest = {
        name: "auth login",
        product: product(),
        site: values.get("--site")?.trim(),
        openBrowser: !isOn("--no-browser"),
        paste: isOn("--paste"),
        granular: isOn("--granular"),
        timeoutMs: (seconds ?? 300) * 1000,
      };
      return { request, problems };
    }
    case "auth status":
      return {
        request: { name: "auth status", product: product(), json: isOn("--json") },
        problems,
      };
    case "auth logout":
      return { request: { name: "auth logout", product: product() }, problems };
    case "doctor":
      return { request: { name: "doctor", json: isOn("--json") }, problems };
    default:
      return { request: { name: "serve" }, problems };
  }
}
