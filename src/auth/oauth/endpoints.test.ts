import { describe, expect, it } from "vitest";
import { authorizationUrl, endpointsOf, isLoopbackHttp, scopesOf } from "./endpoints.ts";
import { cloudApp, dataCenterApp } from "./oauth.fixtures.ts";

const checks = { state: "state of this sign-in", codeChallenge: "challenge" };

describe("endpoints", () => {
  it("are those of the login host on Cloud, which cannot revoke", () => {
    const { authorize, token, revoke } = endpointsOf(cloudApp());
    expect(authorize.href).toBe("https://auth.atlassian.com/authorize");
    expect(token.href).toBe("https://auth.atlassian.com/oauth/token");
    expect(revoke).toBeUndefined();
  });

  it.each(["https://jira.example.com/jira", "https://jira.example.com/jira/?os=1#x"])(
    "are below the context path on Data Center: %s",
    (base) => {
      const { authorize, token, revoke } = endpointsOf(dataCenterApp(base));
      const home = "https://jira.example.com/jira/rest/oauth2/latest";
      expect([authorize.href, token.href, revoke?.href]).toEqual([
        `${home}/authorize`,
        `${home}/token`,
        `${home}/revoke`,
      ]);
    },
  );
});

describe("the address to sign in at", () => {
  it("asks Cloud for consent and a refresh token", () => {
    const url = authorizationUrl({ ...cloudApp(), scopes: ["read:jira-work"] }, checks);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      response_type: "code",
      client_id: "app",
      redirect_uri: "http://localhost:8080/callback",
      scope: "read:jira-work offline_access",
      state: checks.state,
      code_challenge: "challenge",
      code_challenge_method: "S256",
      audience: "api.atlassian.com",
      prompt: "consent",
    });
  });

  it("leaves Cloud's own parameters out on Data Center, and holds no secret", () => {
    const url = authorizationUrl(dataCenterApp(), checks);
    expect([...url.searchParams.keys()].sort()).toEqual([
      "client_id",
      "code_challenge",
      "code_challenge_method",
      "redirect_uri",
      "response_type",
      "scope",
      "state",
    ]);
    expect(url.searchParams.get("scope")).toBe("WRITE");
    expect(url.href).not.toContain("secret");
  });

  it("asks for fewer scopes than Cloud accepts", () => {
    expect(scopesOf(cloudApp())).toContain("offline_access");
    expect(scopesOf(cloudApp()).length).toBeLessThan(40);
  });
});

describe("plain http", () => {
  it.each([
    ["http://localhost:1", true],
    ["http://127.0.0.1:1", true],
    ["http://127.1.2.3", true],
    ["http://[::1]:1", true],
    ["https://localhost", false],
    ["http://auth.example.com", false],
    ["http://127.0.0.1.example.com", false],
    ["http://localhost.example.com", false],
  ])("%s is on this machine: %s", (url, expected) => {
    expect(isLoopbackHttp(new URL(url))).toBe(expected);
  });
});
