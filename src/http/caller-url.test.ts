import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AtlassianMcpError } from "../errors.ts";
import { parseAllowedHosts } from "./allowed-hosts.ts";
import { addressRulesFor, type CallerUrlRules, checkCallerUrl } from "./caller-url.ts";

const header = "X-Atlassian-Jira-Url";

function rules(list: readonly string[] | undefined, trusted: readonly string[] = []) {
  return {
    allowed: list === undefined ? undefined : parseAllowedHosts(list),
    trustedOrigins: trusted,
  };
}

/** `ok`, or the code of the refusal. */
function verdict(text: string, by: CallerUrlRules): string {
  try {
    checkCallerUrl(text, by, header);
    return "ok";
  } catch (cause) {
    if (!(cause instanceof AtlassianMcpError)) throw cause;
    expect(cause.details.setting).toBe(header);
    return cause.code;
  }
}

describe("checkCallerUrl", () => {
  const listed = rules([
    "example.com",
    "*.corp.test",
    "bücher.example",
    "localhost",
    "127.0.0.0/8",
    "10.1.0.0/16",
    "fd00:1::/32",
  ]);

  it.each([
    "https://example.com",
    "https://EXAMPLE.com/",
    "https://jira.example.com:8443/jira",
    "https://a.b.corp.test/wiki/",
    "https://bücher.example",
    "https://xn--bcher-kva.example",
    "https://10.1.2.3/jira",
    "https://[fd00:1::7]:8443",
    "http://localhost:2990/jira",
    "http://127.0.0.1:8080",
    " https://example.com ",
  ])("accepts %s", (text) => {
    expect(verdict(text, listed)).toBe("ok");
  });

  it.each([
    "https://evil.test",
    "https://example.com.evil.test",
    "https://notexample.com",
    "https://corp.test",
    "https://10.2.0.1",
    "https://8.8.8.8",
    "https://[fd00:2::1]",
    "https://[::ffff:a02:1]",
    "https://169.254.169.254/latest/meta-data",
    "https://sub.localhost",
    "https://metadata.google.internal",
  ])("refuses %s, which the operator did not list", (text) => {
    expect(verdict(text, listed)).toBe("forbidden");
  });

  it.each([
    "",
    "example.com",
    "//example.com",
    "ftp://example.com",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "http://example.com",
    "http://10.1.2.3",
    "https://user@example.com",
    "https://user:pw@example.com",
    "https://example.com@evil.test",
    "https://evil.test\\@example.com",
    "https://example.com\\.evil.test",
    "https:\\\\example.com",
    "https:/example.com",
    "https:example.com",
    "https:///example.com",
    "https://example.com#@evil.test",
    "https://evil.test#.example.com",
    "https://evil.test?.example.com",
    "https://example.com/?q=1",
    "https://example.com/#f",
    "https://example.com.",
    "https://example.com..",
    "https://.example.com",
    "https://a..example.com",
    "https://exam%70le.com",
    "https://example.com%2eevil.test",
    "https://example.com%00.evil.test",
    "https://ｅxample.com",
    "https://example。com",
    "https://example.com\u200b",
    "https://exa\u00admple.com",
    "https://example.com/a/../b",
    "https://example.com/%2e%2e/x",
    "https://example.com//evil.test",
    "https://example.com/a b",
    "https://example.com\n.evil.test",
    "https://exam\tple.com",
    "https://example.com:0",
    "https://example.com:65536",
    "https://example.com:00443",
    "https://example.com:",
    "https://example.com:443:80",
    "https://127.1",
    "https://0x7f.1",
    "https://0x7f000001",
    "https://2130706433",
    "https://017700000001",
    "https://0177.0.0.1",
    "https://127.0.0.1.",
    "https://127.0.0",
    "https://１２７.0.0.1",
    "https://①②⑦.0.0.1",
    "https://0",
    "https://[0:0:0:0:0:0:0:1]",
    "https://[::127.0.0.1]",
    "https://[::ffff:127.0.0.1]",
    "https://[fd00:1::7%25eth0]",
    "https://[fd00:1::7]evil.test",
    `https://example.com/${"a".repeat(3000)}`,
  ])("refuses %j, which is no plain base URL", (text) => {
    expect(verdict(text, listed)).toBe("input");
  });

  it("allows every public name with *, and no inner one, address or metadata service", () => {
    const any = rules(["*"]);
    expect(verdict("https://anything.test:8443/jira", any)).toBe("ok");
    for (const host of ["localhost", "x.localhost", "metadata", "metadata.google.internal"]) {
      expect(verdict(`https://${host}`, any)).toBe("forbidden");
    }
    expect(verdict("https://8.8.8.8", any)).toBe("forbidden");
    expect(verdict("https://127.0.0.1", any)).toBe("forbidden");
  });

  it("never opens a metadata address, whatever network is listed", () => {
    const wide = rules(["0.0.0.0/0", "::/0"]);
    expect(verdict("https://169.254.1.1", wide)).toBe("ok");
    expect(verdict("https://169.254.169.254", wide)).toBe("forbidden");
    expect(verdict("https://[::ffff:a9fe:a9fe]", wide)).toBe("forbidden");
    expect(verdict("https://[fd00:ec2::254]", wide)).toBe("forbidden");
  });

  it("without a list reaches only the operator's own origins", () => {
    const own = rules(undefined, ["https://jira.corp.test", "http://10.0.0.5:8080"]);
    expect(verdict("https://JIRA.corp.test/other", own)).toBe("ok");
    expect(verdict("http://10.0.0.5:8080", own)).toBe("ok");
    expect(verdict("https://user@jira.corp.test", own)).toBe("input");
    expect(verdict("https://jira.corp.test:8443", own)).toBe("forbidden");
    expect(verdict("https://example.com", own)).toBe("forbidden");
  });

  it("accepts nothing but listed hosts, however the text is spelt", () => {
    const parts = fc.array(
      fc.oneof(
        fc.constantFrom(
          ..."https:// http:// example.com corp.test evil.test @ \\ / // . .. # ? % %2e %40 : :443 [ ] 127.1 0x7f 1 0 localhost 169.254.169.254 \u3002 \u200b \t é".split(
            " ",
          ),
        ),
        fc.string({ maxLength: 3 }),
      ),
      { maxLength: 8 },
    );
    const by = rules(["example.com", "*.corp.test"]);
    fc.assert(
      fc.property(parts, fc.boolean(), (pieces, whole) => {
        const text = `${whole ? "https://" : ""}${pieces.join("")}`;
        if (verdict(text, by) !== "ok") return;
        const { hostname, username, search, hash } = checkCallerUrl(text, by, header);
        expect(hostname).toMatch(/^(?:[\w-]+\.)*example\.com$|^(?:[\w-]+\.)+corp\.test$/);
        expect(`${username}${search}${hash}`).toBe("");
        expect(text.trim().toLowerCase()).toContain(`https://${hostname}`);
      }),
      { numRuns: 3000 },
    );
  });
});

describe("addressRulesFor", () => {
  const by = rules(["*", "10.0.0.0/8"], ["https://jira.corp.test"]);
  const url = new URL("https://example.com");

  it.each([
    ["8.8.8.8", true],
    ["2606:4700::1", true],
    ["10.1.2.3", true],
    ["::ffff:10.1.2.3", true],
    ["192.168.0.1", false],
    ["127.0.0.1", false],
    ["::1", false],
    ["::ffff:127.0.0.1", false],
    ["64:ff9b::7f00:1", false],
    ["169.254.169.254", false],
    ["fe80::1%eth0", false],
    ["", false],
  ])("%s: %s", (ip, allowed) => {
    expect(addressRulesFor(url, by)?.allows(ip)).toBe(allowed);
  });

  it("leaves the operator's own origins alone, and allows nothing without a list", () => {
    expect(addressRulesFor(new URL("https://jira.corp.test/x"), by)).toBeUndefined();
    expect(addressRulesFor(url, rules(undefined))?.allows("8.8.8.8")).toBe(false);
  });
});

describe("parseAllowedHosts", () => {
  it.each([
    "https://example.com",
    "example.com:443",
    "example.com/jira",
    "a.*.com",
    "*example.com",
    "*.",
    "10.0.0.0/33",
    "10.0.0/8",
    "0x7f.1",
    "127.1",
    "metadata.google.internal",
    "user@example.com",
    "exa mple.com",
  ])("refuses the entry %j", (entry) => {
    expect(() => parseAllowedHosts(["example.com", entry])).toThrowError(
      expect.objectContaining({
        code: "config",
        details: expect.objectContaining({ setting: "MCP_ALLOWED_URL_DOMAINS" }),
      }),
    );
  });

  it("gives equal lists of networks an equal key", () => {
    const key = (list: string[]) => parseAllowedHosts(list).addresses.key;
    expect(key(["10.0.0.0/8", "a.test", "fd00::/8"])).toBe(key(["FD00::/8", " 10.0.0.0/8 "]));
    expect(key(["10.0.0.0/8"])).not.toBe(key(["10.0.0.0/9"]));
    expect(key(["10.0.0.1"])).toBe(key(["10.0.0.1/32"]));
  });
});
