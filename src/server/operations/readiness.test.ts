import { expect, it } from "vitest";
import { AtlassianMcpError } from "../../errors.ts";
import { createMemoryStore } from "../../store/memory-store.ts";
import { createDrain } from "./drain.ts";
import { createReadiness } from "./readiness.ts";
import { storeCheck } from "./store-check.ts";

const never = () => new Promise<never>(() => {});
const secretive = () =>
  Promise.reject(new AtlassianMcpError("network", "redis://:hunter22@store is away"));

it("names what fails by code alone, and what takes too long", async () => {
  const checks = [
    { name: "good", run: async () => "yes" },
    { name: "away", run: secretive },
    { name: "broken", run: () => Promise.reject(new TypeError("hunter22")) },
    { name: "slow", run: never },
  ];
  const readiness = createReadiness({ checks, drain: createDrain(0), limitMs: 5 });
  expect(await readiness.failing()).toEqual([
    { check: "away", reason: "network" },
    { check: "broken", reason: "internal" },
    { check: "slow", reason: "timeout" },
  ]);
});

it("asks once for all who ask at the same time, and again later", async () => {
  let asked = 0;
  const checks = [{ name: "counted", run: async () => ++asked }];
  const readiness = createReadiness({ checks, drain: createDrain(0) });
  await Promise.all([readiness.failing(), readiness.failing(), readiness.failing()]);
  expect(asked).toBe(1);
  await readiness.failing();
  expect(asked).toBe(2);
});

it("asks nobody any more once it is draining", async () => {
  const drain = createDrain(0);
  const readiness = createReadiness({ checks: [{ name: "slow", run: never }], drain });
  await drain.begin();
  expect(await readiness.failing()).toEqual([{ check: "server", reason: "draining" }]);
});

it("pings a store that can be pinged and reads from any other", async () => {
  const store = createMemoryStore({});
  await expect(storeCheck(async () => store).run()).resolves.toBeUndefined();
  const pinged = { ...store, get: secretive, ping: async () => {} };
  await expect(storeCheck(async () => pinged).run()).resolves.toBeUndefined();
  const away = { ...store, ping: secretive };
  await expect(storeCheck(async () => away).run()).rejects.toMatchObject({ code: "network" });
});
