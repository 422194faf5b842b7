import { createHash } from "node:crypto";
import { oneLine } from "../errors.ts";
import { constantMarkup, html } from "../html.ts";

/** A page for whoever looks at the browser while the program at the terminal does the work. */
export interface Page {
  readonly status: number;
  readonly html: string;
}

interface PageText {
  readonly isGood: boolean;
  readonly title: string;
  readonly paragraphs: readonly string[];
}

const style = `
:root{color-scheme:light dark;--ground:#f7f8f9;--card:#fff;--text:#172b4d;--soft:#44546f;--line:#dcdfe4;--mark:#1f845a}
@media (prefers-color-scheme:dark){:root{--ground:#161a1d;--card:#22272b;--text:#dee4ea;--soft:#9fadbc;--line:#38414a;--mark:#4bce97}}
body{margin:0;background:var(--ground);color:var(--text);font:17px/1.55 system-ui,sans-serif}
main{box-sizing:border-box;max-width:34rem;margin:12vh auto 2rem;padding:2rem 2.25rem;background:var(--card);border:1px solid var(--line);border-top:5px solid var(--mark);border-radius:8px}
main.bad{--mark:#c9372c}
h1{margin:0 0 .75rem;font-size:1.45rem;line-height:1.25}
p{margin:.6rem 0;overflow-wrap:anywhere}
footer{margin-top:1.5rem;color:var(--soft);font-size:.85rem}
@media (prefers-color-scheme:dark){main.bad{--mark:#f87168}}
@media (max-width:36rem){main{margin:1rem;padding:1.25rem 1.4rem}}`;

const styleHash = createHash("sha256").update(style).digest("base64");

/** Nothing may be loaded, run, framed or sent from these pages. */
export const pageHeaders = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
} as const;

/** @param question something is left to answer at the terminal. */
export function successPage(title: string, who: string | undefined, question = false): Page {
  return page(200, {
    isGood: true,
    title: "You are signed in",
    paragraphs: [
      who === undefined
        ? `mcp-atlassian can now use ${title}.`
        : `mcp-atlassian can now use ${title} as ${who}.`,
      question
        ? "One question is left: go back to the terminal to answer it."
        : "You can close this page and go back to the terminal.",
    ],
  });
}

/** @param next what to do about it. */
export function failurePage(reason: string, next: string | undefined): Page {
  return page(400, {
    isGood: false,
    title: "You are not signed in",
    paragraphs: [sentence(reason), ...(next === undefined ? [] : [sentence(next)]), atTerminal],
  });
}

/** For an answer that belongs to another sign-in, or to none. */
export function strangerPage(): Page {
  return page(400, {
    isGood: false,
    title: "This is not the sign-in that was begun",
    paragraphs: [
      "The address of this page does not belong to the sign-in that mcp-atlassian waits for, so it was ignored. It may come from an earlier try.",
      "The sign-in still waits: open the address that the terminal shows.",
    ],
  });
}

export function missingPage(status: 404 | 405): Page {
  return page(status, {
    isGood: false,
    title: "There is nothing here",
    paragraphs: ["mcp-atlassian only waits here for the end of a sign-in."],
  });
}

const atTerminal = "The terminal says more. You can close this page.";

function page(status: number, { isGood, title, paragraphs }: PageText): Page {
  const body = paragraphs.map((text) => html`<p>${oneLine(text)}</p>\n`);
  const { markup } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${title} – mcp-atlassian</title>
<style>${constantMarkup(style)}</style>
</head>
<body>
<main${!isGood && constantMarkup(' class="bad"')}>
<h1>${title}</h1>
${body}<footer>mcp-atlassian, MCP server for Jira and Confluence</footer>
</main>
</body>
</html>
`;
  return { status, html: markup };
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
