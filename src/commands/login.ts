import type { LoginFlags } from "../config/command-request.ts";
import { formatProblems } from "../config/problems.ts";
import type { Settings } from "../config/product.ts";
import type { Product } from "../config/setting.ts";
import { askForPlace, askForRest, missingAnswers } from "./answers.ts";
import { shortfallOf, toolsOf } from "./consent.ts";
import { appOfDraft, type Draft, draftsOf, titleOf } from "./drafts.ts";
import { untilItEnds } from "./ending.ts";
import type { Outside } from "./outside.ts";
import { environmentFor, instructionsFor, type SignedIn, summaryOf } from "./result.ts";
import { signIn } from "./sign-in.ts";
import { describeStore, offerKeychain, proveWritable, refuseForgetful } from "./storage.ts";
import { type ExitCode, exitCodes, type Terminal } from "./terminal.ts";

export interface LoginInput {
  readonly settings: Settings;
  readonly flags: LoginFlags;
  readonly terminal: Terminal;
  readonly outside: Outside;
}

/** `auth login`: signs in to every app that settings and flags speak of, one after the other. */
export async function runLogin({
  settings,
  flags,
  terminal,
  outside,
}: LoginInput): Promise<ExitCode> {
  return untilItEnds("sign in", terminal, outside, async () => {
    refuseForgetful(settings);
    const begun = draftsOf(settings, flags.product);
    const missing = missingAnswers(begun, flags.product);
    if (missing.length > 0 && !terminal.isInteractive) {
      terminal.tell(formatProblems(missing).trimEnd());
      return exitCodes.usage;
    }
    const drafts = terminal.isInteractive
      ? await askForAll(begun, settings, flags.product, terminal)
      : begun;
    await signInToAll(drafts, { settings, flags, terminal, outside });
    return exitCodes.done;
  });
}

async function askForAll(
  begun: readonly Draft[],
  settings: Settings,
  only: Product | undefined,
  { prompts }: Terminal,
): Promise<Draft[]> {
  const drafts: Draft[] = [];
  const parts = settings.oauthParts[only ?? "jira"];
  const places = begun.length > 0 ? begun : [await askForPlace({ parts }, only, prompts)];
  for (const draft of places) drafts.push(await askForRest(draft, titleOf(draft), prompts));
  return drafts;
}

async function signInToAll(
  drafts: readonly Draft[],
  { settings, flags, terminal, outside }: LoginInput,
): Promise<void> {
  const useKeychain = await offerKeychain(settings, outside, terminal);
  const store = outside.openStore({ useKeychain });
  const signedIn: SignedIn[] = [];
  try {
    await proveWritable(store);
    for (const draft of drafts) {
      const grant = await signIn({ draft, settings, flags, terminal, outside, store });
      const { issuer } = appOfDraft(draft, settings);
      const shortfall = shortfallOf(grant.scopes, toolsOf(draft, settings), issuer);
      signedIn.push({ draft, grant });
      terminal.print(`${summaryOf({ draft, grant }, await describeStore(settings), shortfall)}\n`);
    }
  } finally {
    await store.close();
  }
  terminal.print(instructionsFor(environmentFor(signedIn, settings)));
}
