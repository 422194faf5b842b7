/** Something that keeps the server from starting. No field ever holds a secret. */
export interface Problem {
  /** Environment name or flag at fault. */
  readonly setting: string;
  /** The value as written, shortened; `(hidden)` where it could be a secret; `nothing` where it is missing. */
  readonly found: string;
  /** Where the value came from, e.g. `environment` or `.env`. */
  readonly source?: string | undefined;
  /** What is wrong, without a full stop. */
  readonly problem: string;
  /** What to do, one sentence or two. */
  readonly remedy: string;
}

/** Something the operator should know although the server starts. */
export interface Notice {
  /** Environment name or flag it is about. */
  readonly setting: string;
  /** Whole sentences, without secrets. */
  readonly message: string;
}

export const hidden = "(hidden)";
export const nothing = "nothing";

const shownLength = 60;

const userInfo = /:\/\/[^/\s]*@/;

/** A text without what moves a terminal's cursor, hides or turns round what is shown, as one line. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ");
}

/** A value of a setting that is no secret, fit to be printed: one line, shortened, without user information. */
export function showValue(text: string): string {
  const line = printable(text).trim();
  if (looksSecret(line.replace(userInfo, "://"))) return hidden;
  const shown = line.replace(userInfo, `://${hidden}@`).replace(/(:\/\/[^?#]*)[?#].*$/, "$1?…");
  return shown.length > shownLength ? `"${shown.slice(0, shownLength)}…"` : `"${shown}"`;
}

/** A token in the wrong setting (a long run without the dots and dashes of names), an e-mail address, a password. */
function looksSecret(text: string): boolean {
  return /[A-Za-z0-9+=_]{24}/.test(text) || text.includes("@");
}

/** All problems as text for stderr: what was found, what is wrong, what to do. */
export function formatProblems(problems: readonly Problem[]): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const blocks = problems.map(({ setting, found, source, problem, remedy }) => {
    const from = source === undefined ? "" : ` (from ${source})`;
    const lines = [
      `  ${setting}${from}`,
      `    found:   ${found}`,
      `    problem: ${problem}`,
      `    remedy:  ${remedy}`,
    ];
    return `${lines.map(printable).join("\n")}\n`;
  });
  return `mcp-atlassian cannot start: ${count} with its settings.\n\n${blocks.join("\n")}`;
}

/** All notices as text for stderr, one line each. */
export function formatNotices(notices: readonly Notice[]): string {
  return notices.map(({ message }) => `mcp-atlassian: ${printable(message)}\n`).join("");
}

/** Removes known secrets from a text, for values that were written into a second, wrong place as well. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, hidden), text);
}
