import type { Logger } from "../../log.ts";
import type { Fetch, Grant, OAuthApp } from "./types.ts";

/** Secrets of the tests: no error and no log line may hold any of them. */
export const secrets = {
  client: "client-secret-Zx81",
  access: "access-1-of-a-short-life",
  refresh: "refresh-1-of-a-long-life",
  code: "code-from-the-redirect",
  verifier: "verifier-0123456789-0123456789-0123456789-abc",
} as const;

/** Matches whatever must not be shown, the tokens of `startTokenEndpoint` included. */
export const secretText = /client-secret-|access-\d+-of|refresh-\d+-of|code-from-the|verifier-0123/;

export function cloudApp(authUrl = new URL("https://auth.atlassian.com")): OAuthApp {
  return {
    issuer: { kind: "cloud", authUrl, apiUrl: new URL("https://api.atlassian.com") },
    clientId: "app",
    clientSecret: secrets.client,
    redirectUri: "http://localhost:8080/callback",
    scopes: [],
  };
}

export function dataCenterApp(base = "https://jira.example.com/jira"): OAuthApp {
  return {
    issuer: { kind: "datacenter", product: "jira", baseUrl: new URL(base) },
    clientId: "app",
    clientSecret: secrets.client,
    redirectUri: "https://mcp.example.com/callback",
    scopes: [],
  };
}

export function grantOf(changes: Partial<Grant> = {}): Grant {
  return {
    version: 1,
    accessToken: secrets.access,
    refreshToken: secrets.refresh,
    expiresAt: 0,
    scopes: ["read:me"],
    signedInAt: 1,
    ...changes,
  };
}

export interface Sent {
  readonly url: string;
  readonly body: URLSearchParams;
  readonly init: RequestInit;
}

/** A fetch that answers with the given things in turn, the last one again and again; an `Error` is thrown. */
export function fakeFetch(...answers: (Error | { status?: number; body: unknown } | object)[]) {
  const sent: Sent[] = [];
  const fetch: Fetch = async (url, init = {}) => {
    const form = init.body instanceof URLSearchParams ? init.body : undefined;
    sent.push({ url, body: new URLSearchParams(form), init });
    const answer = answers[Math.min(sent.length, answers.length) - 1] ?? new Error("no answer");
    if (answer instanceof Error) throw answer;
    const { status = 200, body = answer } = answer as { status?: number; body?: unknown };
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return new Response(text, { status, headers: { "content-type": "application/json" } });
  };
  return { fetch, sent };
}

/** What the token endpoint says when all is well. */
export function tokens(number: number, changes: object = {}) {
  return {
    access_token: `access-${number}-of-a-short-life`,
    refresh_token: `refresh-${number}-of-a-long-life`,
    expires_in: 3600,
    token_type: "Bearer",
    scope: "read:me offline_access",
    ...changes,
  };
}

/** A logger whose lines can be read. */
export function listen(): { log: Logger; lines: string[] } {
  const lines: string[] = [];
  const at =
    (level: string) =>
    (event: string, fields: object = {}) => {
      lines.push(JSON.stringify({ level, event, ...fields }));
    };
  return {
    log: { error: at("error"), warn: at("warn"), info: at("info"), debug: at("debug") },
    lines,
  };
}

/** Everything an error could show, its causes included. */
export function allOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const facts = JSON.stringify({ ...error }, (_name, value: unknown) =>
    value instanceof URLSearchParams ? value.toString() : value,
  );
  return `${error.stack}\n${facts}\n${error.cause === undefined ? "" : allOf(error.cause)}`;
}

/** The error that `work` fails with. */
export async function failureOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error("It did not fail");
}
