import { html } from "../../html.ts";
import { plainText } from "./foreign-text.ts";
import { layout } from "./layout.ts";
import type { DonePageData } from "./types.ts";

/** The end of a flow that leads nowhere else. */
export function donePage({ title = "You are signed in", message }: DonePageData = {}): string {
  return layout({
    title: plainText(title, 100),
    content: html`<h1>${plainText(title, 100)}</h1>
${message === undefined ? undefined : html`<p>${plainText(message, 400)}</p>`}
<p>You can close this window.</p>`,
  });
}
