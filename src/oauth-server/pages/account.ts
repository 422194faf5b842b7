import { type Html, html } from "../../html.ts";
import { plainText } from "./foreign-text.ts";
import { layout } from "./layout.ts";
import {
  accountWords,
  clientName,
  hidden,
  originTag,
  postForm,
  scopeSummary,
  siteWords,
} from "./parts.ts";
import { type AccountPageData, type AllowedClient, fields } from "./types.ts";

/** The clients a user let in, each with a button that ends its access. */
export function accountPage(data: AccountPageData): string {
  const { account, clients, notice } = data;
  return layout({
    title: "Your clients",
    content: html`<h1>Clients with access to your account</h1>
${notice === undefined ? undefined : html`<p class="box good" role="status">${plainText(notice, 200)}</p>`}
${account === undefined ? undefined : html`<p>Signed in as ${accountWords(account)}.</p>`}
${clients.length === 0 ? nobody : list(data)}
<div class="end">${postForm({ action: data.actions.signOut, csrf: data.csrf }, html`<button>Sign out</button>`)}</div>`,
    footer: html`${clients.length > 0 && "Times are UTC. "}Signing out leaves the access of your clients as it is.`,
  });
}

const nobody = html`<p>No client has access. One appears here after you approve its request.</p>`;

function list(data: AccountPageData): Html {
  const { clients, actions, csrf } = data;
  const items = clients.map((client, index) => item(client, index, data));
  return html`<ul class="clients">${items}</ul>
${clients.length < 2 ? undefined : html`<div class="end">${postForm({ action: actions.revokeAll, csrf }, html`<button>Revoke all</button>`)}</div>`}`;
}

/** All the buttons read "Revoke": the heading tells a screen reader whose access ends. */
function item(allowed: AllowedClient, index: number, { actions, csrf }: AccountPageData): Html {
  const { id, client, scopes, site, allowedAt, usedAt } = allowed;
  const heading = `client-${index + 1}`;
  return html`<li>
<h2 id="${heading}">${clientName(client)}</h2>
<p>${originTag(client)}</p>
<dl>
<dt>May use</dt><dd>${scopeSummary(scopes)}</dd>
${site === undefined ? undefined : html`<dt>Site</dt><dd>${siteWords(site)}</dd>`}
<dt>Allowed</dt><dd>${time(allowedAt)}</dd>
<dt>Last used</dt><dd>${usedAt === undefined ? "not yet" : time(usedAt)}</dd>
</dl>
${postForm({ action: actions.revoke, csrf }, html`${hidden(fields.client, id)}<button aria-describedby="${heading}">Revoke</button>`)}
</li>
`;
}

const format = new Intl.DateTimeFormat("en-GB", {
  dateStyle: "medium",
  timeStyle: "short",
  timeZone: "UTC",
});

function time(ms: number): Html {
  const date = new Date(ms);
  return html`<time datetime="${date.toISOString()}">${format.format(date)}</time>`;
}
