import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkHost, checkOrigin, isPublicAddress } from "./guard.ts";

describe("checkHost", () => {
  it.each([
    "localhost",
    "LOCALHOST:3000",
    "127.0.0.1:8000",
    "127.1.2.3",
    "[::1]:9",
    "app.localhost:1",
    "localhost.",
  ])("takes the loopback name %s without being told", (host) => expect(checkHost(host)).toBe(true));

  it.each([
    undefined,
    "",
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "localhost:3000:1",
    "a b",
    "127.0.0.1@evil.example",
    "[::1",
    "0.0.0.0",
    "[::ffff:10.0.0.1]",
  ])("refuses %s", (host) => expect(checkHost(host)).toBe(false));

  it.each([
    ["mcp.example.com", ["mcp.example.com"], true],
    ["MCP.example.com:8443", ["mcp.example.com"], true],
    ["mcp.example.com:8443", ["mcp.example.com:8443"], true],
    ["mcp.example.com:1", ["mcp.example.com:8443"], false],
    ["mcp.example.com", ["mcp.example.com:8443"], false],
    ["a.b.example.com", ["*.example.com"], true],
    ["example.com", ["*.example.com"], false],
    ["evilexample.com", ["*.example.com"], false],
    ["[2001:db8::1]:80", ["2001:db8::1"], true],
    ["anything", ["*"], true],
  ])("%s against %j: %s", (host, allowed, expected) => {
    expect(checkHost(host, allowed)).toBe(expected);
  });
});

describe("checkOrigin", () => {
  it.each([
    [undefined, [], true],
    ["http://localhost:5173", [], true],
    ["https://127.0.0.1", [], true],
    ["http://[::1]:3000", [], true],
    ["null", [], false],
    ["null", ["*"], true],
    ["", [], false],
    ["https://evil.example", [], false],
    ["https://localhost.evil.example", [], false],
    ["http://localhost:80@evil.example", [], false],
    ["file://localhost", [], false],
    ["https://app.example.com", ["app.example.com"], true],
    ["http://app.example.com", ["https://app.example.com"], false],
    ["https://app.example.com", ["https://app.example.com/"], true],
    ["https://app.example.com:444", ["https://app.example.com:443"], false],
    ["https://x.example.com", ["https://*.example.com"], true],
    ["https://x.example.com", ["*.example.org"], false],
  ])("%s against %j: %s", (origin, allowed, expected) => {
    expect(checkOrigin(origin, allowed)).toBe(expected);
  });
});

describe("isPublicAddress", () => {
  it.each([
    "8.8.8.8",
    "1.1.1.1",
    "185.166.143.1",
    "172.15.255.255",
    "172.32.0.0",
    "100.63.255.255",
    "192.167.1.1",
    "2606:4700:4700::1111",
    "2a00:1450:4001::1",
  ])("%s is public", (ip) => expect(isPublicAddress(ip)).toBe(true));

  it.each([
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "0.1.2.3",
    "169.254.169.254",
    "168.63.129.16",
    "100.64.0.1",
    "100.100.100.200",
    "192.0.2.1",
    "198.18.0.1",
    "203.0.113.9",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "2001:db8::1",
    "2001::1",
    "2002:7f00:1::",
    "64:ff9b::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:7f00:1",
    "::127.0.0.1",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "2130706433",
    "127.1",
    "8.8.8.8 ",
    "8.8.8.8:80",
    "[2606:4700::1]",
    "localhost",
    "",
    "٨.8.8.8",
  ])("%s is not", (ip) => expect(isPublicAddress(ip)).toBe(false));

  it("never calls an IPv4-mapped address public, however it is written", () => {
    fc.assert(
      fc.property(fc.ipV4(), (ip) => {
        expect(isPublicAddress(`::ffff:${ip}`)).toBe(false);
      }),
    );
  });
});
