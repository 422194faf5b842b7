import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  authorize,
  connect,
  redeem,
  register,
  startAuthorizationServer,
} from "../../test/fakes/oauth-server.ts";
import { type Sandbox, startSandbox } from "../sandbox/server.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.reset());
afterAll(() => sandbox.close());

const get = async (url: string) => {
  const response = await fetch(url);
  const body = (await response.json()) as Record<string, string | string[]>;
  return { status: response.status, headers: response.headers, body };
};

describe.each([
  ["", ["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"]],
  [
    "/atlassian",
    [
      "/.well-known/oauth-authorization-server/atlassian",
      "/.well-known/openid-configuration/atlassian",
      "/atlassian/.well-known/openid-configuration",
      "/atlassian/.well-known/oauth-authorization-server",
      "/.well-known/oauth-authorization-server",
      "/.well-known/openid-configuration",
    ],
  ],
])("below %j", (prefix, paths) => {
  it.each(paths)("the server describes itself at %s", async (path) => {
    const { server, base } = await startAuthorizationServer(sandbox, { prefix });
    const { status, headers, body } = await get(new URL(path, base).href);
    expect(server.owns(path)).toBe(true);
    expect(status).toBe(200);
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect(headers.get("cache-control")).toBe("public, max-age=3600");
    expect(body).toMatchObject({
      issuer: base,
      authorization_endpoint: `${base}/authorize`,
      token_endpoint: `${base}/token`,
      registration_endpoint: `${base}/register`,
      revocation_endpoint: `${base}/revoke`,
      jwks_uri: `${base}/jwks`,
      code_challenge_methods_supported: ["S256"],
      authorization_response_iss_parameter_supported: true,
      client_id_metadata_document_supported: true,
      response_types_supported: ["code"],
      grant_types_supported: ["authorization_code", "refresh_token"],
    });
    expect(body["token_endpoint_auth_methods_supported"]).toContain("none");
    expect(body["scopes_supported"]).not.toContain("offline_access");
  });

  it.each([
    `/.well-known/oauth-protected-resource${prefix}/mcp`,
    "/.well-known/oauth-protected-resource",
    "/.well-known/oauth-protected-resource/mcp",
    `/.well-known/oauth-protected-resource${prefix}`,
    `${prefix}/.well-known/oauth-protected-resource`,
    `${prefix}/.well-known/oauth-protected-resource/mcp`,
  ])("the resource is described at %s", async (path) => {
    const { base, resource } = await startAuthorizationServer(sandbox, { prefix });
    const { body } = await get(new URL(path, base).href);
    expect(body).toMatchObject({
      resource,
      authorization_servers: [base],
      bearer_methods_supported: ["header"],
      scopes_supported: ["read:jira", "write:jira", "read:confluence", "write:confluence"],
    });
  });

  it("the challenge leads to the description of the resource", async () => {
    const { server, resource } = await startAuthorizationServer(sandbox, { prefix });
    const url = /resource_metadata="([^"]+)"/.exec(server.challenge())?.[1] ?? "";
    expect((await get(url)).body["resource"]).toBe(resource);
  });

  it("the transport of 2024 is described as a resource of its own, for the same tokens", async () => {
    const sse = new URL(`https://mcp.example${prefix}/sse`);
    const setup = await startAuthorizationServer(sandbox, { prefix, sseResource: sse });
    const challenge = setup.server.challenge(undefined, "sse");
    const { pathname } = new URL(/resource_metadata="([^"]+)"/.exec(challenge)?.[1] ?? "");
    expect(pathname).toBe(`/.well-known/oauth-protected-resource${prefix}/sse`);
    const described = await get(new URL(pathname, setup.base).href);
    expect(described.body["resource"]).toBe(sse.href);
    const { access } = await connect({ ...setup, resource: sse.href });
    expect(await setup.server.verify(access)).toBeDefined();
  });

  it("a client connects", async () => {
    const setup = await startAuthorizationServer(sandbox, { prefix });
    const { access } = await connect(setup);
    expect(await setup.server.verify(access)).toBeDefined();
  });
});

it("does not mind a proxy that takes the prefix off", async () => {
  const setup = await startAuthorizationServer(sandbox, { prefix: "/atlassian" });
  const handle = setup.server.handle;
  const stripped: typeof handle = (request, response) => {
    request.url = (request.url ?? "").replace(/^\/atlassian/, "");
    return handle(request, response);
  };
  const proxied = Object.assign(setup.server, { handle: stripped });
  const id = String((await register(setup)).body["client_id"]);
  const back = await authorize(setup, id, { sites: sandbox.cloudId });
  const { body } = await redeem(setup, id, back.searchParams.get("code") ?? "");
  expect(await proxied.verify(body["access_token"] ?? "")).toBeDefined();
});

it("is not misled by what a request says about its host", async () => {
  const setup = await startAuthorizationServer(sandbox);
  const headers = {
    "x-forwarded-host": "evil.example",
    "x-forwarded-proto": "https",
    forwarded: "host=evil.example",
  };
  const url = `${setup.base}/.well-known/oauth-authorization-server`;
  const answer = await fetch(url, { headers });
  expect(await answer.json()).toMatchObject({ issuer: setup.base });
});

it.each([
  "/mcp",
  "/",
  "/healthz",
  "/authorize/x",
  "/.well-known/other",
  "/interaction",
  "/accounts",
  "/token/x",
])("leaves %s to others", async (path) => {
  const { server } = await startAuthorizationServer(sandbox);
  expect(server.owns(path)).toBe(false);
});

it.each(["/register", "/token", "/revoke", "/jwks", "/.well-known/oauth-authorization-server"])(
  "lets scripts of any page use %s",
  async (path) => {
    const { base } = await startAuthorizationServer(sandbox);
    const answer = await fetch(`${base}${path}`, {
      method: "OPTIONS",
      headers: {
        origin: "https://inspector.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization, mcp-protocol-version",
      },
    });
    expect(answer.status).toBe(204);
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    expect(answer.headers.get("access-control-allow-headers")).toBe(
      "authorization, mcp-protocol-version",
    );
    expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
  },
);

it("answers scripts at the token endpoint whatever page they are from", async () => {
  const { base } = await startAuthorizationServer(sandbox);
  const body = new URLSearchParams({
    grant_type: "refresh_token",
    client_id: "x",
    refresh_token: "y",
  });
  const answer = await fetch(`${base}/token`, {
    method: "POST",
    body,
    headers: { origin: "https://any.example" },
  });
  expect(answer.headers.get("access-control-allow-origin")).toBe("*");
  expect(await answer.json()).toMatchObject({ error: "invalid_client" });
});

it("opens no page of a user to scripts", async () => {
  const { base } = await startAuthorizationServer(sandbox);
  const answer = await fetch(`${base}/account`, { headers: { origin: "https://any.example" } });
  expect(answer.headers.get("access-control-allow-origin")).toBeNull();
});

describe("the challenge", () => {
  it("asks for all scopes of normal use, unless it is about a scope", async () => {
    const { server } = await startAuthorizationServer(sandbox, { scopes: ["read:jira"] });
    expect(server.challenge()).toMatch(/^Bearer resource_metadata="[^"]+", scope="read:jira"$/);
    const description = 'The token does not "suffice"';
    const refused = server.challenge({
      error: "insufficient_scope",
      description,
      scopes: ["read:jira", "write:jira"],
    });
    expect(refused).toContain(`scope="read:jira write:jira", error="insufficient_scope"`);
    expect(refused).toContain(`error_description="The token does not 'suffice'"`);
  });
});

it("says which methods a path takes", async () => {
  const { base } = await startAuthorizationServer(sandbox);
  const answer = await fetch(`${base}/register`);
  expect(answer.status).toBe(405);
  expect(answer.headers.get("allow")).toBe("POST");
});
