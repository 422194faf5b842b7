import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { programOf, startChild, temporaryFolder } from "../../../test/fakes/children.ts";
import {
  startTokenEndpoint,
  type TokenEndpointOptions,
} from "../../../test/fakes/token-endpoint.ts";
import { silentLogger } from "../../log.ts";
import { createFileStore } from "../../store/file-store.ts";
import { openGrantStore } from "./grant-store.ts";
import { cloudApp, grantOf, secrets } from "./oauth.fixtures.ts";

const source = fileURLToPath(new URL("../../../test/fakes/store-child.ts", import.meta.url));
const staleMs = 3000;

async function start(options: Pick<TokenEndpointOptions, "leeway" | "beforeAnswer">) {
  const endpoint = await startTokenEndpoint({
    clientSecret: secrets.client,
    refreshToken: secrets.refresh,
    ...options,
  });
  const folder = await temporaryFolder();
  const store = createFileStore({ folder, keys: [], staleMs });
  const grants = openGrantStore({ app: cloudApp(endpoint.url), store, log: silentLogger });
  await grants.save(grantOf());
  const program = await programOf(source);
  const facts = { folder, staleMs, origin: endpoint.url.href, secret: secrets.client };
  const newChild = () => startChild(program);
  return { endpoint, grants, facts, newChild };
}

describe("processes that need a token at once", { timeout: 60_000 }, () => {
  it("refresh once, with an issuer that takes each refresh token once", async () => {
    const { endpoint, grants, facts, newChild } = await start({ leeway: false });
    const children = Array.from({ length: 5 }, newChild);
    for (let round = 1; round <= 3; round++) {
      const got = await Promise.all(children.map((child) => child.ask("accessToken", facts)));
      expect(new Set(got)).toEqual(new Set([`access-${round + 1}-of-a-short-life`]));
      expect(endpoint.requests).toHaveLength(round);
      const stored = (await grants.read())?.grant;
      expect(stored?.refreshToken).toBe(endpoint.current);
      await grants.save({ ...grantOf(), refreshToken: endpoint.current });
    }
  });
});

type Step = "request" | "answer" | "save";

/** Kills a process in a refresh and lets two others go on, which were waiting for it. */
async function killAt(pauseAt: Step) {
  const { endpoint, grants, facts, newChild } = await start({ leeway: true });
  const victim = newChild();
  const paused = victim.event("paused");
  void victim.ask("accessToken", { ...facts, pauseAt });
  await paused;
  const waiting = [newChild(), newChild()].map((child) => child.ask("accessToken", facts));
  await victim.kill();
  const got = await Promise.all(waiting);
  const stored = (await grants.read())?.grant;
  return {
    got: [...new Set(got)],
    requests: endpoint.requests.length,
    isCurrent: stored?.refreshToken === endpoint.current,
  };
}

async function killWhileTheIssuerAnswers() {
  let isFirst = true;
  let answering = () => {};
  const isAnswering = new Promise<void>((resolve) => {
    answering = resolve;
  });
  const { endpoint, grants, facts, newChild } = await start({
    leeway: true,
    beforeAnswer(response, answer) {
      if (!isFirst) return;
      isFirst = false;
      response.writeHead(200, { "content-type": "application/json" });
      response.write(JSON.stringify(answer).slice(0, 30), answering);
    },
  });
  const victim = newChild();
  void victim.ask("accessToken", facts);
  await isAnswering;
  await victim.kill();
  const got = [await newChild().ask("accessToken", facts)];
  const stored = (await grants.read())?.grant;
  const isCurrent = stored?.refreshToken === endpoint.current;
  return { got, requests: endpoint.requests.length, isCurrent };
}

describe("a process that is killed in a refresh", { timeout: 60_000 }, () => {
  // Together, because each waits for the lock of the dead to be given up.
  it("leaves the others able to go on, at whatever step it dies", async () => {
    const [request, answering, answer, save] = await Promise.all([
      killAt("request"),
      killWhileTheIssuerAnswers(),
      killAt("answer"),
      killAt("save"),
    ]);
    const second = { got: ["access-2-of-a-short-life"], requests: 1, isCurrent: true };
    const third = { got: ["access-3-of-a-short-life"], requests: 2, isCurrent: true };
    expect({ request, answering, answer, save }).toEqual({
      request: second,
      answering: third,
      answer: third,
      save: second,
    });
  });
});
