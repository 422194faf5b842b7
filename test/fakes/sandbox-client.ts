import type { Sandbox } from "../../src/sandbox/server.ts";

export interface SandboxReply {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON, the text where it is none, `undefined` for an empty body. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
}

/** Sends a request to a pretend site as one person. */
export type SandboxClient = (method: string, path: string, body?: unknown) => Promise<SandboxReply>;

/** A client of the pretend Jira; `user` counts from 0, the administrator. */
export function jiraClient(
  sandbox: Sandbox,
  deployment: "cloud" | "datacenter",
  user = 0,
): SandboxClient {
  const person = sandbox.users[user];
  if (person === undefined) throw new Error(`no user ${user}`);
  const cloud = deployment === "cloud";
  const authorization = cloud
    ? basic(person.email, person.apiToken)
    : `Bearer ${person.personalToken}`;
  return client(cloud ? sandbox.urls.cloud : sandbox.urls.jiraDataCenter, { authorization });
}

/** A client of any base URL with fixed headers. */
export function client(base: string, headers: Readonly<Record<string, string>>): SandboxClient {
  return async (method, path, body) => {
    const response = await fetch(base + path, {
      method,
      headers: { "content-type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parse(text) };
  };
}

export function basic(login: string, secret: string): string {
  return `Basic ${Buffer.from(`${login}:${secret}`).toString("base64")}`;
}

function parse(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
