import { createTokenManager } from "../../src/auth/oauth/token-manager.ts";
import type { OAuthApp } from "../../src/auth/oauth/types.ts";
import { createFileStore } from "../../src/store/file-store.ts";
import { redisAddress } from "../../src/store/redis-address.ts";
import { createRedisStore } from "../../src/store/redis-store.ts";
import type { Store } from "../../src/store/types.ts";

// A program for tests: uses a store and a token manager as its parent asks.

interface Facts {
  readonly folder: string;
  /** Address of a Redis server to use instead of the folder. */
  readonly redis?: string;
  readonly keys?: string[];
  readonly staleMs?: number;
  readonly key: string;
  readonly value: string;
  readonly expected?: string;
  readonly names: string[];
  readonly times: number;
  readonly origin: string;
  readonly secret: string;
  /** Where a refresh stops for ever. */
  readonly pauseAt?: "request" | "answer" | "save";
}

const never = () => new Promise<never>(() => {});
// A child that waits for ever must not end for want of work.
setInterval(() => {}, 1000);

function openStore({ folder, keys = [], staleMs, redis }: Facts): Store {
  if (redis === undefined) return createFileStore({ folder, keys, staleMs });
  return createRedisStore({ address: redisAddress(new URL(redis)), keys, leaseMs: staleMs });
}

async function pause(): Promise<never> {
  process.send?.({ event: "paused" });
  return never();
}

async function accessToken(facts: Facts): Promise<string> {
  const { origin, secret, pauseAt } = facts;
  const base = new URL(origin);
  const app: OAuthApp = {
    issuer: { kind: "cloud", authUrl: base, apiUrl: base },
    clientId: "app",
    clientSecret: secret,
    scopes: [],
  };
  const plain = openStore(facts);
  const store: Store = {
    ...plain,
    async compareAndSet(...all) {
      const isSet = await plain.compareAndSet(...all);
      return pauseAt === "save" ? pause() : isSet;
    },
  };
  const manager = createTokenManager({
    app,
    store,
    command: "mcp-atlassian auth login",
    async fetch(url, init) {
      if (pauseAt === "request") return pause();
      const response = await fetch(url, init);
      const whole = new Response(await response.text(), response);
      return pauseAt === "answer" ? pause() : whole;
    },
  });
  return manager.accessToken();
}

const answers: Record<string, (facts: Facts) => Promise<unknown>> = {
  accessToken,
  get: (facts) => openStore(facts).get(facts.key),
  put: (facts) => openStore(facts).put(facts.key, facts.value),
  take: async (facts) => {
    const store = openStore(facts);
    const taken = await Promise.all(facts.names.map((name) => store.take(name)));
    return taken.filter((value) => value !== undefined);
  },
  /** How many of the comparisons were won. */
  compareAndSet: async (facts) => {
    const store = openStore(facts);
    const won = facts.names.map((name) =>
      store.compareAndSet(name, facts.expected, facts.value).then((isSet) => (isSet ? name : "")),
    );
    return (await Promise.all(won)).filter((name) => name !== "");
  },
  /** Reads, changes and writes without any safety but the lock. */
  count: async (facts) => {
    const store = openStore(facts);
    for (let done = 0; done < facts.times; done++) {
      await store.withLock("count", async () => {
        await store.put("count", String(Number((await store.get("count")) ?? "0") + 1));
      });
    }
  },
  hold: (facts) => openStore(facts).withLock(facts.key, pause),
  /** Puts one record after another until it is killed; tells the number of each that was acknowledged. */
  write: async (facts) => {
    const store = openStore(facts);
    for (let number = 1; ; number++) {
      await store.put(`${facts.key}${number % 7}`, String(number));
      process.send?.({ event: `acknowledged ${number}` });
    }
  },
};

process.on("message", ({ id, question, facts }: { id: number; question: string; facts: Facts }) => {
  Promise.resolve(answers[question]?.(facts)).then(
    (value) => process.send?.({ id, value }),
    (error: unknown) => {
      const { message, code } = error as { message: string; code?: string };
      process.send?.({ id, error: { message, code } });
    },
  );
});
process.on("disconnect", () => process.exit());
