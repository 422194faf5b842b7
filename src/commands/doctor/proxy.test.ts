import { expect, it } from "vitest";
import type { ProxySettings } from "../../config/product.ts";
import { checkProxy } from "./proxy.ts";

const site = new URL("https://jira.example.com/jira");
const proxy = new URL("http://ann:passw0rd@proxy.example.com:3128");

function found(proxies: Partial<ProxySettings>, ...names: string[]) {
  const origins = new Map(names.map((name) => [name, "environment"]));
  return checkProxy(site, { product: "jira", proxies: { no: [], ...proxies } }, origins);
}

it.each<[string, Partial<ProxySettings>, string[], RegExp]>([
  ["no proxy", {}, [], /none; jira\.example\.com is reached directly/],
  [
    "the product's own",
    { https: proxy },
    ["JIRA_HTTPS_PROXY", "HTTPS_PROXY"],
    /^jira\.example\.com is reached through proxy\.example\.com:3128 \(JIRA_HTTPS_PROXY\)$/,
  ],
  ["one for everything", { https: proxy }, ["ALL_PROXY"], /\(ALL_PROXY\)/],
  ["one for http only", { http: proxy }, ["HTTP_PROXY"], /reached directly/],
  [
    "SOCKS",
    { socks: new URL("socks5://socks.example.com:1080") },
    ["SOCKS_PROXY"],
    /socks\.example\.com:1080 \(SOCKS_PROXY\)/,
  ],
  ["an exempt host", { https: proxy, no: [".example.com"] }, ["NO_PROXY"], /NO_PROXY exempts/],
  [
    "a script",
    {
      pac: {
        url: new URL("http://wpad.example.com/wpad.dat?key=1"),
        setting: "ATLASSIAN_PROXY_WPAD_URL",
      },
    },
    ["ATLASSIAN_PROXY_WPAD_ENABLE"],
    /script at wpad\.example\.com\/wpad\.dat is asked/,
  ],
  [
    "a script and an exempt host",
    {
      pac: { url: new URL("http://wpad/wpad.dat"), setting: "ATLASSIAN_PROXY_WPAD_URL" },
      no: ["*"],
    },
    ["JIRA_NO_PROXY"],
    /JIRA_NO_PROXY exempts/,
  ],
])("%s", (_, proxies, names, text) => {
  const finding = found(proxies, ...names);
  expect(finding.outcome).toBe("ok");
  expect(finding.text).toMatch(text);
  expect(JSON.stringify(finding)).not.toMatch(/passw0rd|ann:/);
});

it("is a problem where its scheme cannot be used", () => {
  const finding = found({ https: new URL("socks4://proxy.example.com:1080") }, "HTTPS_PROXY");
  expect(finding).toMatchObject({ outcome: "problem", code: "config" });
});
