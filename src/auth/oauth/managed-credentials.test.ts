import { describe, expect, it } from "vitest";
import { sendJson, startServer } from "../../../test/fakes/loopback.ts";
import { testClient } from "../../../test/fakes/test-client.ts";
import { apiPath } from "../../http/path.ts";
import { silentLogger } from "../../log.ts";
import { createMemoryStore } from "../../store/memory-store.ts";
import { openGrantStore } from "./grant-store.ts";
import { managedCredentials } from "./managed-credentials.ts";
import { cloudApp, fakeFetch, grantOf, tokens } from "./oauth.fixtures.ts";
import { createTokenManager } from "./token-manager.ts";
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

  it("carry requests over a refusal of their token, with one refresh for all", async () => {
    const server = await startServer((request, response) =>
      request.headers.authorization === "Bearer access-2-of-a-short-life"
        ? sendJson(response, { ok: true })
        : sendJson(response, {}, 401),
    );
    const app = cloudApp();
    const store = createMemoryStore();
    await openGrantStore({ app, store, log: silentLogger }).save(
      grantOf({ expiresAt: Date.now() + 3_600_000 }),
    );
    const { fetch, sent } = fakeFetch(tokens(2), new Error("asked twice"));
    const manager = createTokenManager({ app, store, fetch, command: "auth login" });
    const { client } = testClient(server.url, { credentials: managedCredentials(manager) });
    const request = { path: apiPath`/rest/api/3/myself` };
    const answers = await Promise.all(Array.from({ length: 10 }, () => client.json(request)));
    expect(answers).toEqual(Array.from({ length: 10 }, () => ({ ok: true })));
    expect(sent).toHaveLength(1);
  });
});
