import type { Parser } from "./library.ts";

/** A private character that stands for the bar of a token while cells are being split. */
const STAND_IN = "\uE000";
/** A bar that is escaped already is left alone: the table takes the backslash away. */
const STATUS = /\{status:(?:[^{}|\\\n]|\\[^|\n])*\|[^{}|\\\n]*\}/g;
/** A line that could be a row of a pipe table and holds a status. */
const ROW = /^.*\|.*\{status:.*$|^.*\{status:.*\}.*\|.*$/gm;

/**
 * Lets `{status:DONE|green}` stand in a cell as it stands anywhere else: without this, the bar inside the token would
 * end the cell, and what follows would be lost.
 */
export function addTableTokens(md: Parser): void {
  md.core.ruler.before("block", "hide_token_bars", (state) => {
    if (state.src.includes(STAND_IN)) return;
    state.src = state.src.replace(ROW, (row) =>
      row.replace(STATUS, (token) => token.replace("|", STAND_IN)),
    );
  });
  md.core.ruler.after("block", "show_token_bars", (state) => {
    for (const token of state.tokens) {
      if (token.content.includes(STAND_IN)) token.content = token.content.replaceAll(STAND_IN, "|");
      if (token.info.includes(STAND_IN)) token.info = token.info.replaceAll(STAND_IN, "|");
    }
  });
}
