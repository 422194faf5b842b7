import { isOurs, oneLine } from "../errors.ts";
import type { Outside } from "./outside.ts";
import { type ExitCode, exitCodes, Interrupted, type Terminal } from "./terminal.ts";

/** Runs a command to its exit code. Errors of ours are told; anything else is a defect and passes through. */
export async function untilItEnds(
  what: string,
  terminal: Terminal,
  outside: Pick<Outside, "close">,
  work: () => Promise<ExitCode>,
): Promise<ExitCode> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Interrupted || terminal.interrupted.aborted) {
      terminal.tell("Given up; a sign-in that is not complete is not stored.");
      return exitCodes.interrupted;
    }
    if (!isOurs(error)) throw error;
    terminal.tell(failureText(`Could not ${what}: `, error.message, error.details));
    return exitCodes.failed;
  } finally {
    await outside.close();
  }
}

/** What went wrong, at which setting, and what to do: two lines. */
export function failureText(
  before: string,
  message: string,
  { setting, next }: { readonly setting?: string | undefined; readonly next?: string | undefined },
): string {
  const where = setting === undefined || message.includes(setting) ? "" : ` (${setting})`;
  const lines = [`${before}${message}${where}.`, ...(next === undefined ? [] : [next])];
  return lines.map(oneLine).join("\n");
}
