import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../server.ts";
import type { SandboxUser } from "../types.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

function basic(user: SandboxUser, secret: string): string {
  return `Basic ${Buffer.from(`${user.email}:${secret}`).toString("base64")}`;
}

interface Answer {
  readonly status: number;
  readonly link: string | null;
  readonly json: unknown;
}

async function send(
  url: string,
  authorization: string,
  method = "GET",
  body?: unknown,
): Promise<Answer> {
  const headers = { authorization, "content-type": "application/json" };
  const response = await fetch(url, {
    method,
    headers,
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await response.text();
  const json: unknown = text.startsWith("{") ? JSON.parse(text) : text;
  return { status: response.status, link: response.headers.get("link"), json };
}

const onSite = (path: string, method?: string, body?: unknown) => {
  const [ada] = sandbox.users;
  return send(sandbox.urls.cloud + path, basic(ada, ada.apiToken), method, body);
};
const throughGateway = (path: string) => {
  const url = `${sandbox.urls.gateway}/ex/confluence/${sandbox.cloudId}${path}`;
  return send(url, `Bearer ${sandbox.tokens.oauth.value}`);
};
const onDataCenter = (path: string, user: SandboxUser) =>
  send(sandbox.urls.confluenceDataCenter + path, `Bearer ${user.personalToken}`);

describe("the pretend Confluence over HTTP", () => {
  it("gives the same links on the site and through the gateway, without the gateway's prefix", async () => {
    const path = "/wiki/api/v2/pages?limit=1";
    const [direct, routed] = await Promise.all([onSite(path), throughGateway(path)]);
    expect([direct.status, routed.status]).toEqual([200, 200]);
    expect(routed.json).toEqual(direct.json);
    expect(routed.link).toBe(direct.link);
    expect(routed.link).toMatch(
      /^<\/wiki\/api\/v2\/pages\?limit=1&cursor=[\w-]+>; rel="next", <http/,
    );
    expect(routed.json).toMatchObject({ _links: { base: `${sandbox.urls.cloud}/wiki` } });
  });

  it("opens only what the token has scopes for", async () => {
    const url = `${sandbox.urls.gateway}/ex/confluence/${sandbox.cloudId}/wiki/api/v2`;
    const [ada] = sandbox.users;
    const authorization = basic(ada, sandbox.tokens.scoped.value);
    expect((await send(`${url}/pages`, authorization)).status).toBe(200);
    const refused = await send(`${url}/footer-comments`, authorization);
    expect(refused).toMatchObject({
      status: 401,
      json: { code: 401, message: "Unauthorized; scope does not match" },
    });
  });

  it("says 410 for what v1 lost, whatever the token may do", async () => {
    for (const answer of [
      await onSite("/wiki/rest/api/space"),
      await throughGateway("/wiki/rest/api/space"),
    ]) {
      expect(answer).toMatchObject({ status: 410, json: { statusCode: 410 } });
    }
    const search = await throughGateway("/wiki/rest/api/search?cql=type%3Dpage&limit=1");
    expect(search.status).toBe(200);
  });

  it("shows each person on Data Center what they may see", async () => {
    const [ada, ben] = sandbox.users;
    expect(await onDataCenter("/rest/api/user/current", ben)).toMatchObject({
      json: { username: "ben" },
    });
    const [all, some] = await Promise.all([
      onDataCenter("/rest/api/space?limit=50", ada),
      onDataCenter("/rest/api/space?limit=50", ben),
    ]);
    expect([all.json, some.json]).toMatchObject([{ size: 4 }, { size: 3 }]);
  });

  it("forgets every write on a reset", async () => {
    const spaces = await onSite("/wiki/api/v2/spaces?keys=ENG");
    const spaceId = /"id":"(\d+)"/.exec(JSON.stringify(spaces.json))?.[1];
    const made = await onSite("/wiki/api/v2/pages", "POST", { spaceId, title: "Short-lived" });
    expect(made.status).toBe(200);
    const find = "/wiki/api/v2/pages?title=Short-lived";
    expect(await onSite(find)).toMatchObject({ json: { results: [{ title: "Short-lived" }] } });
    sandbox.reset();
    expect(await onSite(find)).toMatchObject({ json: { results: [] } });
  });
});
