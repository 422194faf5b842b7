import { describe, expect, it } from "vitest";
import { isExempt } from "./no-proxy.ts";
import { proxyFor } from "./proxy.ts";

const jira = new URL("https://jira.example.com/rest");
const plain = new URL("http://jira.example.com:8080/rest");

describe("isExempt", () => {
  it.each([
    ["https://jira.example.com", "example.com", true],
    ["https://jira.example.com", ".example.com", true],
    ["https://example.com", ".example.com", true],
    ["https://jira.example.com", "*.example.com", true],
    ["https://badexample.com", "example.com", false],
    ["https://JIRA.example.com", "jira.EXAMPLE.com", true],
    ["https://jira.example.com.", "jira.example.com", true],
    ["https://jira.example.com:8443", "jira.example.com:8443", true],
    ["https://jira.example.com", "jira.example.com:8443", false],
    ["https://jira.example.com", "jira.example.com:443", true],
    ["http://jira.example.com", "jira.example.com:80", true],
    ["https://anything", "*", true],
    ["http://10.1.2.3", "10.0.0.0/8", true],
    ["http://11.1.2.3", "10.0.0.0/8", false],
    ["http://10.1.2.3", "10.1.2.3", true],
    ["http://10.1.2.3:81", "10.1.2.3:80", false],
    ["http://[fd00::5]", "fd00::/8", true],
    ["http://[::1]:3000", "::1", true],
    ["http://[::1]:3000", "[::1]:3000", true],
    ["http://[::1]:3000", "[::1]:3001", false],
    ["http://[0:0:0:0:0:0:0:1]", "::1", true],
    ["https://jira.example.com", "10.0.0.0/8", false],
    ["http://10.1.2.3", "10.0.0.0/99,nonsense/8, ,/", false],
    ["https://b.example", "a.example, b.example", true],
    ["https://b.example", "a.example b.example", true],
    ["https://b.example", "", false],
  ])("%s with NO_PROXY=%s: %s", (url, value, expected) => {
    expect(isExempt(new URL(url), value)).toBe(expected);
  });
});

describe("proxyFor", () => {
  const environment = {
    http: "http://plain:1",
    https: "http://secure:2",
    noProxy: "other.example",
  };

  it("chooses by the target's scheme", () => {
    expect(proxyFor(jira, { product: {}, environment })?.label).toBe("secure:2");
    expect(proxyFor(plain, { product: {}, environment })?.label).toBe("plain:1");
  });

  it("lets the product's settings win, also an empty one and its own exemptions", () => {
    expect(proxyFor(jira, { product: { https: "own:3128" }, environment })).toMatchObject({
      uri: "http://own:3128",
    });
    expect(proxyFor(jira, { product: { https: "" }, environment })).toBeUndefined();
    expect(proxyFor(jira, { product: { noProxy: "example.com" }, environment })).toBeUndefined();
    expect(
      proxyFor(new URL("https://other.example"), { product: {}, environment }),
    ).toBeUndefined();
    expect(
      proxyFor(new URL("https://other.example"), { product: { noProxy: "" }, environment })?.label,
    ).toBe("secure:2");
    expect(proxyFor(jira, { product: { socks: "socks5://s:9" }, environment })?.uri).toBe(
      "socks5://s:9",
    );
  });

  it("falls back to SOCKS_PROXY, then ALL_PROXY", () => {
    const all = "socks5h://all";
    expect(proxyFor(jira, { product: {}, environment: { all } })?.uri).toBe("socks5://all:1080");
    expect(proxyFor(jira, { product: {}, environment: { all, socks: "socks://s:1" } })?.uri).toBe(
      "socks5://s:1",
    );
    expect(proxyFor(jira, { product: {}, environment: {} })).toBeUndefined();
  });

  it("decodes the login and keeps it out of the URI", () => {
    expect(
      proxyFor(jira, { product: { https: "http://us%40er:p%3Aw%@proxy" }, environment }),
    ).toEqual({
      uri: "http://proxy:80",
      label: "proxy:80",
      username: "us@er",
      password: "p%3Aw%",
    });
  });

  it.each(["socks4://x:1", "ftp://x", "http://", "::::"])(
    "refuses %s without quoting it",
    (https) => {
      expect(() => proxyFor(jira, { product: { https }, environment })).toThrow(
        expect.objectContaining({ code: "config", message: expect.not.stringContaining(https) }),
      );
    },
  );
});
