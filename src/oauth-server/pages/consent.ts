import { type Html, html } from "../../html.ts";
import { destinationOf, plainText } from "./foreign-text.ts";
import { layout } from "./layout.ts";
import { accountWords, canWrite, clientCard, postForm, scopeLines, siteWords } from "./parts.ts";
import { type ConsentPageData, fields } from "./types.ts";

/**
 * Asks whether the client may act for the user. The heading holds no word of the client's, and nothing is given without
 * the click on "Approve".
 */
export function consentPage(data: ConsentPageData): string {
  const { client, scopes, form } = data;
  return layout({
    title: "Allow access?",
    content: html`<h1>Allow this client to act as you?</h1>
${clientCard(client)}
${data.loopbackOnly ? loopbackWarning : undefined}
<h2>It asks to</h2>
<ul>${scopeLines(scopes)}</ul>
<p>${canWrite(scopes) ? "It can do only what you can do yourself, and does it under your name." : "It cannot change anything, and sees only what you can see."}</p>
${facts(data)}
${upstream(data.upstreamScopes)}
${postForm(form, decision)}`,
    footer: html`If you did not start this yourself just now, choose Deny. You can take access back later, on the account page of this server.`,
  });
}

const decision = html`<div class="buttons">
<button class="main" name="${fields.decision}" value="approve">Approve</button>
<button name="${fields.decision}" value="deny">Deny</button>
</div>`;

const loopbackWarning = html`<div class="box warn"><p><strong>Any program on this computer can pose as this client.</strong>
It receives its answer on this computer, where nothing proves which program is listening. Approve only if you have just
started it.</p></div>`;

function facts({ redirectUri, site, account }: ConsentPageData): Html {
  return html`<dl>
<dt>Answer goes to</dt><dd>${destinationOf(redirectUri)}</dd>
<dt>Atlassian site</dt><dd>${site === undefined ? "You choose it when you sign in" : siteWords(site)}</dd>
${account === undefined ? undefined : html`<dt>Your account</dt><dd>${accountWords(account)}</dd>`}</dl>`;
}

function upstream(scopes: readonly string[]): Html | undefined {
  if (scopes.length === 0) return undefined;
  const items = scopes.map((scope) => html`<li><code>${plainText(scope, 80)}</code></li>`);
  return html`<details><summary>What this server asks of Atlassian</summary>
<p class="soft">One set for all clients. This server lets each client do only what you approve.</p>
<ul>${items}</ul></details>`;
}
