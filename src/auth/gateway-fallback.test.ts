import { describe, expect, it } from "vitest";
import { AtlassianMcpError, type ErrorCode } from "../errors.ts";
import { apiPath } from "../http/path.ts";
import type { ApiClient, ApiRequest } from "../http/types.ts";
import { type RouteMemory, withGatewayFallback } from "./gateway-fallback.ts";

type Answer = "ok" | ErrorCode | Error;

const request: ApiRequest = { path: apiPath`/rest/api/2/myself` };
const failure = (code: ErrorCode) =>
  new AtlassianMcpError(code, `${code} happened`, { status: code === "auth" ? 401 : undefined });

/** A place that gives its answers in turn, the last one for ever. */
function place(name: string, answers: readonly Answer[], log: string[]): ApiClient {
  let index = 0;
  return {
    async json() {
      log.push(name);
      const answer = answers[Math.min(index, answers.length - 1)] ?? "ok";
      index += 1;
      if (answer === "ok") return name;
      throw answer instanceof Error ? answer : failure(answer);
    },
  };
}

function stage(
  siteAnswers: readonly Answer[],
  gatewayAnswers: readonly Answer[] | "unknown" | Error,
  memory: RouteMemory = {},
) {
  const log: string[] = [];
  const gateway = Array.isArray(gatewayAnswers) ? place("gateway", gatewayAnswers, log) : undefined;
  const client = withGatewayFallback(
    place("site", siteAnswers, log),
    async () => {
      if (gatewayAnswers instanceof Error) throw gatewayAnswers;
      return gateway;
    },
    memory,
  );
  const call = () =>
    client.json(request).catch((error: unknown) => {
      if (error instanceof AtlassianMcpError) return `${error.code}`;
      throw error;
    });
  return { call, client, log, memory };
}

describe("credentials for the site or its gateway", () => {
  it("stay at the site that takes them", async () => {
    const { call, log, memory } = stage(["ok"], ["ok"]);
    expect([await call(), await call()]).toEqual(["site", "site"]);
    expect(log).toEqual(["site", "site"]);
    expect(memory.route).toBe("site");
  });

  it("move to the gateway after one refusal, and stay there", async () => {
    const { call, log, memory } = stage(["auth"], ["ok"]);
    expect([await call(), await call(), await call()]).toEqual(["gateway", "gateway", "gateway"]);
    expect(log).toEqual(["site", "gateway", "gateway", "gateway"]);
    expect(memory.route).toBe("gateway");
  });

  it.each<ErrorCode>(["scope", "forbidden", "not_found", "invalid", "conflict"])(
    "are known to the gateway that answers %s",
    async (code) => {
      const { call, log } = stage(["auth"], [code, "ok"]);
      expect([await call(), await call()]).toEqual([code, "gateway"]);
      expect(log).toEqual(["site", "gateway", "gateway"]);
    },
  );

  it.each<ErrorCode>(["network", "timeout", "upstream", "rate_limited", "shape"])(
    "are asked about again after %s at the gateway",
    async (code) => {
      const { call, log, memory } = stage(["auth"], [code, "ok"]);
      expect(await call()).toBe(code);
      expect(memory.route).toBeUndefined();
      expect(await call()).toBe("gateway");
      expect(log).toEqual(["site", "gateway", "site", "gateway"]);
    },
  );

  it.each<ErrorCode>(["forbidden", "not_found", "upstream", "network", "invalid", "scope"])(
    "are not shown to the gateway because of %s at the site",
    async (code) => {
      const { call, log } = stage([code], ["ok"]);
      expect(await call()).toBe(code);
      expect(log).toEqual(["site"]);
    },
  );

  it("are not shown to the gateway when a 401 is none of credentials", async () => {
    const { call, log } = stage(
      [new AtlassianMcpError("auth", "CAPTCHA", { status: 403 })],
      ["ok"],
    );
    expect(await call()).toBe("auth");
    expect(log).toEqual(["site"]);
  });

  it("are refused by both, and told so, with what the site said", async () => {
    const { client, log, memory } = stage(["auth"], ["auth"]);
    await expect(client.json(request)).rejects.toMatchObject({
      code: "auth",
      message: "auth happened",
      details: { status: 401, next: expect.stringMatching(/^Neither the site nor .* gateway/) },
    });
    expect(log).toEqual(["site", "gateway"]);
    expect(memory.route).toBeUndefined();
  });

  it.each([
    ["the site does not tell its id", "unknown" as const],
    ["that cannot be found out", new Error("down")],
  ])("are refused as the site refused them when %s", async (_, gateway) => {
    const { call, log } = stage(["auth"], gateway);
    expect([await call(), await call()]).toEqual(["auth", "auth"]);
    expect(log).toEqual(["site", "site"]);
  });

  it("that worked at the site and no longer do are not shown to the gateway", async () => {
    const { call, log } = stage(["ok", "auth"], ["ok"]);
    expect([await call(), await call()]).toEqual(["site", "auth"]);
    expect(log).toEqual(["site", "site"]);
  });

  it("that worked at the gateway and no longer do are tried at both the next time", async () => {
    const { call, log, memory } = stage(["auth", "ok"], ["ok", "auth"]);
    expect([await call(), await call(), await call()]).toEqual(["gateway", "auth", "site"]);
    expect(log).toEqual(["site", "gateway", "gateway", "site"]);
    expect(memory.route).toBe("site");
  });

  it("share what was found out between the clients of one identity", async () => {
    const memory: RouteMemory = {};
    await stage(["auth"], ["ok"], memory).call();
    const second = stage(["auth"], ["ok"], memory);
    expect(await second.call()).toBe("gateway");
    expect(second.log).toEqual(["gateway"]);
  });

  it("all find their way when many first calls run at once", async () => {
    const { call, log, memory } = stage(["auth"], ["ok"]);
    const answers = await Promise.all(Array.from({ length: 5 }, call));
    expect(new Set(answers)).toEqual(new Set(["gateway"]));
    expect(log.filter((name) => name === "site")).toHaveLength(5);
    expect(memory.route).toBe("gateway");
    expect(await call()).toBe("gateway");
  });

  it("are not sent back to the site by what it tells anyone", async () => {
    let release = () => {};
    const slow = new Promise<void>((resolve) => {
      release = resolve;
    });
    let calls = 0;
    const site: ApiClient = {
      async json() {
        calls += 1;
        if (calls > 1) throw failure("auth");
        await slow;
        return "for anyone";
      },
    };
    const memory: RouteMemory = {};
    const gateway = place("gateway", ["ok"], []);
    const client = withGatewayFallback(site, async () => gateway, memory);
    const first = client.json(request);
    expect(await client.json(request)).toBe("gateway");
    release();
    expect(await first).toBe("for anyone");
    expect(await client.json(request)).toBe("gateway");
  });

  it("go with the same request to either place", async () => {
    const seen: ApiRequest[] = [];
    const gateway: ApiClient = {
      async json(each) {
        seen.push(each);
        return "gateway";
      },
    };
    const client = withGatewayFallback(place("site", ["auth"], []), async () => gateway, {});
    const write: ApiRequest = { ...request, method: "POST", json: { a: 1 } };
    await client.json(write);
    expect(seen).toEqual([write]);
  });
});
