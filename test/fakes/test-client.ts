import { onTestFinished } from "vitest";
import { type ApiClientOptions, createApiClient } from "../../src/http/client.ts";
import { createHttpPool, type HttpPool, type PoolOptions } from "../../src/http/pool.ts";
import type { ApiClient } from "../../src/http/types.ts";

export interface TestClient {
  readonly client: ApiClient;
  /** Waits the client asked for, in milliseconds. None of them is slept. */
  readonly waits: readonly number[];
}

/** A pool that is closed by force when the test ends. */
export function testPool(options: PoolOptions = {}): HttpPool {
  const pool = createHttpPool(options);
  onTestFinished(() => pool.close({ force: true }));
  return pool;
}

/** A real client on a pool of its own: waits pass at once and advance the clock, jitter is in the middle. */
export function testClient(apiBase: URL, options: Partial<ApiClientOptions> = {}): TestClient {
  const waits: number[] = [];
  let now = Date.parse("2026-11-23T10:00:00Z");
  const clock = options.clock ?? (() => now);
  const client = createApiClient({
    product: "jira",
    apiBase,
    credentials: { headers: () => ({ authorization: "Bearer test-token" }) },
    pool: options.pool ?? testPool({ clock }),
    timeoutMs: 60_000,
    userAgent: "mcp-atlassian/test",
    clock,
    random: () => 0.5,
    sleep: async (ms) => {
      waits.push(ms);
      now += ms;
    },
    ...options,
  });
  return { client, waits };
}
