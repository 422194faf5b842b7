import { auth as modernAuth } from "@modelcontextprotocol/client";
import { auth as legacyAuth } from "@modelcontextprotocol/sdk/client/auth.js";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  approve,
  Browser,
  clientRedirect,
  documents,
  locationOf,
  type Setup,
  signInUpstream,
  startAuthorizationServer,
} from "../../test/fakes/oauth-server.ts";
import { type Sandbox, startSandbox } from "../sandbox/server.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.reset());
afterAll(() => sandbox.close());

/** What a client keeps; as both generations of the library want it. */
class Keeper {
  readonly redirectUrl = clientRedirect;
  readonly clientMetadata = {
    client_name: "SDK client",
    redirect_uris: [clientRedirect],
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    token_endpoint_auth_method: "none",
  };
  readonly clientMetadataUrl?: string;
  readonly kept = new Map<string, unknown>();
  opened: URL | undefined;

  constructor(document?: string) {
    if (document !== undefined) this.clientMetadataUrl = document;
  }
  state = () => "state-of-the-sdk";
  clientInformation = () => this.kept.get("client") as never;
  saveClientInformation = (value: unknown) => void this.kept.set("client", value);
  tokens = () => this.kept.get("tokens") as never;
  saveTokens = (value: unknown) => void this.kept.set("tokens", value);
  codeVerifier = () => String(this.kept.get("verifier"));
  saveCodeVerifier = (value: string) => void this.kept.set("verifier", value);
  discoveryState = () => this.kept.get("discovery") as never;
  saveDiscoveryState = (value: unknown) => void this.kept.set("discovery", value);
  redirectToAuthorization = (url: URL) => {
    this.opened = url;
  };
}

/** What the user does in the browser, to the parameters that reach the client. */
async function signIn(url: URL): Promise<URLSearchParams> {
  const browser = new Browser();
  const upstream = await approve(browser, url.href);
  const callback = await signInUpstream(upstream, { sites: sandbox.cloudId });
  const resumed = await browser.open(locationOf(await browser.open(callback)));
  return new URL(locationOf(resumed)).searchParams;
}

const generations = [
  ["the present library", modernAuth],
  ["the library before it", legacyAuth],
] as const;

describe.each(generations)("%s", (_name, auth) => {
  const connect = async (setup: Setup, keeper: Keeper) => {
    const options = { serverUrl: setup.resource };
    expect(await auth(keeper as never, options)).toBe("REDIRECT");
    if (keeper.opened === undefined) throw new Error("not sent to a browser");
    const back = await signIn(keeper.opened);
    const done = {
      ...options,
      authorizationCode: back.get("code") ?? "",
      iss: back.get("iss") ?? "",
    };
    expect(await auth(keeper as never, done)).toBe("AUTHORIZED");
    return keeper.kept.get("tokens") as { access_token: string; refresh_token: string };
  };

  it.each(["", "/atlassian"])(
    "finds everything by itself, below %j, and stays signed in",
    async (prefix) => {
      const setup = await startAuthorizationServer(sandbox, { prefix });
      const keeper = new Keeper();
      const first = await connect(setup, keeper);
      expect(await setup.server.verify(first.access_token)).toMatchObject({
        scopes: ["read:jira", "write:jira", "read:confluence", "write:confluence"],
      });
      expect(await auth(keeper as never, { serverUrl: setup.resource })).toBe("AUTHORIZED");
      const second = keeper.kept.get("tokens") as { access_token: string; refresh_token: string };
      expect(second.refresh_token).not.toBe(first.refresh_token);
      expect(await setup.server.verify(second.access_token)).toBeDefined();
    },
  );

  it("uses a document where it has one", async () => {
    const id = "https://client.example.com/client.json";
    const document = {
      client_id: id,
      client_name: "SDK client",
      redirect_uris: ["http://127.0.0.1/callback"],
    };
    const setup = await startAuthorizationServer(sandbox, {
      documentFetch: documents({ [id]: document }),
    });
    const { access_token } = await connect(setup, new Keeper(id));
    expect(await setup.server.verify(access_token)).toMatchObject({ clientId: id });
  });
});
