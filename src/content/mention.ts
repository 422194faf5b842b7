import { AtlassianMcpError } from "../errors.ts";
import type { Mention } from "./tree.ts";

/** The ways in which a site names people, the preferred one first. */
export type MentionKinds = readonly Mention["by"][];

const examples: Readonly<Record<Mention["by"], string>> = {
  accountid: "@[Name](accountid:ACCOUNT_ID)",
  user: "@[Name](user:USERNAME)",
  userkey: "@[Name](userkey:USER_KEY)",
};

/** Throws `input` for a person named in a way the site does not know. Without `kinds` every way will do. */
export function checkMention({ by, id, name = "" }: Mention, kinds: MentionKinds | undefined) {
  if (kinds === undefined || kinds.includes(by)) return;
  const forms = kinds.map((kind) => examples[kind]).join(" or ");
  throw new AtlassianMcpError(
    "input",
    `The mention @[${name}](${by}:${id}) would reach nobody: this site names people another way.`,
    { next: `Write ${forms}, or the name alone for no mention.` },
  );
}
