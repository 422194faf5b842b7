import { describe, expect, it } from "vitest";
import { createClientCredentialsManager } from "./client-credentials.ts";
import {
  allOf,
  cloudApp,
  dataCenterApp,
  failureOf,
  fakeFetch,
  listen,
  secretText,
  tokens,
} from "./oauth.fixtures.ts";

const offline = new TypeError("fetch failed");

function start(app = cloudApp(), ...answers: Parameters<typeof fakeFetch>) {
  const clock = { now: 1_000_000 };
  const { fetch, sent } = fakeFetch(...answers);
  const { log, lines } = listen();
  const options = { app, fetch, clock: () => clock.now, log };
  return { manager: createClientCredentialsManager(options), clock, sent, lines };
}

describe.each([
  ["Cloud", cloudApp()],
  ["Data Center", dataCenterApp()],
])("the token of a service account on %s", (_where, app) => {
  it("is asked for at the first use, once for all, and kept while it is good", async () => {
    const { manager, clock, sent } = start(app, tokens(1), tokens(2));
    expect(await manager.grant()).toBeUndefined();
    expect(sent).toHaveLength(0);
    const all = await Promise.all(Array.from({ length: 20 }, () => manager.accessToken()));
    expect(new Set(all)).toEqual(new Set(["access-1-of-a-short-life"]));
    clock.now += 3_299_999;
    await manager.accessToken();
    expect(sent).toHaveLength(1);
    clock.now += 1;
    expect(await manager.accessToken()).toBe("access-2-of-a-short-life");
    expect(await manager.grant()).toMatchObject({ accessToken: "access-2-of-a-short-life" });
  });

  it("is used to half of its life when that is short", async () => {
    const { manager, clock, sent } = start(app, tokens(1, { expires_in: 100 }), tokens(2));
    await manager.accessToken();
    clock.now += 49_999;
    await manager.accessToken();
    expect(sent).toHaveLength(1);
    clock.now += 1;
    expect(await manager.accessToken()).toBe("access-2-of-a-short-life");
  });

  it("is replaced after a refusal, once for all, and not again at once", async () => {
    const { manager, clock, sent } = start(app, tokens(1), tokens(2));
    await manager.accessToken();
    clock.now += 60_000;
    const refused = "access-1-of-a-short-life";
    const all = await Promise.all(Array.from({ length: 20 }, () => manager.renew(refused)));
    expect(new Set(all)).toEqual(new Set([true]));
    expect(await manager.renew(refused)).toBe(true);
    expect(await manager.renew("access-2-of-a-short-life")).toBe(false);
    expect(sent).toHaveLength(2);
  });

  it("outlasts an issuer that is out of reach for a while", async () => {
    const { manager, clock, sent, lines } = start(app, tokens(1), offline, tokens(2));
    await manager.accessToken();
    clock.now += 3_400_000;
    expect(await manager.accessToken()).toBe("access-1-of-a-short-life");
    expect(await manager.accessToken()).toBe("access-1-of-a-short-life");
    expect(sent).toHaveLength(2);
    clock.now += 30_000;
    expect(await manager.accessToken()).toBe("access-2-of-a-short-life");
    expect(lines.join()).not.toMatch(secretText);
  });

  it.each([
    [{ status: 401, body: { error: "invalid_client" } }, "config"],
    [offline, "network"],
    [{ status: 500, body: "" }, "upstream"],
  ])("is not to be had after %j, and asked for at the next call", async (answer, code) => {
    const { manager } = start(app, answer, tokens(1));
    const error = await failureOf(manager.accessToken());
    expect(error).toMatchObject({ code });
    expect(allOf(error)).not.toMatch(secretText);
    expect(await manager.accessToken()).toBe("access-1-of-a-short-life");
  });
});
