import { type Html, html } from "../../html.ts";
import { hostOf, plainText } from "./foreign-text.ts";
import { layout } from "./layout.ts";
import { clientCard, foreignName, postForm } from "./parts.ts";
import { fields, type SiteChoice, type SitePageData } from "./types.ts";

/** Asks which of several sites the client may reach. */
export function sitePage({ client, sites, form }: SitePageData): string {
  return layout({
    title: "Choose a site",
    content: html`<h1>Choose an Atlassian site</h1>
${client === undefined ? undefined : clientCard(client)}
${postForm(
  form,
  html`<fieldset><legend>Your account reaches several sites. The client gets access to the one you choose.</legend>
${sites.map(choice)}</fieldset>
<div class="buttons"><button class="main">Continue</button></div>`,
)}`,
  });
}

function choice({ id, name, url }: SiteChoice): Html {
  const host = hostOf(url) ?? "an address that cannot be read";
  const hasName = plainText(name ?? "", 1) !== "";
  return html`<label class="choice"><input type="radio" name="${fields.site}" value="${id}" required>
<span><strong>${foreignName(name, host)}</strong>${hasName && html`<br><span class="soft">${host}</span>`}</span></label>
`;
}
