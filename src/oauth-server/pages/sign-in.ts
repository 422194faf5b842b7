import { html } from "../../html.ts";
import { layout } from "./layout.ts";
import { clientCard, postForm, siteWords } from "./parts.ts";
import type { SignInPageData } from "./types.ts";

/** One click before the browser leaves for Atlassian, with the name of the client that wants it. */
export function signInPage({ client, site, form }: SignInPageData): string {
  const where = site === undefined ? "Atlassian" : siteWords(site);
  return layout({
    title: "Sign in",
    content: html`<h1>Sign in with Atlassian</h1>
${
  client === undefined
    ? html`<p>You will see which clients have access to your account, and can end it.</p>`
    : html`<p>This MCP client wants to work with Jira or Confluence as you:</p>
${clientCard(client)}`
}
<p>You continue to ${where}. Neither the client nor this server sees your password.</p>
${postForm(form, html`<div class="buttons"><button class="main">Continue to ${where}</button></div>`)}`,
  });
}
