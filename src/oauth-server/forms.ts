import type { Context } from "./context.ts";
import { newSecret } from "./records.ts";

type Forms = Pick<Context, "forms">;

const unused = "unused";
const used = "used";
/** How long after the first click a second one may come. */
const secondClickMs = 5000;

/** A token for one sending of one form. Several open windows have one each. */
export async function newForm({ forms }: Forms, form: string, ttlMs: number): Promise<string> {
  const token = newSecret();
  await forms.put(`${form}:${token}`, unused, ttlMs);
  return token;
}

/**
 * True for a token that was given out for this form and not used before. People double-click, and then browsers drop
 * the answer to the first click and show that to the second, so it has to be as good.
 */
export async function isFormGenuine(
  { forms }: Forms,
  form: string,
  token: string,
): Promise<boolean> {
  const before = await forms.change(`${form}:${token}`, (state) =>
    state === undefined || state === used ? undefined : { value: used, ttlMs: secondClickMs },
  );
  return before !== undefined;
}
