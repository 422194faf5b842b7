import { type Html, html } from "../../html.ts";
import type { ScopeName } from "../types.ts";
import { hostOf, plainText } from "./foreign-text.ts";
import {
  type AccountView,
  type ClientView,
  type FormTarget,
  fields,
  type SiteView,
} from "./types.ts";

const maxNameLength = 60;

/** Somebody's name for something, kept apart so that its direction of writing does not reach our words. */
export function foreignName(name: string | undefined, otherwise: string): Html {
  const shown = plainText(name ?? "", maxNameLength);
  return shown === "" ? html`${otherwise}` : html`<bdi>${shown}</bdi>`;
}

export function clientName(client: ClientView): Html {
  return foreignName(client.name, "A client without a name");
}

/** Who vouches for the client, in a few words. */
export function originTag({ origin }: ClientView): Html {
  const host = origin.kind === "document" ? hostOf(origin.url) : undefined;
  return host === undefined
    ? html`<span class="tag warn">Unverified</span>`
    : html`<span class="tag good">Verified: ${host}</span>`;
}

/** The client's name with where it comes from, and what that is worth. */
export function clientCard(client: ClientView): Html {
  const host = client.origin.kind === "document" ? hostOf(client.origin.url) : undefined;
  return html`<div class="box">
<strong class="name">${clientName(client)}</strong>
<p>${originTag(client)}</p>
<p class="soft">${
    host === undefined
      ? "It registered itself with this server and chose its own name. Nobody has checked who is behind it."
      : `Its description was read from ${host}. The name is what that host says.`
  }</p>
</div>`;
}

/** Name and host of a site. */
export function siteWords({ name, url }: SiteView): Html {
  const host = hostOf(url) ?? "an address that cannot be read";
  const shown = plainText(name ?? "", maxNameLength);
  return shown === "" || shown === host ? html`${host}` : html`<bdi>${shown}</bdi> (${host})`;
}

/** Name and address of a person; empty where neither is known. */
export function accountWords({ name, email }: AccountView): Html {
  const shown = [name, email]
    .map((text) => plainText(text ?? "", maxNameLength))
    .filter((text) => text !== "");
  const [first, second] = shown;
  return second === undefined
    ? html`<bdi>${first}</bdi>`
    : html`<bdi>${first}</bdi> (<bdi>${second}</bdi>)`;
}

/** A form of ours: always POST, always with what proves that the page was ours. */
export function postForm(target: FormTarget, content: Html): Html {
  const { action, csrf, interaction } = target;
  return html`<form method="post" action="${pathOfOurs(action)}">
${hidden(fields.csrf, csrf)}${interaction === undefined ? undefined : hidden(fields.interaction, interaction)}
${content}
</form>`;
}

export function hidden(name: string, value: string): Html {
  return html`<input type="hidden" name="${name}" value="${value}">`;
}

/** Anything but a path would send the csrf token elsewhere, or run as script. */
function pathOfOurs(action: string): string {
  if (/^\/(?![/\\])/.test(action)) return action;
  throw new TypeError("A form's action has to be a path from the root");
}

const products = [
  {
    name: "Jira",
    read: "read:jira",
    write: "write:jira",
    things: "issues, comments, projects, boards",
  },
  {
    name: "Confluence",
    read: "read:confluence",
    write: "write:confluence",
    things: "pages, comments, spaces, attachments",
  },
] as const;

/** What the scopes allow, one line for each product. Writing includes reading. */
export function scopeLines(scopes: readonly ScopeName[]): Html[] {
  const lines = products.flatMap(({ name, read, write, things }) => {
    if (scopes.includes(write)) {
      return [html`<li><strong>See, create, change and delete</strong> in ${name}: ${things}</li>`];
    }
    return scopes.includes(read) ? [html`<li><strong>See</strong> in ${name}: ${things}</li>`] : [];
  });
  return lines.length > 0 ? lines : [html`<li>Learn that you signed in, and nothing else</li>`];
}

/** The same in a few words: "Jira (see and change), Confluence (see)". */
export function scopeSummary(scopes: readonly ScopeName[]): string {
  const allowed = products.flatMap(({ name, read, write }) => {
    if (scopes.includes(write)) return [`${name} (see and change)`];
    return scopes.includes(read) ? [`${name} (see)`] : [];
  });
  return allowed.length === 0 ? "nothing" : allowed.join(", ");
}

/** True when a scope allows more than reading. */
export function canWrite(scopes: readonly ScopeName[]): boolean {
  return products.some(({ write }) => scopes.includes(write));
}
