import { constantMarkup, type Html, html } from "../../html.ts";
import { stylesheet } from "./style.ts";

export interface LayoutOptions {
  /** What the browser's tab says, before the name of the product. Words of ours only. */
  readonly title: string;
  /** The one `h1` of the page comes in here. */
  readonly content: Html;
  /** `alert` has a screen reader say the content at once, for pages that bring bad news. */
  readonly role?: "alert" | undefined;
  /** Small print below the content. */
  readonly footer?: Html | undefined;
}

// A ring with a dot. It resembles no mark of Atlassian's: the page must not pass for one of theirs.
const mark = html`<svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true"><path fill-rule="evenodd" d="M10 1a9 9 0 1 1 0 18 9 9 0 0 1 0-18zm0 3a6 6 0 1 0 0 12 6 6 0 0 0 0-12z"/><circle cx="10" cy="10" r="3"/></svg>`;

const style = html`<style>${constantMarkup(stylesheet)}</style>`;

/** A whole page: one column, readable from 320 px on, light or dark as the reader prefers, without script. */
export function layout({ title, content, role, footer }: LayoutOptions): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<title>${title} – mcp-atlassian</title>
<link rel="icon" href="data:,">
${style}
</head>
<body>
<header>${mark}<span>mcp-atlassian</span></header>
<main>
<section${role === undefined ? undefined : html` role="${role}"`}>
${content}
</section>
</main>
${footer === undefined ? undefined : html`<footer>${footer}</footer>\n`}</body>
</html>
`.markup;
}
