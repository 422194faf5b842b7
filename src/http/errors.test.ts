import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AtlassianMcpError } from "../errors.ts";
import { readErrorBody } from "./error-body.ts";
import { errorFromAnswer, errorFromUnreadable, type FailedAnswer, isLoginPage } from "./errors.ts";
import type { AuthMethod } from "./sign-in.ts";

function fail(
  status: number,
  body: unknown = "",
  more: Partial<FailedAnswer> = {},
): AtlassianMcpError {
  return errorFromAnswer({
    status,
    headers: {},
    bodyText: typeof body === "string" ? body : JSON.stringify(body),
    product: "jira",
    operation: "GET /rest/api/3/issue/{}",
    ...more,
  });
}

const htmlPage = "<!DOCTYPE html><html><title>Oops</title><body>…</body></html>";
const loginPage = '<html><form><input type="password" name="os_password"></form></html>';

describe("body shapes", () => {
  // Documented shapes of Jira, JSM, Confluence v1 and v2, the gateway, the login host and proxies.
  it.each([
    [
      "Jira",
      { errorMessages: ["No."], errors: { summary: "Too long" }, status: 400 },
      ["No."],
      { summary: "Too long" },
    ],
    ["Jira, empty", { errorMessages: [], errors: {} }, [], {}],
    ["Jira Software", { message: "Board gone" }, ["Board gone"], {}],
    [
      "Confluence, with a class of Java",
      {
        message: "com.atlassian.confluence.api.exceptions.BadRequestException: Invalid cursor",
        data: { errors: [{ message: { key: "Invalid cursor" } }] },
      },
      ["Invalid cursor"],
      {},
    ],
    ["a class of Java alone", { message: "java.lang.Exception: " }, ["java.lang.Exception:"], {}],
    [
      "JSM",
      { errorMessage: "No request type", i18nErrorMessage: { i18nKey: "k", parameters: [] } },
      ["No request type"],
      {},
    ],
    [
      "Jira bulk create",
      {
        issues: [],
        errors: [
          {
            status: 400,
            elementErrors: { errorMessages: ["bad"], errors: { project: "required" } },
            failedElementNumber: 1,
          },
        ],
      },
      ["bad"],
      { "1.project": "required" },
    ],
    [
      "Confluence v1",
      {
        statusCode: 400,
        message: "Bad body",
        data: {
          errors: [
            { message: { key: "k", translation: "Unknown macro", args: [] } },
            { message: { key: "only.key" } },
          ],
        },
      },
      ["Bad body", "Unknown macro", "only.key"],
      {},
    ],
    [
      "Confluence v2",
      {
        errors: [
          {
            status: 400,
            code: "INVALID_REQUEST_PARAMETER",
            title: "Bad limit",
            detail: "At most 250",
          },
          { title: "Second", detail: null },
        ],
      },
      ["Bad limit: At most 250", "Second"],
      {},
    ],
    [
      "gateway",
      { timestamp: "t", status: 404, error: "Not Found", message: "No route", path: "/x" },
      ["No route"],
      {},
    ],
    [
      "login host",
      { error: "invalid_grant", error_description: "Unknown or invalid refresh token." },
      ["Unknown or invalid refresh token.", "invalid_grant"],
      {},
    ],
    ["GraphQL", { errors: [{ message: "field missing" }] }, ["field missing"], {}],
    [
      "Data Center XML",
      "<status><status-code>404</status-code><message>null for uri</message></status>",
      ["null for uri"],
      {},
    ],
    ["web page", htmlPage, ["Oops"], {}],
    [
      "plain text",
      "Basic authentication with passwords is deprecated.",
      ["Basic authentication with passwords is deprecated."],
      {},
    ],
    [
      "nested field",
      { errors: { customfield_1: { problem: "x" } } },
      [],
      { customfield_1: '{"problem":"x"}' },
    ],
  ])("%s", (_, body, sentences, fields) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    expect(readErrorBody(text)).toMatchObject({ sentences, fields });
  });

  it("quotes a limited number of sentences and fields, each sentence once", () => {
    const sentences = Array.from({ length: 2000 }, (_, index) => `Sentence ${index % 500}`);
    const errors = Object.fromEntries(sentences.map((each) => [each, "wrong"]));
    const body = readErrorBody(JSON.stringify({ errorMessages: sentences, errors }));
    expect(body.sentences).toEqual(sentences.slice(0, 30));
    expect(Object.keys(body.fields)).toEqual(sentences.slice(0, 30));
  });

  it.each(["<title", "<title a", "<message>a", "<", "<title>log "])(
    "takes time linear in a page of nothing but %s",
    (part) => {
      const page = `<${part.repeat(2_000_000 / part.length)}`;
      expect(readErrorBody(page)).toMatchObject({ format: "markup", sentences: [] });
      expect(isLoginPage(page)).toBe(false);
    },
  );

  it.each(["a.", "current version ", "scope does not ", "://", " "])(
    "takes time linear in a text of nothing but %s",
    (part) => {
      const error = fail(409, `x${part.repeat(4_000_000 / part.length)}`, {
        secrets: ["abc-secret"],
      });
      expect(error.code).toBe("conflict");
    },
  );

  it("survives any JSON and never yields control characters", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 12 }), (text) => {
        const { sentences, fields } = readErrorBody(text);
        for (const each of [...sentences, ...Object.values(fields)]) {
          expect(each.length).toBeLessThanOrEqual(500);
          expect(each).not.toMatch(/\p{Cc}/u);
        }
      }),
    );
    expect(readErrorBody("[".repeat(50_000) + "]".repeat(50_000)).sentences).toEqual([]);
  });
});

describe("status and symptom to code", () => {
  it.each<[string, number, unknown, Partial<FailedAnswer>, string]>([
    ["bad request", 400, { errors: { a: "b" } }, {}, "invalid"],
    ["unprocessable", 422, "", {}, "invalid"],
    ["dead credential", 401, "", {}, "auth"],
    [
      "missing scope",
      401,
      { code: 401, message: "Unauthorized; scope does not match" },
      {},
      "scope",
    ],
    [
      "missing scope by challenge",
      403,
      "",
      { headers: { "www-authenticate": 'Bearer error="insufficient_scope"' } },
      "scope",
    ],
    ["permission", 403, { errorMessages: ["You do not have permission"] }, {}, "forbidden"],
    [
      "CAPTCHA by header",
      403,
      "",
      { headers: { "x-seraph-loginreason": "AUTHENTICATION_DENIED" } },
      "auth",
    ],
    [
      "CAPTCHA by denial",
      401,
      "",
      { headers: { "x-authentication-denied-reason": "CAPTCHA_CHALLENGE; login-url=https://x" } },
      "auth",
    ],
    ["Seraph says OK", 403, "", { headers: { "x-seraph-loginreason": "OK" } }, "forbidden"],
    [
      "PAT sent to Cloud",
      403,
      { message: "Failed to parse Connect Session Auth Token" },
      {},
      "auth",
    ],
    [
      "Basic switched off",
      403,
      { message: "Basic Authentication has been disabled on this instance." },
      {},
      "auth",
    ],
    [
      "password sent to Cloud",
      401,
      "Basic authentication with passwords is deprecated.",
      {},
      "auth",
    ],
    ["no client certificate", 400, "<h1>No required SSL certificate was sent</h1>", {}, "auth"],
    ["login page on 403", 403, loginPage, {}, "auth"],
    ["firewall page", 403, htmlPage, {}, "forbidden"],
    ["absent or hidden", 404, { errorMessages: ["Issue does not exist"] }, {}, "not_found"],
    ["wrong base", 404, htmlPage, {}, "not_found"],
    ["method missing", 405, "", {}, "unsupported"],
    ["proxy login", 407, "", {}, "network"],
    ["slow request", 408, "", {}, "timeout"],
    ["edit conflict", 409, "", {}, "conflict"],
    ["precondition", 412, "", {}, "conflict"],
    [
      "removed API",
      410,
      { message: "GoneException: This deprecated endpoint has been removed." },
      {},
      "unsupported",
    ],
    ["too large", 413, "", {}, "invalid"],
    ["limited", 429, "", {}, "rate_limited"],
    ["site failed", 500, "", {}, "upstream"],
    ["proxy page", 503, htmlPage, {}, "upstream"],
  ])("%s", (_, status, body, more, code) => {
    const error = fail(status, body, more);
    expect(error.code).toBe(code);
    expect(error.details).toMatchObject({
      status,
      product: "jira",
      operation: "GET /rest/api/3/issue/{}",
    });
    expect(error.details.next).toMatch(/\w.*\./);
  });

  it.each([
    "Version must be incremented when updating a page. Current Version: [3]. Provided version: [3]",
    "Version must be incremented on update. Current version is: 3",
  ])("finds the current version in a conflict: %s", (title) => {
    expect(fail(409, { errors: [{ title }] }).details.fields).toEqual({ current_version: "3" });
  });

  it("keeps upstream's words, its fields and its trace id", () => {
    const body = { errorMessages: ["Line 1\nline 2"], errors: { priority: "Unknown" } };
    const error = fail(400, body, { headers: { "atl-traceid": "t-1" } });
    expect(error.message).toBe(
      'Jira answered 400 to GET /rest/api/3/issue/{}: "Line 1 line 2 · priority: Unknown"',
    );
    expect(error.details).toMatchObject({ fields: { priority: "Unknown" }, traceId: "t-1" });
  });

  it("tells when to come back and why", () => {
    const headers = {
      "x-ratelimit-reset": "2026-11-23T10:05Z",
      "ratelimit-reason": "jira-quota-tenant-based",
    };
    const error = fail(429, "", { headers, nowMs: Date.parse("2026-11-23T10:00:00Z") });
    expect(error.details.retryAfterMs).toBe(300_000);
    expect(error.message).toContain("jira-quota-tenant-based");
  });

  it("explains a 401 by the host that sent it", () => {
    const next = (host: string) => fail(401, "", { host }).details.next;
    expect(
      new Set([next("api.atlassian.com"), next("x.atlassian.net"), next("jira.corp")]).size,
    ).toBe(3);
  });

  it("cuts long texts and masks secrets", () => {
    const error = fail(
      400,
      { message: `token abc-secret-1 ${"x".repeat(2000)}` },
      { secrets: ["abc-secret-1"] },
    );
    expect(error.message.length).toBeLessThan(700);
    expect(error.message).not.toContain("abc-secret-1");
  });
});

describe("what to do about refused credentials", () => {
  const scope = { code: 401, message: "Unauthorized; scope does not match" };
  const basicOff = { message: "Basic Authentication has been disabled on this instance." };
  const next = (status: number, body: unknown, more: Partial<FailedAnswer>) =>
    fail(status, body, more).details.next;

  it.each<[AuthMethod, RegExp, RegExp]>([
    ["basic", /JIRA_USERNAME and JIRA_API_TOKEN/, /JIRA_API_TOKEN/],
    ["pat", /JIRA_PERSONAL_TOKEN/, /JIRA_PERSONAL_TOKEN/],
    ["oauth", /mcp-atlassian auth login/, /mcp-atlassian auth login/],
    ["token", /never refreshes/, /never refreshes/],
    ["certificate", /JIRA_CLIENT_CERT/, /administrators/],
    ["external", /gateway/, /gateway/],
    ["service-account", /service account/, /service account/],
  ])("depends on the operator's method: %s", (method, refused, scoped) => {
    expect(next(401, "", { method })).toMatch(refused);
    expect(next(401, scope, { method, source: "operator" })).toMatch(scoped);
  });

  it.each<AuthMethod | undefined>(["basic", "pat", "oauth", "token", "service-account", undefined])(
    "names none of the operator's settings to a caller with %s",
    (method) => {
      const captcha = { "x-seraph-loginreason": "AUTHENTICATION_DENIED" };
      const texts = [
        next(401, "", { method, source: "caller" }),
        next(401, scope, { method, source: "caller" }),
        next(403, basicOff, { method, source: "caller" }),
        next(401, "", { method, source: "caller", headers: captcha }),
        next(401, loginPage, { method, source: "caller" }),
      ];
      for (const text of texts) {
        expect(text).toMatch(/your client|in your client/);
        expect(text).not.toMatch(/JIRA_|auth login/);
      }
    },
  );

  it("sends people from a password that is switched off to a personal access token", () => {
    expect(next(403, basicOff, { method: "basic" })).toMatch(/JIRA_PERSONAL_TOKEN/);
  });

  it("knows the gateway by the operator's setting", () => {
    const more = { host: "api.gov.example", gatewayHost: "api.gov.example" };
    expect(next(401, "", more)).toMatch(/classic API token/);
    expect(next(401, "", { host: more.host })).not.toMatch(/classic API token/);
    const site = { host: "a.atlassian.net", gatewayHost: more.host, method: "basic" } as const;
    expect(next(401, "", site)).toMatch(/api\.gov\.example/);
  });

  it("leaves a missing permission to the permissions, whatever the method", () => {
    for (const method of ["basic", "oauth", undefined] as const) {
      expect(fail(403, { errorMessages: ["No permission"] }, { method }).code).toBe("forbidden");
    }
  });
});

describe("a good status with a bad body", () => {
  const unreadable = (bodyText: string) =>
    errorFromUnreadable({
      status: 200,
      headers: {},
      bodyText,
      product: "confluence",
      operation: "GET /x",
    });

  it("is a login when the page asks for one, else an unknown shape", () => {
    expect(unreadable(loginPage).code).toBe("auth");
    expect(unreadable("<html><title>Log in - Confluence</title></html>").code).toBe("auth");
    expect(unreadable(htmlPage)).toMatchObject({
      code: "shape",
      message: expect.stringContaining("Oops"),
    });
    expect(unreadable("pong").code).toBe("shape");
  });

  it("does not take JSON that mentions a login for a page", () => {
    expect(isLoginPage('{"message":"see login.jsp"}')).toBe(false);
  });
});
