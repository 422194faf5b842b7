import { describe, expect, it } from "vitest";
import { managedCredentials } from "./managed-credentials.ts";
import type { TokenManager } from "./types.ts";

function start() {
  const state = { token: "one" };
  const refused: string[] = [];
  const manager: TokenManager = {
    accessToken: async () => state.token,
    async renew(token) {
      refused.push(token);
      return true;
    },
    grant: async () => undefined,
  };
  return { state, refused, credentials: managedCredentials(manager) };
}

describe("credentials that a manager keeps alive", () => {
  it("are the manager's token, in the same object while it is the same", async () => {
    const { state, credentials } = start();
    const first = await credentials.headers();
    expect(first).toEqual({ authorization: "Bearer one" });
    expect(await credentials.headers()).toBe(first);
    state.token = "two";
    expect(await credentials.headers()).toEqual({ authorization: "Bearer two" });
  });

  it("renew the token that was refused, not the one another request got meanwhile", async () => {
    const { state, credentials, refused } = start();
    const first = await credentials.headers();
    state.token = "two";
    await credentials.headers();
    await credentials.renew?.(undefined, first);
    await credentials.renew?.();
    expect(refused).toEqual(["one", "two"]);
  });

  it("renew nothing before anything was sent", async () => {
    const { credentials, refused } = start();
    expect(await credentials.renew?.()).toBe(false);
    expect(refused).toEqual([]);
  });
});
