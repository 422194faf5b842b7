import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { failurePage, missingPage, pageHeaders, strangerPage, successPage } from "./page.ts";

const pages = [
  successPage("Jira", "Ada"),
  successPage("Jira", undefined, true),
  failurePage("It failed", "Try again"),
  strangerPage(),
  missingPage(404),
];

describe("pages in the browser", () => {
  it("show what others wrote as text", () => {
    const { html } = failurePage(`"><script>alert('x')</script>\u0007`, "<img src=x>");
    expect(html).not.toMatch(/<script|<img/);
    expect(html).not.toContain("\u0007");
    expect(html).toContain("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;");
  });

  it.each(pages)("hold one style that the policy allows, and load nothing", ({ html }) => {
    const styles = [...html.matchAll(/<style>(.*?)<\/style>/gs)].map(([, style = ""]) => style);
    const hashes = styles.map((style) => createHash("sha256").update(style).digest("base64"));
    expect(pageHeaders["content-security-policy"]).toMatch(/^default-src 'none'/);
    expect(hashes).toHaveLength(1);
    expect(pageHeaders["content-security-policy"]).toContain(`'sha256-${hashes[0]}'`);
    expect(html).not.toMatch(/\b(src|href|style|on\w+)=/);
  });

  it("say in their status whether somebody is signed in", () => {
    expect(pages.map(({ status }) => status)).toEqual([200, 200, 400, 400, 404]);
  });
});
