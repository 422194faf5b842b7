import type { Parser } from "./library.ts";

/** A private character that stands for the bar of a token while cells are being split. */
const STAND_IN = "\uE000";
/** A bar that is escaped already is left alone: the table takes the backslash away. */
// Ends before the next token, so that no character is looked at twice.
const STATUS = /\{status:(?:[^{}|\\]|\\(?!\{status:)[^|])*\|[^{}|\\]*\}/g;

/**
 * Lets `{status:DONE|green}` stand in a cell as it stands anywhere else: without this, the bar inside the token would
 * end the cell, and what follows would be lost.
 */
export function addTableTokens(md: Parser): void {
  md.core.ruler.before("block", "hide_token_bars", (state) => {
    if (!state.src.includes("{status:") || state.src.includes(STAND_IN)) return;
    state.src = state.src.split("\n").map(hideBars).join("\n");
  });
  md.core.ruler.after("block", "show_token_bars", (state) => {
    for (const token of state.tokens) {
      if (token.content.includes(STAND_IN)) token.content = token.content.replaceAll(STAND_IN, "|");
      if (token.info.includes(STAND_IN)) token.info = token.info.replaceAll(STAND_IN, "|");
    }
  });
}

/** The line with the bars of its tokens hidden, if it could be a row: it has bars beside them. */
function hideBars(line: string): string {
  const hidden = line.replace(STATUS, (token) => token.replace("|", STAND_IN));
  return hidden.includes("|") ? hidden : line;
}
