import type { IncomingMessage } from "node:http";
import { describe, expect, it } from "vitest";
import type { ClientRecord } from "./client-metadata.ts";
import { addressOf, createLimiter } from "./limits.ts";
import { createRegistration } from "./registration.ts";

describe("a limiter", () => {
  it("says how long to wait, for each caller alone", () => {
    let now = 0;
    const limiter = createLimiter({ max: 2, windowMs: 1000, clock: () => now });
    expect([limiter.hit("a"), limiter.hit("a"), limiter.hit("a")]).toEqual([
      undefined,
      undefined,
      1000,
    ]);
    expect(limiter.hit("b")).toBeUndefined();
    now = 400;
    expect(limiter.hit("a")).toBe(600);
    now = 1000;
    expect(limiter.hit("a")).toBeUndefined();
  });

  it("forgets those seen first rather than grow without end", () => {
    const limiter = createLimiter({ max: 1, windowMs: 1000, clock: () => 0, maxKeys: 2 });
    for (const key of ["a", "b", "c"]) limiter.hit(key);
    expect(limiter.hit("c")).toBe(1000);
    expect(limiter.hit("a")).toBeUndefined();
  });
});

describe("a caller's address", () => {
  const from = (remoteAddress: string, forwarded?: string) =>
    ({
      socket: { remoteAddress },
      headers: { "x-forwarded-for": forwarded },
    }) as unknown as IncomingMessage;

  it.each([
    ["192.0.2.7", undefined, 0, "192.0.2.7"],
    ["::ffff:192.0.2.7", undefined, 0, "192.0.2.7"],
    ["2001:db8:1:2:3:4:5:6", undefined, 0, "2001:db8:1:2"],
    ["2001:db8::1", undefined, 0, "2001:db8:0:0"],
    ["10.0.0.1", "198.51.100.1", 0, "10.0.0.1"],
    ["10.0.0.1", "198.51.100.1", 1, "198.51.100.1"],
    ["10.0.0.1", "6.6.6.6, 198.51.100.1", 1, "198.51.100.1"],
    ["10.0.0.1", "6.6.6.6, 198.51.100.1, 10.0.0.2", 2, "198.51.100.1"],
    ["10.0.0.1", "198.51.100.1", 2, "198.51.100.1"],
    ["10.0.0.1", undefined, 1, "10.0.0.1"],
    // Some proxies append the port, which is another one for each connection.
    ["10.0.0.1", "198.51.100.1:50123", 1, "198.51.100.1"],
    ["10.0.0.1", "[2001:db8:1:2:3::4]:50123", 1, "2001:db8:1:2"],
    ["10.0.0.1", "[2001:db8:1:2:3::4]", 1, "2001:db8:1:2"],
  ])("of %s with %j behind %d proxies is %s", (socket, forwarded, proxies, address) => {
    expect(addressOf(from(socket, forwarded), proxies)).toBe(address);
  });
});

it("takes only so many registrations in an hour, whoever sends them", async () => {
  let now = 0;
  const kept: ClientRecord[] = [];
  const register = createRegistration({
    clients: {
      find: async () => undefined,
      add: async (client) => void kept.push(client),
      keep: async () => {},
    },
    redirects: { flawOf: () => undefined, allows: () => true, isOurs: () => false },
    grantTypes: ["authorization_code"],
    clock: () => now,
    validate: async () => {},
  });
  const body = JSON.stringify({ redirect_uris: ["http://127.0.0.1/cb"] });
  for (let count = 0; count < 2000; count += 1) await register(body);
  expect(await register(body)).toMatchObject({ status: 429, retryAfterMs: 3_600_000 });
  expect(kept).toHaveLength(2000);
  now = 3_600_000;
  expect((await register(body)).status).toBe(201);
});
