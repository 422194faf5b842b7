import { describe, expect, it } from "vitest";
import { type FakeAnswer, fakeSite } from "../../../test/fakes/fake-site.ts";
import type { Connection } from "../../auth/connection.ts";
import { AtlassianMcpError } from "../../errors.ts";
import { checkAccessToken, checkPersonalTokens } from "./token.ts";

const now = Date.UTC(2026, 10, 1);

describe("an access token from elsewhere", () => {
  const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const jwt = (claims: unknown) => `${base64({ alg: "RS256" })}.${base64(claims)}.signature`;
  const outcomeOf = (token: string, method: "token" | "pat" = "token") => {
    const connection = { method, credential: { kind: "bearer", token } } as Connection;
    return checkAccessToken(connection, now).map(({ outcome }) => outcome);
  };

  it.each([
    [jwt({ exp: now / 1000 + 60 }), ["ok"]],
    [jwt({ exp: now / 1000 - 60 }), ["problem"]],
    [jwt({}), ["skipped"]],
    ["not.a.jwt", ["skipped"]],
    ["opaque", ["skipped"]],
  ])("%s: %j", (token, outcome) => {
    expect(outcomeOf(token)).toEqual(outcome);
  });

  it("is not what other methods use", () => {
    expect(outcomeOf(jwt({ exp: 1 }), "pat")).toEqual([]);
  });
});

describe("personal access tokens", () => {
  const check = async (answer: FakeAnswer) => {
    const { client } = fakeSite({ routes: { "GET /rest/pat/latest/tokens": answer } });
    return checkPersonalTokens(client, now);
  };
  const late = { name: "late", expiringAt: "2027-06-01T00:00:00.000+0000" };
  const soon = { name: "soon", expiringAt: "2026-11-10T00:00:00.000+0000" };

  it.each([
    ["that never expire", [{ name: "a" }, { name: "b", expiringAt: null }], "ok"],
    ["with time left", [late, { name: "a" }], "ok"],
    ["of which one expires soon", [late, soon], "warning"],
    ["that the site does not list", new AtlassianMcpError("not_found", "no"), "skipped"],
  ])("%s", async (_, answer, outcome) => {
    expect((await check(answer))[0]?.outcome).toBe(outcome);
  });

  it("are named by the first one to expire", async () => {
    expect((await check([late, soon]))[0]?.text).toMatch(/"soon".*2026-11-10/);
  });
});
