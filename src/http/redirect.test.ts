import { describe, expect, it } from "vitest";
import { sendJson, startServer } from "../../test/fakes/loopback.ts";
import { testClient } from "../../test/fakes/test-client.ts";
import { apiPath } from "./path.ts";

const myself = { path: apiPath`/rest/api/2/myself` };

describe("a redirect to another origin", () => {
  it.each([301, 302, 303, 307, 308])(
    "keeps custom and passed-on headers on the origin through a %d",
    async (status) => {
      const other = await startServer((_, response) => sendJson(response, {}));
      // Another port, another scheme, the same host by another name, and user information.
      const targets = [
        other.url.href,
        `https://127.0.0.1:${other.port}/`,
        `http://localhost:${other.port}/`,
        `//127.0.0.1:${other.port}/x`,
        `http://a:b@127.0.0.1:${other.port}/`,
      ];
      for (const location of targets) {
        const server = await startServer((_, response) =>
          response.writeHead(status, { location }).end(),
        );
        const credentials = { headers: () => ({ cookie: "session=1", "x-forwarded-user": "ann" }) };
        const { client } = testClient(server.url, { headers: { "X-Gate": "k" }, credentials });
        await expect(client.json(myself)).rejects.toMatchObject({ code: "upstream" });
        expect(server.seen[0]?.headers).toMatchObject({ "x-gate": "k", cookie: "session=1" });
      }
      expect(other.connections).toBe(0);
    },
  );
});
