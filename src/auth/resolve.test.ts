import { describe, expect, it } from "vitest";
import type { Caller } from "./caller.ts";
import {
  type ProductAccess,
  type Resolution,
  resolveConnection,
  settleConnection,
} from "./resolve.ts";

const cloud: ProductAccess = {
  product: "jira",
  url: new URL("https://acme.atlassian.net"),
  deployment: "cloud",
  username: "ada@example.com",
  apiToken: "operator-token",
};
const dataCenter: ProductAccess = {
  product: "jira",
  url: new URL("https://jira.example.com/jira"),
  deployment: "datacenter",
  personalToken: "operator-pat",
};
const strict = { fallback: false, ignoreHeaders: false };
const fallback = { fallback: true, ignoreHeaders: false };
const operator: Caller = { kind: "operator" };
const nobody: Caller = { kind: "http", products: {} };
const basicCaller: Caller = {
  kind: "http",
  shared: { scheme: "basic", user: "bob@example.com", secret: "bobs" },
  products: {},
};
const bearerCaller: Caller = {
  kind: "http",
  shared: { scheme: "bearer", token: "bobs-pat" },
  products: {},
};

async function sent(resolution: Resolution): Promise<string> {
  if (resolution.kind === "refusal") return `refused: ${resolution.error.code}`;
  const { source, method, credentials, browseBase } = resolution.connection;
  const { authorization = "" } = await credentials.headers();
  const shown = authorization.startsWith("Basic ")
    ? `Basic ${Buffer.from(authorization.slice(6), "base64").toString()}`
    : authorization;
  return `${source} ${method} ${browseBase} ${shown}`;
}

describe("whose credentials a request carries", () => {
  it.each([
    [
      "the operator, Cloud",
      cloud,
      operator,
      strict,
      "operator basic https://acme.atlassian.net Basic ada@example.com:operator-token",
    ],
    [
      "the operator, Data Center",
      dataCenter,
      operator,
      strict,
      "operator pat https://jira.example.com/jira Bearer operator-pat",
    ],
    ["nobody over HTTP", cloud, nobody, strict, "refused: auth"],
    [
      "nobody over HTTP with the fallback",
      cloud,
      nobody,
      fallback,
      "operator basic https://acme.atlassian.net Basic ada@example.com:operator-token",
    ],
    [
      "a caller with Basic",
      cloud,
      basicCaller,
      strict,
      "caller basic https://acme.atlassian.net Basic bob@example.com:bobs",
    ],
    [
      "a caller with Basic and the fallback",
      cloud,
      basicCaller,
      fallback,
      "caller basic https://acme.atlassian.net Basic bob@example.com:bobs",
    ],
    [
      "a caller with a PAT",
      dataCenter,
      bearerCaller,
      fallback,
      "caller pat https://jira.example.com/jira Bearer bobs-pat",
    ],
    ["a caller with a PAT on Cloud", cloud, bearerCaller, fallback, "refused: auth"],
    [
      "a caller whose headers are ignored",
      cloud,
      basicCaller,
      { fallback: false, ignoreHeaders: true },
      "refused: config",
    ],
    [
      "a caller whose headers are ignored, with the fallback",
      cloud,
      basicCaller,
      { fallback: true, ignoreHeaders: true },
      "operator basic https://acme.atlassian.net Basic ada@example.com:operator-token",
    ],
  ] as const)("%s", async (_, access, caller, rules, expected) => {
    expect(await sent(resolveConnection("jira", { jira: access }, caller, rules))).toBe(expected);
  });

  it("never falls back to the operator for one product when the caller is known for the other", async () => {
    const caller: Caller = {
      kind: "http",
      products: { confluence: { scheme: "bearer", token: "x" } },
    };
    const access = {
      jira: dataCenter,
      confluence: { ...dataCenter, product: "confluence" as const },
    };
    expect(await sent(resolveConnection("jira", access, caller, fallback))).toBe("refused: auth");
  });

  it("does not send one secret to two hosts", async () => {
    const wiki = {
      ...dataCenter,
      product: "confluence" as const,
      url: new URL("https://wiki.example.com"),
    };
    const access = { jira: dataCenter, confluence: wiki };
    for (const product of ["jira", "confluence"] as const) {
      expect(await sent(resolveConnection(product, access, bearerCaller, strict))).toBe(
        "refused: auth",
      );
    }
    const own: Caller = {
      ...bearerCaller,
      products: { confluence: { scheme: "bearer", token: "wiki-pat" } },
    };
    expect(await sent(resolveConnection("confluence", access, own, strict))).toBe(
      "caller pat https://wiki.example.com Bearer wiki-pat",
    );
  });

  it("shares one secret between products of one site", async () => {
    const wiki = {
      ...cloud,
      product: "confluence" as const,
      url: new URL("https://acme.atlassian.net/wiki"),
    };
    const resolution = resolveConnection(
      "confluence",
      { jira: cloud, confluence: wiki },
      basicCaller,
      strict,
    );
    expect(await sent(resolution)).toBe(
      "caller basic https://acme.atlassian.net/wiki Basic bob@example.com:bobs",
    );
  });

  it("serves callers of a site for which the operator has no credentials", async () => {
    const bare: ProductAccess = { product: "jira", url: dataCenter.url, deployment: "datacenter" };
    expect(await sent(resolveConnection("jira", { jira: bare }, bearerCaller, strict))).toContain(
      "bobs-pat",
    );
    expect(await sent(resolveConnection("jira", { jira: bare }, operator, strict))).toBe(
      "refused: config",
    );
  });

  it("obeys a forced method", async () => {
    const both = { ...dataCenter, username: "ada", apiToken: "password" };
    const resolve = (auth: "basic" | "pat") =>
      sent(resolveConnection("jira", { jira: { ...both, auth } }, operator, strict));
    expect(await resolve("basic")).toContain("Basic ada:password");
    expect(await resolve("pat")).toContain("Bearer operator-pat");
  });

  it("gives each identity a fingerprint of its own that reveals nothing", () => {
    const callers = [
      operator,
      basicCaller,
      {
        ...basicCaller,
        shared: { scheme: "basic", user: "bob@example.com", secret: "other" },
      } as Caller,
    ];
    const prints = callers.map((caller) => {
      const resolution = resolveConnection("jira", { jira: cloud }, caller, strict);
      return resolution.kind === "connection" ? resolution.connection.fingerprint : "";
    });
    expect(new Set(prints).size).toBe(3);
    expect(prints.join()).not.toMatch(/bob|token|other/);
  });
});

describe("a site that turns out to be something", () => {
  const unsure = {
    ...cloud,
    product: "confluence" as const,
    deployment: "unsure" as const,
    url: new URL("https://wiki.acme.com"),
  };
  const resolution = resolveConnection("confluence", { confluence: unsure }, operator, strict);
  if (resolution.kind === "refusal") throw resolution.error;

  it("adds /wiki on Cloud only", () => {
    expect(settleConnection(resolution.connection, "cloud")).toMatchObject({
      browseBase: "https://wiki.acme.com/wiki",
    });
    expect(settleConnection(resolution.connection, "datacenter")).toMatchObject({
      browseBase: "https://wiki.acme.com",
    });
  });

  it("refuses a bearer token on Cloud", () => {
    const connection = { ...resolution.connection, method: "pat" as const };
    expect(() => settleConnection(connection, "cloud")).toThrowError(
      /Cloud has no personal access tokens/,
    );
  });
});
