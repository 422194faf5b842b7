import {
  Client,
  type OAuthClientProvider,
  type OAuthDiscoveryState,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from "@modelcontextprotocol/client";
import { UnauthorizedError as UnauthorizedV1 } from "@modelcontextprotocol/sdk/client/auth.js";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { StreamableHTTPClientTransport as HttpV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { Report } from "../programs/report.ts";
import { letIn } from "../server/onboarding.ts";
import { checkList, checkResult, search, type Target } from "./target.ts";

const identity = { name: "sdk-clients", version: "1.0.0" };

/** The SDKs of the protocol, as they negotiate by themselves and as they are told to. */
export async function checkSdkClients(report: Report, target: Target): Promise<void> {
  const modes = [undefined, "auto", "legacy", { pin: "2026-07-28" }] as const;
  for (const mode of modes) {
    const name = mode === undefined ? "default" : JSON.stringify(mode);
    await report.check(`${target.name}: @modelcontextprotocol/client, ${name}`, () =>
      useV2(target, mode),
    );
  }
  for (const kind of ["HTTP", "SSE"] as const) {
    await report.check(`${target.name}: @modelcontextprotocol/sdk 1.x, ${kind}`, () =>
      useV1(target, kind),
    );
  }
}

async function useV2(
  target: Target,
  mode: "auto" | "legacy" | { pin: "2026-07-28" } | undefined,
): Promise<string> {
  const login = loginOf(target);
  const open = async () => {
    const client = new Client(identity, mode && { versionNegotiation: { mode } });
    const transport = new StreamableHTTPClientTransport(new URL(target.url), {
      ...login.options,
    });
    await client.connect(transport).catch(async (error: unknown) => {
      if (!(error instanceof UnauthorizedError)) throw error;
      await transport.finishAuth(login.answer());
      throw new SignedIn();
    });
    return client;
  };
  return use(await againOnceSignedIn(open));
}

async function useV1(target: Target, kind: "HTTP" | "SSE"): Promise<string> {
  const login = loginOf(target);
  const open = async () => {
    const client = new ClientV1(identity);
    const options = login.options as ConstructorParameters<typeof HttpV1>[1];
    const transport =
      kind === "HTTP"
        ? new HttpV1(new URL(target.url), options)
        : new SSEClientTransport(new URL(target.sseUrl), {
            ...options,
            ...(target.authorization !== undefined && {
              eventSourceInit: withHeader(target.authorization),
            }),
          });
    await client.connect(transport as Transport).catch(async (error: unknown) => {
      if (!(error instanceof UnauthorizedV1)) throw error;
      await transport.finishAuth(login.answer().get("code") ?? "");
      throw new SignedIn();
    });
    return client;
  };
  return use((await againOnceSignedIn(open)) as unknown as AnyClient);
}

/** An event stream sends no headers of its own. */
function withHeader(authorization: string) {
  return {
    fetch: (url: string | URL, init: object) => {
      const { headers } = init as RequestInit;
      return fetch(url, { ...init, headers: { ...(headers as object), authorization } });
    },
  };
}

interface AnyClient {
  listTools(): Promise<object>;
  callTool(call: typeof search): Promise<object>;
  close(): Promise<void>;
}

async function use(client: AnyClient): Promise<string> {
  const tools = checkList(await client.listTools());
  const issues = checkResult(await client.callTool(search));
  await client.close();
  return `${tools}, ${issues}`;
}

/** The first connection ended with the user's sign-in; the second one works. */
class SignedIn extends Error {}

async function againOnceSignedIn<T>(open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof SignedIn)) throw error;
    return open();
  }
}

/** Options of a transport, and what came to the client's callback address. */
function loginOf({ authorization, person }: Target) {
  if (authorization !== undefined) {
    const options = { requestInit: { headers: { authorization } } };
    return { options, answer: () => new URLSearchParams() };
  }
  const saved: {
    discovery?: OAuthDiscoveryState;
    client?: object;
    tokens?: object;
    verifier?: string;
    answer?: URLSearchParams;
  } = {};
  // Nobody listens there: the person hands over the address instead of opening it.
  const redirectUrl = "http://127.0.0.1:3333/callback";
  const authProvider: OAuthClientProvider = {
    redirectUrl,
    clientMetadata: {
      client_name: identity.name,
      redirect_uris: [redirectUrl],
      token_endpoint_auth_method: "none",
    },
    clientInformation: () => saved.client as never,
    saveClientInformation: (client) => {
      saved.client = client;
    },
    tokens: () => saved.tokens as never,
    saveTokens: (tokens) => {
      saved.tokens = tokens;
    },
    codeVerifier: () => saved.verifier ?? "",
    saveCodeVerifier: (verifier) => {
      saved.verifier = verifier;
    },
    discoveryState: () => saved.discovery,
    saveDiscoveryState: (state) => {
      saved.discovery = state;
    },
    redirectToAuthorization: async (url) => {
      saved.answer = (await letIn(url.href, person)).searchParams;
    },
  };
  return { options: { authProvider }, answer: () => saved.answer ?? new URLSearchParams() };
}
