import { html } from "../../html.ts";
import { plainText } from "./foreign-text.ts";
import { layout } from "./layout.ts";
import type { ErrorPageData } from "./types.ts";

/** Says what went wrong and what to do now. Somebody else's words appear as a quotation only. */
export function errorPage({ title, message, quote, next, reference }: ErrorPageData): string {
  const said = plainText(quote?.text ?? "", 200);
  return layout({
    title: plainText(title, 100),
    role: "alert",
    content: html`<h1>${plainText(title, 100)}</h1>
<p>${plainText(message, 400)}</p>
${quote === undefined || said === "" ? undefined : html`<p class="box bad"><bdi>${plainText(quote.from, 60)}</bdi> says: “<bdi>${said}</bdi>”</p>`}
<p><strong>What to do:</strong> ${plainText(next, 400)}</p>
${reference === undefined ? undefined : html`<p class="soft">Reference for your administrator: <code>${plainText(reference, 80)}</code></p>`}`,
  });
}
