import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listenUntilTestEnds, sendJson, startServer } from "../../test/fakes/loopback.ts";
import { testClient } from "../../test/fakes/test-client.ts";
import { apiPath } from "./path.ts";
import type { FilePart } from "./types.ts";

let folder = "";
const fileCalled = async (name: string, content: string | Buffer): Promise<FilePart> => {
  const path = join(folder, name);
  await writeFile(path, content);
  return { name, path };
};
const upload = (...files: readonly FilePart[]) =>
  ({ method: "POST", path: apiPath`/rest/api/3/issue/${"A-1"}/attachments`, files }) as const;

/** A server whose listener sees the request before its body has come. */
async function serve(listener: RequestListener): Promise<URL> {
  return new URL(`http://127.0.0.1:${await listenUntilTestEnds(createServer(listener))}`);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "form-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("multipart bodies", () => {
  it("carry files and text fields with names in UTF-8, marked as no forgery", async () => {
    const server = await startServer((_, response) => sendJson(response, [{ id: "1" }]));
    const { client } = testClient(server.url, { headers: { "X-Tenant": "t1" } });
    const files = [await fileCalled('Übersicht "neu".txt', "grüße"), await fileCalled("b.md", "")];
    const answer = await client.json({ ...upload(...files), form: { comment: "für Ada" } });
    expect(answer).toEqual([{ id: "1" }]);
    const [seen] = server.seen;
    const boundary = /boundary=(\S+)/.exec(seen?.headers["content-type"] ?? "")?.[1];
    expect(seen?.headers).toMatchObject({
      "content-type": `multipart/form-data; boundary=${boundary}`,
      "content-length": String(Buffer.byteLength(seen?.body ?? "")),
      "x-atlassian-token": "no-check",
      "x-tenant": "t1",
      authorization: "Bearer test-token",
    });
    expect(seen?.body.replaceAll(boundary ?? "", "BOUNDARY").split("\r\n")).toEqual([
      "--BOUNDARY",
      'Content-Disposition: form-data; name="comment"',
      "",
      "für Ada",
      "--BOUNDARY",
      'Content-Disposition: form-data; name="file"; filename="Übersicht %22neu%22.txt"',
      "Content-Type: application/octet-stream",
      "",
      "grüße",
      "--BOUNDARY",
      'Content-Disposition: form-data; name="file"; filename="b.md"',
      "Content-Type: application/octet-stream",
      "",
      "",
      "--BOUNDARY--",
      "",
    ]);
  });

  it("are sent again in full after a 401 and a 429, which carried nothing out", async () => {
    const server = await startServer((_, response, index) =>
      index === 0
        ? sendJson(response, {}, 401)
        : index === 1
          ? sendJson(response, {}, 429, { "retry-after": "1" })
          : sendJson(response, []),
    );
    const credentials = { headers: () => ({ authorization: "Bearer x" }), renew: async () => true };
    const { client } = testClient(server.url, { credentials });
    await client.json(upload(await fileCalled("a.txt", "content")));
    expect(server.seen.map(({ body }) => body.includes("content"))).toEqual([true, true, true]);
  });

  it.each([
    ["the connection is lost", undefined, "network"],
    ["a gateway fails", 503, "upstream"],
  ])("are not sent twice when %s", async (_, status, code) => {
    const server = await startServer((_request, response) =>
      status === undefined ? response.destroy() : sendJson(response, {}, status),
    );
    const file = await fileCalled("a.txt", "content");
    const call = testClient(server.url).client.json(upload(file));
    await expect(call).rejects.toMatchObject({ code });
    expect(server.seen).toHaveLength(1);
  });

  it("are refused in read-only mode before anything is sent", async () => {
    const server = await startServer((_, response) => sendJson(response, []));
    const { client } = testClient(server.url, { readOnly: true });
    await expect(client.json(upload(await fileCalled("a.txt", "x")))).rejects.toMatchObject({
      code: "forbidden",
    });
    expect(server.seen).toEqual([]);
  });
});

describe("files", () => {
  const large = Buffer.alloc(16 * 1024 * 1024, "a");

  it("name the one that cannot be opened, and send nothing", async () => {
    const server = await startServer((_, response) => sendJson(response, []));
    const missing = { name: "gone.txt", path: join(folder, "gone.txt") };
    await expect(testClient(server.url).client.json(upload(missing))).rejects.toMatchObject({
      code: "input",
      message: expect.stringContaining("gone.txt"),
    });
    expect(server.seen).toEqual([]);
  });

  it("that change while they are sent are an error, not half a file on the site", async () => {
    const file = await fileCalled("log.txt", large);
    let isComplete = false;
    const url = await serve((request) => {
      request.once("data", () => {
        request.pause();
        void appendFile(file.path, "one more line").then(() => request.resume());
      });
      request.on("error", () => {});
      request.on("end", () => {
        isComplete = request.complete;
      });
    });
    const call = testClient(url).client.json(upload(file));
    await expect(call).rejects.toMatchObject({
      code: "input",
      details: { operation: "POST /rest/api/3/issue/{}/attachments" },
    });
    expect(isComplete).toBe(false);
  });

  it("wait on disk, not in memory, when the site does not take them, and stop at the deadline", async () => {
    const url = await serve((request) => void request.pause());
    const { client } = testClient(url, { timeoutMs: 300, clock: Date.now });
    // Many times what the connection's own buffers swallow, which is read and then waits for the collector of garbage.
    const huge = Buffer.alloc(64 * 1024 * 1024);
    const file = await fileCalled("slow.bin", huge);
    const before = process.memoryUsage().arrayBuffers;
    let peak = 0;
    const timer = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().arrayBuffers - before);
    }, 5);
    const call = client.json(upload(file)).finally(() => clearInterval(timer));
    await expect(call).rejects.toMatchObject({ code: "timeout" });
    expect(peak).toBeLessThan(huge.length / 2);
  });

  it("that are too large are told so, even when the site does not read them to their end", async () => {
    const url = await serve((_, response) => {
      response.writeHead(413, { connection: "close" }).end("<html><title>413</title></html>");
    });
    const call = testClient(url).client.json(upload(await fileCalled("big.bin", large)));
    await expect(call).rejects.toMatchObject({ code: "invalid", details: { status: 413 } });
  });
});
