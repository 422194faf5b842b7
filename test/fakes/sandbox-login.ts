import type { Sandbox } from "../../src/sandbox/server.ts";

type Fields = Readonly<Record<string, string | undefined>>;

/** What a token endpoint answered. */
export interface TokenReply {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
}

/** A query or form without the fields that are `undefined`. */
export function fieldsOf(fields: Fields): URLSearchParams {
  const set = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) set.set(name, value);
  }
  return set;
}

/** The address at which a person signs in to Cloud; `change` replaces or, with `undefined`, removes parameters. */
export function cloudAuthorizeUrl(sandbox: Sandbox, change: Fields = {}): string {
  const { clientId, redirectUri } = sandbox.login.app;
  const query = fieldsOf({
    audience: "api.atlassian.com",
    client_id: clientId,
    scope: "read:jira-work read:me offline_access",
    redirect_uri: redirectUri,
    state: "opaque state",
    response_type: "code",
    prompt: "consent",
    ...change,
  });
  return `${sandbox.urls.login}/authorize?${query}`;
}

/** The same on a Data Center site. */
export function dataCenterAuthorizeUrl(
  sandbox: Sandbox,
  product: "jira" | "confluence",
  change: Fields = {},
): string {
  const { clientId, redirectUri } = sandbox.dataCenter[product].app;
  const query = fieldsOf({
    client_id: clientId,
    scope: "WRITE",
    redirect_uri: redirectUri,
    state: "opaque state",
    response_type: "code",
    ...change,
  });
  return `${dataCenterBase(sandbox, product)}/rest/oauth2/latest/authorize?${query}`;
}

export function dataCenterBase(sandbox: Sandbox, product: "jira" | "confluence"): string {
  return product === "jira" ? sandbox.urls.jiraDataCenter : sandbox.urls.confluenceDataCenter;
}

/** Opens an address without following the redirect; gives the parameters that reach the callback. */
export async function callbackOf(url: string, init: RequestInit = {}): Promise<URLSearchParams> {
  const response = await fetch(url, { redirect: "manual", ...init });
  await response.text();
  return new URL(response.headers.get("location") ?? "http://nowhere.example").searchParams;
}

/** Signs Ada in to Cloud without a page and gives the code. */
export async function cloudCode(sandbox: Sandbox, change: Fields = {}): Promise<string> {
  const url = cloudAuthorizeUrl(sandbox, { sandbox_user: "ada", ...change });
  return (await callbackOf(url)).get("code") ?? "";
}

export async function postForm(
  url: string,
  fields: Fields,
  headers: Readonly<Record<string, string>> = {},
): Promise<TokenReply> {
  const response = await fetch(url, { method: "POST", body: fieldsOf(fields), headers });
  return readReply(response);
}

export async function readReply(response: Response): Promise<TokenReply> {
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json") === true;
  const body: unknown = isJson ? JSON.parse(text) : text;
  return { status: response.status, headers: response.headers, body };
}

/** Posts to Cloud's token endpoint as the registered app. */
export function cloudToken(sandbox: Sandbox, fields: Fields): Promise<TokenReply> {
  const { clientId, clientSecret, redirectUri } = sandbox.login.app;
  return postForm(`${sandbox.urls.login}/oauth/token`, {
    client_id: clientId,
    client_secret: clientSecret,
    ...(fields["grant_type"] === "authorization_code" ? { redirect_uri: redirectUri } : {}),
    ...fields,
  });
}

/** Posts to a Data Center site's token endpoint as the registered app. */
export function dataCenterToken(
  sandbox: Sandbox,
  product: "jira" | "confluence",
  fields: Fields,
): Promise<TokenReply> {
  const { clientId, clientSecret, redirectUri } = sandbox.dataCenter[product].app;
  return postForm(`${dataCenterBase(sandbox, product)}/rest/oauth2/latest/token`, {
    client_id: clientId,
    client_secret: clientSecret,
    ...(fields["grant_type"] === "authorization_code" ? { redirect_uri: redirectUri } : {}),
    ...fields,
  });
}
