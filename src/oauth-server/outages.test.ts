import { afterAll, beforeAll, expect, it } from "vitest";
import { connect, refreshWith, startAuthorizationServer } from "../../test/fakes/oauth-server.ts";
import { AtlassianMcpError } from "../errors.ts";
import { type Sandbox, startSandbox } from "../sandbox/server.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import type { Store } from "../store/types.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

/** A store that goes away for good after so many operations, until it is told to come back. */
function failing(store: Store) {
  let left = Number.POSITIVE_INFINITY;
  const one = <T>(job: () => Promise<T>): Promise<T> => {
    if (left <= 0) {
      const problem = new AtlassianMcpError("upstream", "away", { retryAfterMs: 1500 });
      return Promise.reject(problem);
    }
    left -= 1;
    return job();
  };
  return {
    leaveAfter(operations: number) {
      left = operations;
    },
    comeBack() {
      left = Number.POSITIVE_INFINITY;
    },
    store: {
      ...store,
      get: (key) => one(() => store.get(key)),
      put: (...change) => one(() => store.put(...change)),
      delete: (key) => one(() => store.delete(key)),
      take: (key) => one(() => store.take(key)),
      compareAndSet: (...change) => one(() => store.compareAndSet(...change)),
    } satisfies Store,
  };
}

it("a refresh token outlives a store that goes away at any moment of its use", async () => {
  let now = Date.now();
  const clock = () => now;
  const away = failing(createMemoryStore({ clock }));
  const setup = await startAuthorizationServer(sandbox, { clock, store: away.store });
  const { clientId, refresh } = await connect(setup);
  let token = refresh;
  const answers: number[] = [];
  for (let operations = 0; answers.at(-1) !== 200; operations += 1) {
    now += 1000;
    away.leaveAfter(operations);
    const answer = await refreshWith(setup, clientId, token);
    answers.push(answer.status);
    away.comeBack();
    // Longer than a used token works beside the new one.
    now += 60_000;
    if (answer.status !== 200) {
      expect([operations, answer.status, answer.body["error"]]).toEqual([
        operations,
        503,
        "temporarily_unavailable",
      ]);
      const again = await refreshWith(setup, clientId, token);
      expect([operations, again.status]).toEqual([operations, 200]);
      token = again.body["refresh_token"] ?? "";
    }
  }
  expect(answers.length).toBeGreaterThan(5);
});

it("a refresh token that was answered ends its grant when it comes back, outage or not", async () => {
  let now = Date.now();
  const clock = () => now;
  const away = failing(createMemoryStore({ clock }));
  const setup = await startAuthorizationServer(sandbox, { clock, store: away.store });
  const { clientId, refresh } = await connect(setup);
  now += 1000;
  away.leaveAfter(8);
  await refreshWith(setup, clientId, refresh);
  away.comeBack();
  now += 60_000;
  const good = await refreshWith(setup, clientId, refresh);
  expect(good.status).toBe(200);
  now += 60_000;
  expect((await refreshWith(setup, clientId, refresh)).body["error"]).toBe("invalid_grant");
  const next = await refreshWith(setup, clientId, good.body["refresh_token"] ?? "");
  expect(next.body["error"]).toBe("invalid_grant");
});
