import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { donePage } from "./done.ts";
import { pageHeaders } from "./headers.ts";

describe("the headers of a page", () => {
  it("allow the stylesheet that is in the page and nothing else", () => {
    const [, style = ""] = /<style>(.*?)<\/style>/s.exec(donePage()) ?? [];
    const hash = createHash("sha256").update(style).digest("base64");
    expect(pageHeaders()["content-security-policy"]).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; frame-ancestors 'none'`,
    );
  });

  it("are complete", () => {
    const { "content-security-policy": _, ...others } = pageHeaders();
    expect(others).toMatchInlineSnapshot(`
      {
        "cache-control": "no-store",
        "content-type": "text/html; charset=utf-8",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), publickey-credentials-get=(), usb=()",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
      }
    `);
  });

  it("limit forms to this server and the targets that are named", () => {
    const formTargets = [
      new URL("https://auth.atlassian.com/authorize?x=1"),
      new URL("https://auth.atlassian.com/other"),
      new URL("http://127.0.0.1:33418/callback"),
      new URL("http://[::1]:33418/callback"),
      new URL("cursor://any.thing/callback"),
    ];
    expect(pageHeaders({ formTargets })["content-security-policy"]).toMatch(
      /; form-action 'self' https:\/\/auth\.atlassian\.com http:\/\/127\.0\.0\.1:33418 http: cursor:$/,
    );
  });

  it("take no directive from a host", () => {
    const formTargets = [new URL("https://a;sandbox/"), new URL("https://a,b/")];
    expect(pageHeaders({ formTargets })["content-security-policy"]).toMatch(
      /; form-action 'self'$/,
    );
  });

  it("leave the opener only where asked", () => {
    expect(pageHeaders({ keepsOpener: true })["cross-origin-opener-policy"]).toBe("unsafe-none");
  });
});
