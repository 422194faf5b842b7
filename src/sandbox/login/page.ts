import type { SandboxAnswer, SandboxUser } from "../types.ts";

export interface CloudSite {
  readonly id: string;
  readonly name: string;
  readonly url: string;
}

export interface ConsentPage {
  readonly appName: string;
  readonly scopes: readonly string[];
  readonly users: readonly SandboxUser[];
  /** Login name that is chosen when the page opens. */
  readonly chosen: string | undefined;
  /** Sites to tick; empty on Data Center, where the site that asks is the only one. */
  readonly sites: readonly CloudSite[];
  /** The query of the authorization request, which the form sends back. */
  readonly request: string;
  /** What the buttons are called. */
  readonly accept: string;
  readonly refuse: string;
  readonly problem?: string | undefined;
}

const style = `
body{font:16px/1.5 system-ui,sans-serif;color:#172b4d;background:#f4f5f7;margin:0}
main{max-width:34rem;margin:3rem auto;padding:1.5rem 2rem;background:#fff;border:1px solid #dfe1e6;border-radius:6px}
h1{font-size:1.35rem;margin:0 0 .5rem}
fieldset{border:1px solid #c1c7d0;border-radius:4px;margin:1rem 0;padding:.5rem 1rem}
legend{font-weight:600;padding:0 .25rem}
label{display:block;padding:.2rem 0}
ul{columns:2;font-size:.85rem;padding-left:1.2rem}
small{color:#44546f}
[role=alert]{background:#ffeceb;border-left:4px solid #ae2a19;padding:.5rem 1rem}
button{font:inherit;padding:.45rem 1.2rem;border-radius:4px;border:1px solid #44546f;background:#fff;color:#172b4d}
button[value=accept]{background:#0c66e4;border-color:#0c66e4;color:#fff}
button:focus-visible,input:focus-visible{outline:3px solid #388bff;outline-offset:2px}`;

/** The page on which a person signs in and lets an app in; needs no script. */
export function consentPage(page: ConsentPage): SandboxAnswer {
  const sites = page.sites.map((site) =>
    choice("checkbox", "site", site.id, siteLabel(site), true),
  );
  const chosen = page.chosen ?? page.users[0]?.name;
  const users = page.users.map((user) =>
    choice("radio", "user", user.name, userLabel(user), user.name === chosen),
  );
  const body = [
    `<h1>${escapeHtml(page.appName)} asks for access</h1>`,
    "<p>This is a pretend sign-in page. No password is needed.</p>",
    page.problem === undefined ? "" : `<p role="alert">${escapeHtml(page.problem)}</p>`,
    `<form method="post"><input type="hidden" name="request" value="${escapeHtml(page.request)}">`,
    group("Sign in as", users),
    sites.length === 0 ? "" : group("Let it use these sites", sites),
    `<h2 style="font-size:1rem">Scopes it asks for</h2><ul>${page.scopes.map(item).join("")}</ul>`,
    `<p><button name="decision" value="accept">${page.accept}</button> `,
    `<button name="decision" value="refuse">${page.refuse}</button></p></form>`,
  ];
  return htmlPage(page.problem === undefined ? 200 : 400, "Sign in", body.join("\n"));
}

/** For requests that must not be sent back to where they claim to come from. */
export function errorPage(error: string, description: string): SandboxAnswer {
  return htmlPage(
    400,
    "Something went wrong",
    `<h1>Something went wrong</h1><p role="alert">${escapeHtml(description)}</p><p><small>Error: <code>${escapeHtml(error)}</code></small></p>`,
  );
}

function htmlPage(status: number, title: string, body: string): SandboxAnswer {
  return {
    status,
    headers: {
      "content-type": "text/html;charset=UTF-8",
      "cache-control": "no-store",
      "content-security-policy":
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    },
    text: `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${style}</style></head><body><main>${body}</main></body></html>`,
  };
}

function group(legend: string, choices: readonly string[]): string {
  return `<fieldset><legend>${legend}</legend>${choices.join("")}</fieldset>`;
}

/** `label` is HTML. */
function choice(
  type: "checkbox" | "radio",
  name: string,
  value: string,
  label: string,
  isChecked: boolean,
): string {
  const checked = isChecked ? " checked" : "";
  return `<label><input type="${type}" name="${name}" value="${escapeHtml(value)}"${checked}> ${label}</label>`;
}

function userLabel({ displayName, email }: SandboxUser): string {
  return `${escapeHtml(displayName)} <small>${escapeHtml(email)}</small>`;
}

function siteLabel({ name, url }: CloudSite): string {
  return `${escapeHtml(name)} <small>${escapeHtml(url)}</small>`;
}

function item(scope: string): string {
  return `<li><code>${escapeHtml(scope)}</code></li>`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
