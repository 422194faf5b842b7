import { afterAll, beforeAll, expect, it } from "vitest";
import { basic, type HttpProgram, startHttpProgram, stop } from "./harness.ts";

let server: HttpProgram;
const streams: AbortController[] = [];

beforeAll(async () => {
  server = await startHttpProgram({ JIRA_URL: "http://127.0.0.1:1", JIRA_DEPLOYMENT: "cloud" }, [
    "--transport",
    "sse",
  ]);
});
afterAll(async () => {
  for (const stream of streams) stream.abort();
  await stop(server);
});

/** Opens a stream and returns the address to post to, and whether the stream was ended by the server. */
async function open(caller: string) {
  const controller = new AbortController();
  streams.push(controller);
  const answer = await fetch(new URL("/sse", server.url), {
    headers: { authorization: basic(caller, "secret"), accept: "text/event-stream" },
    signal: controller.signal,
  });
  const reader = answer.body?.getReader();
  const first = new TextDecoder().decode((await reader?.read())?.value);
  const path = /data: (\S+)/.exec(first)?.[1] ?? "";
  return {
    path,
    ended: reader?.read().then(
      ({ done }) => done,
      () => true,
    ),
  };
}

const post = (path: string, caller: string) =>
  fetch(new URL(path, server.url), {
    method: "POST",
    headers: { authorization: basic(caller, "secret"), "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" }),
  });

it("binds a stream to the caller who opened it", async () => {
  const { path } = await open("ada");
  expect((await post(path, "ada")).status).toBe(202);
  expect((await post(path, "eve")).status).toBe(404);
  expect((await post("/messages?sessionId=guessed", "ada")).status).toBe(404);
});

it("lets nobody fill the server with streams: the caller's own oldest one makes room", async () => {
  const honest = await open("grace");
  const first = await open("eve");
  for (let index = 0; index < 20; index++) await open("eve");
  expect(await first.ended).toBe(true);
  expect((await post(honest.path, "grace")).status).toBe(202);
});
