import type { Sandbox } from "../../src/sandbox/server.ts";
import { Browser, locationOf, signInUpstream } from "../fakes/oauth-server.ts";
import type { Env } from "./harness.ts";

/** Settings of a server that signs people in, at a public address, with the sandbox as Atlassian. */
export function proxyEnv(sandbox: Sandbox, publicUrl: string): Env {
  const redirectUri = `${publicUrl}/callback`;
  const { clientId, clientSecret } = sandbox.login.register({ redirectUri });
  return {
    JIRA_URL: sandbox.urls.cloud,
    JIRA_DEPLOYMENT: "cloud",
    CONFLUENCE_URL: `${sandbox.urls.cloud}/wiki`,
    CONFLUENCE_DEPLOYMENT: "cloud",
    ATLASSIAN_API_URL: sandbox.urls.gateway,
    ATLASSIAN_AUTH_URL: sandbox.urls.login,
    ATLASSIAN_OAUTH_PROXY_ENABLE: "true",
    ATLASSIAN_OAUTH_CLIENT_ID: clientId,
    ATLASSIAN_OAUTH_CLIENT_SECRET: clientSecret,
    ATLASSIAN_OAUTH_REDIRECT_URI: redirectUri,
    PUBLIC_BASE_URL: publicUrl,
  };
}

export interface Person {
  readonly user?: string;
  /** Cloud ids. */
  readonly sites?: string;
  /** Takes each step at our server in place of {@link plainly}. */
  readonly take?: Take;
  /** Where the browser is, as a proxy in front of the server would tell. */
  readonly address?: string;
}

/** Sends one request to our server; `send` may be called several times. */
export type Take = (url: string, send: () => Promise<Response>) => Promise<Response>;

export const plainly: Take = (_url, send) => send();

/**
 * What a person does in a browser: approves, signs in at Atlassian, picks the site if asked. Returns the address at
 * which the client waits.
 */
export async function letIn(authorizeUrl: string, person: Person = {}): Promise<URL> {
  const browser = new Browser();
  const { user = "ada", sites, take = plainly, address } = person;
  const headers: Env = address === undefined ? {} : { "x-forwarded-for": address };
  const open = (url: string, fields?: Record<string, string>): Promise<Response> =>
    take(url, () => (fields ? browser.post(url, fields, headers) : browser.open(url, { headers })));
  const ours = new URL(authorizeUrl).origin;
  let url = authorizeUrl;
  let answer = await open(url);
  for (let step = 0; step < 12; step++) {
    if (answer.status >= 300 && answer.status < 400) {
      const next = new URL(locationOf(answer), url);
      if (next.pathname === "/authorize" && next.origin !== ours) {
        url = await signInUpstream(next.href, { user, ...(sites && { sites }) });
      } else if (next.origin === ours) url = next.href;
      else return next;
      answer = await open(url);
      continue;
    }
    const page = await answer.text();
    if (answer.status !== 200)
      throw new Error(`${url} answered ${answer.status}: ${page.slice(0, 2000)}`);
    url = new URL(/<form[^>]* action="([^"]+)"/.exec(page)?.[1] ?? "", url).href;
    answer = await open(url, fieldsOf(page));
  }
  throw new Error("the sign-in goes round in circles");
}

/** The form as a person would send it: approving, with the first choice of each list. */
function fieldsOf(page: string): Record<string, string> {
  const fields: Record<string, string> = { decision: "approve" };
  for (const [tag] of page.matchAll(/<input\b[^>]*>/g)) {
    const name = /name="([^"]+)"/.exec(tag)?.[1];
    const value = /value="([^"]*)"/.exec(tag)?.[1] ?? "";
    if (name !== undefined && !(name in fields)) fields[name] = value;
  }
  return fields;
}
