import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { type Balancer, startBalancer } from "../fakes/balancer.ts";
import { freePort } from "../fakes/loopback.ts";
import { hasRedis, type RedisServer, startRedis } from "../fakes/redis.ts";
import { newStoreKey } from "../fakes/store-key.ts";
import { type Env, type HttpProgram, startHttpProgram, stop } from "./harness.ts";
import { LoginClient, type TokenAnswer } from "./login-client.ts";
import { proxyEnv, type Take } from "./onboarding.ts";
import { freshStore } from "./stored-login.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

/** Several sites, so that each page there is comes up. */
const person = () => ({ user: "ada", sites: `${sandbox.cloudId},${sandbox.labsCloudId}` });

/** Replicas of the built program behind a balancer, all with the same settings. */
interface Cluster {
  readonly base: string;
  readonly balancer: Balancer;
  /** Ends a replica with no chance to tidy up. */
  kill(port: number): Promise<void>;
  /** Starts it again on its port. */
  start(port: number): Promise<void>;
}

async function startCluster(size: number, store: Env): Promise<Cluster> {
  const balancer = await startBalancer();
  const base = `http://localhost:${balancer.port}`;
  const env = { ...proxyEnv(sandbox, base), ...store };
  const running = new Map<number, HttpProgram>();
  const start = async (port: number) => {
    running.set(port, await startHttpProgram(env, ["--port", String(port)]));
  };
  onTestFinished(async () => {
    await Promise.all([...running.values()].map(stop));
  });
  for (let count = 0; count < size; count += 1) balancer.replicas.push(await freePort());
  await Promise.all(balancer.replicas.map(start));
  return {
    base,
    balancer,
    start,
    async kill(port) {
      const program = running.get(port);
      if (program !== undefined) await stop(program);
    },
  };
}

async function startShared(size: number): Promise<Cluster & { readonly redis: RedisServer }> {
  const redis = await startRedis();
  const store = { ATLASSIAN_STORE_URL: redis.url.href, ATLASSIAN_STORE_KEY: newStoreKey() };
  return { ...(await startCluster(size, store)), redis };
}

/** Repeats what is answered 503, as the answer asks for. */
async function patiently(send: () => Promise<Response>): Promise<Response> {
  for (let round = 0; ; round += 1) {
    const answer = await send();
    if (answer.status !== 503 || round > 100) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** What the client got is of use: it reads, is renewed once, and reads again. */
async function expectAlive(client: LoginClient, tokens: TokenAnswer): Promise<void> {
  expect(await client.read(tokens.access_token)).toMatchObject({
    status: 200,
    text: expect.stringContaining("SHOP-1"),
  });
  const renewed = await client.refresh(tokens.refresh_token);
  expect(renewed.status).toBe(200);
  const { access_token: next } = (await renewed.json()) as TokenAnswer;
  expect((await client.read(next)).status).toBe(200);
}

describe.skipIf(!hasRedis)("replicas on one Redis", () => {
  it.each([2, 4])("%i of them serve one login and its calls in turn", async (size) => {
    const { base, balancer } = await startShared(size);
    const client = new LoginClient(base);
    const tokens = await client.login(person());
    await expectAlive(client, tokens);
    for (let count = 0; count < size; count += 1) {
      expect((await client.read(tokens.access_token)).status).toBe(200);
    }
    const { served, replicas } = balancer;
    expect(new Set(served)).toEqual(new Set(replicas));
    served.slice(1).forEach((port, index) => {
      expect(port).not.toBe(served[index]);
    });
  });

  it("take a code once, whoever gets it, and end what came of it when it comes again", async () => {
    const { base } = await startShared(2);
    const client = new LoginClient(base);
    const code = await client.authorize(person());
    const [first, second] = await Promise.all([client.redeem(code), client.redeem(code)]);
    const good = [first, second].filter(({ status }) => status === 200);
    expect(good.length).toBeLessThanOrEqual(1);
    const again = await client.redeem(code);
    expect([again.status, await again.json()]).toEqual([
      400,
      expect.objectContaining({ error: "invalid_grant" }),
    ]);
    for (const answer of good) {
      const { access_token: token } = (await answer.json()) as TokenAnswer;
      expect((await client.read(token)).status).toBe(401);
    }
  });

  it("may be killed before each step of a login and each call", async () => {
    const { base, balancer, kill, start } = await startShared(2);
    let steps = 0;
    const killing: Take = async (_url, send) => {
      steps += 1;
      const port = balancer.next();
      await kill(port);
      const answer = await send();
      await start(port);
      return answer;
    };
    const client = new LoginClient(base, killing);
    await expectAlive(client, await client.login(person()));
    expect(steps).toBeGreaterThanOrEqual(9);
  });

  it("may be killed while they renew a token: the client asks again", async () => {
    const { base, balancer, kill } = await startShared(2);
    const client = new LoginClient(base);
    const tokens = await client.login(person());
    const port = balancer.next();
    // Whatever the replica has done by then, the client does not hear of it.
    await Promise.allSettled([client.refresh(tokens.refresh_token), kill(port)]);
    await expectAlive(client, tokens);
  });

  it("say 503 and when to come back while Redis is silent or gone, and lose nothing", async () => {
    const { base, redis } = await startShared(2);
    const refused: string[] = [];
    const outage: Take = async (url, send) => {
      const isSilent = refused.length % 2 === 0;
      if (isSilent) redis.pause();
      else await redis.kill();
      const answer = await send();
      const { pathname } = new URL(url);
      expect([pathname, answer.status]).toEqual([pathname, 503]);
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
      refused.push(pathname);
      if (isSilent) redis.resume();
      else await redis.start();
      return patiently(send);
    };
    const client = new LoginClient(base, outage);
    await expectAlive(client, await client.login(person()));
    expect(refused.length).toBeGreaterThanOrEqual(9);
  }, 60_000);
});

describe("one process with the embedded store", () => {
  it("may be killed before each step of a login and each call", async () => {
    const cluster = await startCluster(1, freshStore().env);
    const [port = 0] = cluster.balancer.replicas;
    const client = new LoginClient(cluster.base, async (_url, send) => {
      await cluster.kill(port);
      await cluster.start(port);
      return send();
    });
    await expectAlive(client, await client.login(person()));
  });
});
