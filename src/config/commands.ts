import { type CommandFlag, commandFlags } from "./schema.ts";

/** What the program can be asked to do, besides serving. */
export interface Command {
  /** The words on the command line, e.g. `auth login`; empty for serving. */
  readonly words: string;
  readonly summary: string;
  /** Flags of this command alone. */
  readonly flags: readonly CommandFlag[];
  /** Flags of settings that it takes; absent: all. */
  readonly settings?: readonly string[] | undefined;
}

const product: CommandFlag = {
  flag: "--product",
  value: "jira|confluence",
  summary: "Which product, where Jira and Confluence have OAuth clients of their own.",
};
const json: CommandFlag = { flag: "--json", summary: "Prints JSON." };

export const serve: Command = { words: "", summary: "Serves MCP.", flags: commandFlags };

export const commands: readonly Command[] = [
  {
    words: "sandbox",
    summary: "Runs a pretend Jira and Confluence alone.",
    flags: [],
    settings: ["--port"],
  },
  {
    words: "auth login",
    summary: "Signs in with OAuth and stores the tokens.",
    flags: [
      product,
      {
        flag: "--site",
        value: "url|id",
        summary: "Which Cloud site, where the account has several.",
      },
      { flag: "--no-browser", summary: "Opens no browser; the address is printed in any case." },
      {
        flag: "--paste",
        summary: "Waits for the address that the browser ended at instead of listening for it.",
      },
      {
        flag: "--granular",
        summary: "Proposes granular scopes instead of the classic ones.",
      },
      { flag: "--timeout", value: "seconds", summary: "How long to wait. Default: 300." },
    ],
  },
  {
    words: "auth status",
    summary: "Tells who is signed in, where, with which scopes and until when.",
    flags: [product, json],
  },
  {
    words: "auth logout",
    summary: "Forgets the tokens, and revokes them where the server can.",
    flags: [product],
  },
  {
    words: "doctor",
    summary: "Checks settings, sites, credentials, certificates, proxies and clock.",
    flags: [json],
  },
];

/** Flags that every command knows. */
export const everywhere: ReadonlySet<string> = new Set(["--help", "--version", "--env-file"]);

/** The command that these words begin with, and how many of them it takes. */
export function findCommand(words: readonly string[]): Command | undefined {
  return commands.find((command) => command.words === words.join(" "));
}
