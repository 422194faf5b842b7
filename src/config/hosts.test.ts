import { describe, expect, it } from "vitest";
import { readDomains, readHosts, readOrigins } from "./hosts.ts";

describe("readDomains", () => {
  it("takes bare names and names of subdomains, in lower case and once each", () => {
    expect(readDomains("Example.com, *.example.org,example.com,müller.example")).toEqual({
      value: ["example.com", "*.example.org", "müller.example"],
    });
  });

  it("takes a star for any public host, and networks where hosts may live", () => {
    const text = "*,10.0.0.0/8, 192.168.1.0/24,FD00::/8,::1/128,0.0.0.0/0";
    expect(readDomains(text)).toEqual({
      value: ["*", "10.0.0.0/8", "192.168.1.0/24", "fd00::/8", "::1/128", "0.0.0.0/0"],
    });
  });

  it.each([
    ["https://jira.example.com", "jira.example.com"],
    ["jira.example.com:8080", "jira.example.com"],
    ["jira.example.com/jira", "jira.example.com"],
    [".example.com", "example.com"],
    ["https://user:secret@jira.example.com/x", "jira.example.com"],
  ])("refuses %j and shows the right form", (entry, right) => {
    expect(readDomains(`ok.example.com,${entry}`)).toEqual({
      problem: "has an entry that is not a bare domain",
      remedy: `Write ${right} without scheme, port, path or leading dot.`,
    });
  });

  it.each(["10.0.0.1", "http://127.0.0.1:80", "localhost", "LOCALHOST:8080", "10.0.0.0/33"])(
    "refuses %j, which is never allowed by itself",
    (entry) => {
      expect(readDomains(entry)).toHaveProperty(
        "problem",
        "lists an address or localhost, which is never allowed by itself",
      );
    },
  );

  it.each([
    "**",
    "*.",
    "*.*.example.com",
    "ex*mple.com",
    "a b",
    "example.com.",
    "10.0.0/8",
    "010.0.0.0/8",
    "10.0.0.0/",
    "10.0.0.0/8/8",
    "10.0.0.0/-1",
    "10.0.0.0/ 8",
    "fd00::/129",
    "https://*",
    "*:443",
    "exa\u200bmple.com",
  ])("refuses %j", (entry) => {
    expect(readDomains(entry)).toHaveProperty("problem");
  });
});

describe("readHosts", () => {
  it("takes names, addresses and ports", () => {
    const text = "MCP.example.com,mcp.example.com:8443,127.0.0.1:8000,[::1]:8000,*.example.org";
    expect(readHosts(text)).toEqual({ value: text.toLowerCase().split(",") });
  });

  it.each(["https://mcp.example.com", "mcp.example.com/mcp", "*", "::1", "mcp.example.com:http"])(
    "refuses %j",
    (entry) => {
      expect(readHosts(entry)).toHaveProperty("problem", "has an entry that is not a host");
    },
  );
});

describe("readOrigins", () => {
  it("takes origins as browsers send them", () => {
    expect(
      readOrigins("https://Chat.example.com/, vscode-webview://abc,http://[::1]:3000"),
    ).toEqual({ value: ["https://chat.example.com", "vscode-webview://abc", "http://[::1]:3000"] });
  });

  it.each(["chat.example.com", "https://chat.example.com/app", "null", "*", "https://*.x.com"])(
    "refuses %j",
    (entry) => {
      expect(readOrigins(entry)).toHaveProperty("problem", "has an entry that is not a web origin");
    },
  );

  it("refuses a text that names nothing", () => {
    expect(readOrigins(",")).toHaveProperty("problem", "names nothing");
  });
});
