import { expect, it } from "vitest";
import { cloudApp } from "../auth/oauth/oauth.fixtures.ts";
import { silentLogger } from "../log.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { createAuthorizationServer } from "./server.ts";
import type { AuthorizationServerOptions } from "./types.ts";

const nothing = () => Promise.reject(new Error("no network"));

function optionsWith(changes: Partial<AuthorizationServerOptions>): AuthorizationServerOptions {
  return {
    issuer: new URL("https://mcp.example.com"),
    resource: new URL("https://mcp.example.com/mcp"),
    app: { ...cloudApp(), redirectUri: "https://mcp.example.com/callback" },
    scopes: ["read:jira"],
    store: createMemoryStore(),
    fetch: nothing,
    documentFetch: nothing,
    grantTypes: ["authorization_code", "refresh_token"],
    requireConsent: true,
    log: silentLogger,
    ...changes,
  };
}

it("starts without a word to anybody", async () => {
  const server = await createAuthorizationServer(optionsWith({}));
  expect(server.owns("/callback")).toBe(true);
  await server.close();
});

it("tells at once whether a path is its own, however many slashes it has", async () => {
  const server = await createAuthorizationServer(optionsWith({}));
  const path = `${"/".repeat(15_000)}x`;
  // Time that grows with the square of the length would make this test fail by its limit.
  for (let count = 0; count < 40; count += 1) expect(server.owns(path)).toBe(false);
}, 4000);

it.each<[string, Partial<AuthorizationServerOptions>]>([
  ["no callback", { app: { ...cloudApp(), redirectUri: undefined } }],
  [
    "a callback elsewhere",
    { app: { ...cloudApp(), redirectUri: "https://other.example.com/callback" } },
  ],
  ["a callback beside the prefix", { issuer: new URL("https://mcp.example.com/atlassian") }],
  [
    "a callback that is the base itself",
    { app: { ...cloudApp(), redirectUri: "https://mcp.example.com/" } },
  ],
  ["a pattern that is none", { allowedRedirects: ["localhost"] }],
])("does not start with %s", async (_name, changes) => {
  await expect(createAuthorizationServer(optionsWith(changes))).rejects.toMatchObject({
    code: "config",
  });
});

it("does not start with a store that cannot be used", async () => {
  const store = { ...createMemoryStore(), get: nothing };
  await expect(createAuthorizationServer(optionsWith({ store }))).rejects.toThrow("no network");
});
