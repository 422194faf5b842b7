import { expect, it } from "vitest";
import type { Connection } from "../../auth/connection.ts";
import type { Grant, OAuthApp } from "../../auth/oauth/types.ts";
import { AtlassianMcpError } from "../../errors.ts";
import { checkLogin } from "./login.ts";

const now = Date.UTC(2026, 10, 1, 12);
const app: OAuthApp = {
  clientId: "client",
  clientSecret: "secret-of-client",
  scopes: [],
  issuer: {
    kind: "cloud",
    authUrl: new URL("https://auth.example.com"),
    apiUrl: new URL("https://api.example.com"),
  },
};
const grant: Grant = {
  version: 1,
  accessToken: "an-access-token",
  refreshToken: "a-refresh-token",
  expiresAt: now + 3_600_000,
  scopes: ["read:jira-work"],
  signedInAt: now - 86_400_000,
  account: { id: "5b10", name: "Ann" },
};
const connection = { credential: { kind: "grant", app } } as const;

async function login(
  stored: Grant | undefined | Error,
  more: Partial<Pick<Connection, "credential" | "otherwise">> = {},
) {
  const grantOf = async () => {
    if (stored instanceof Error) throw stored;
    return stored;
  };
  const { findings } = await checkLogin({ ...connection, ...more }, grantOf, now);
  expect(JSON.stringify(findings)).not.toMatch(/an-access-token|a-refresh-token|secret-of/);
  return findings;
}

it("tells who has signed in and until when", async () => {
  const [finding] = await login(grant);
  expect(finding?.outcome).toBe("ok");
  expect(finding?.text).toBe(
    "signed in as Ann on 2026-10-31T12:00:00Z; the access token is valid until 2026-11-01T13:00:00Z and is renewed with the refresh token",
  );
});

it.each([
  ["an access token that has ended and can be renewed", { expiresAt: now - 1 }, "ok"],
  ["no way to renew it", { refreshToken: undefined }, "warning"],
  ["no way to renew one that has ended", { refreshToken: undefined, expiresAt: now }, "problem"],
])("%s", async (_, change, outcome) => {
  expect((await login({ ...grant, ...change }))[0]?.outcome).toBe(outcome);
});

it("names the command where nobody has signed in", async () => {
  const [finding] = await login(undefined);
  expect(finding).toMatchObject({ outcome: "problem" });
  expect(finding?.remedy).toContain("auth login");
});

it("is no problem where another method stands in", async () => {
  const otherwise = { method: "basic" } as Connection;
  expect((await login(undefined, { otherwise }))[0]?.outcome).toBe("skipped");
});

it("says nothing about methods that have no login", async () => {
  expect(await login(grant, { credential: { kind: "none" } })).toEqual([]);
});

it("is a problem where the store cannot be read", async () => {
  const error = new AtlassianMcpError("config", "The key is wrong", { setting: "KEY" });
  expect((await login(error))[0]).toMatchObject({ outcome: "problem", setting: "KEY" });
});
