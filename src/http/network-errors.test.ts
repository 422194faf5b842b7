import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { describe, expect, it, onTestFinished } from "vitest";
import { tlsFile } from "../../test/fakes/loopback.ts";
import { testClient } from "../../test/fakes/test-client.ts";
import { AtlassianMcpError } from "../errors.ts";
import { deadlineError, errorFromFailure, isUnreachable } from "./network-errors.ts";
import { apiPath } from "./path.ts";
import { RouteFailure } from "./proxy.ts";
import { defaultRetry } from "./retry.ts";

function failure(code: string): Error {
  return Object.assign(new Error("low level"), { code });
}

describe("alerts of the other side", () => {
  // As OpenSSL 3.0 and 3.5 name them.
  it.each([
    "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED",
    "ERR_SSL_TLSV1_ALERT_UNKNOWN_CA",
    "ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE",
    "ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE",
    "ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED",
    "ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN",
    "ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE",
  ])("%s is about our certificate, not about theirs", (code) => {
    const context = { product: "jira", operation: "GET /", host: "site.test" } as const;
    const ours = errorFromFailure(failure(code), context);
    expect(ours.code).toBe("auth");
    expect(ours.details.next).toMatch(/JIRA_CLIENT_CERT/);
    const theirs = errorFromFailure(failure("SELF_SIGNED_CERT_IN_CHAIN"), context);
    expect(theirs.code).toBe("network");
    expect(theirs.details.next).toMatch(/ATLASSIAN_CA_BUNDLE/);
  });

  it.skipIf(spawnSync("openssl", ["version"]).status !== 0).each([
    ["-tls1_2", "stranger.pem"],
    ["-tls1_3", "stranger.pem"],
    ["-tls1_3", undefined],
  ])("reach the reader of the error from a real server: %s, %s", async (version, name) => {
    const site = tlsFile("site.pem");
    const flags = ["-accept", "127.0.0.1:0", "-cert", site, "-key", site, "-www", version];
    const asks = ["-CAfile", tlsFile("ca.pem"), "-Verify", "1", "-verify_return_error"];
    const server = spawn("openssl", ["s_server", ...flags, ...asks]);
    onTestFinished(() => {
      server.kill();
    });
    let port = "";
    for await (const line of createInterface(server.stdout)) {
      port = /^ACCEPT .*:(\d+)$/.exec(line)?.[1] ?? "";
      if (port !== "") break;
    }
    const caFiles = [{ setting: "ATLASSIAN_CA_BUNDLE", path: tlsFile("ca.pem") }];
    const certFile = name && tlsFile(name);
    const { client } = testClient(new URL(`https://127.0.0.1:${port}`), {
      tls: { prefix: "JIRA", verify: true, caFiles, certFile },
      retry: { ...defaultRetry, retries: 0 },
    });
    await expect(client.json({ path: apiPath`/` })).rejects.toMatchObject({
      code: "auth",
      details: { next: expect.stringContaining("JIRA_CLIENT_CERT") },
    });
    server.kill();
    await once(server, "exit");
  });
});

describe("without a product", () => {
  const codes = [
    "ENOTFOUND",
    "ECONNREFUSED",
    "ECONNRESET",
    "SELF_SIGNED_CERT_IN_CHAIN",
    "ERR_TLS_CERT_ALTNAME_INVALID",
    "ERR_SSL_WRONG_VERSION_NUMBER",
    "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED",
    "HPE_INVALID_CONSTANT",
    "UND_ERR_INVALID_ARG",
    "UND_ERR_HEADERS_TIMEOUT",
  ];

  it.each(codes)("%s names the host's own setting and none of a product", (code) => {
    const context = { address: "ATLASSIAN_AUTH_URL", operation: "POST /", host: "login.test" };
    const { message, details } = errorFromFailure(failure(code), context);
    expect(`${message} ${details.next}`).not.toMatch(/JIRA|CONFLUENCE|undefined/);
    expect(details.product).toBeUndefined();
    expect(deadlineError(1000, context).details.next).not.toMatch(/undefined|_TIMEOUT/);
  });

  it("names the settings of the product whose TLS settings hold", () => {
    const context = { prefix: "CONFLUENCE", address: "X_URL", operation: "POST /", host: "h" };
    const next = errorFromFailure(failure("SELF_SIGNED_CERT_IN_CHAIN"), context).details.next;
    expect(next).toMatch(/CONFLUENCE_SSL_VERIFY/);
    expect(errorFromFailure(failure("ECONNREFUSED"), context).details.next).toMatch(/X_URL/);
  });
});

it.each([
  [failure("ECONNREFUSED"), true],
  [failure("ENOTFOUND"), true],
  [failure("UND_ERR_CONNECT_TIMEOUT"), true],
  [new RouteFailure("p:1", failure("ECONNREFUSED")), true],
  [failure("ECONNRESET"), false],
  [failure("SELF_SIGNED_CERT_IN_CHAIN"), false],
  [new AtlassianMcpError("network", "x"), false],
])("isUnreachable tells failures to connect from others: case %#", (cause, expected) => {
  expect(isUnreachable(cause)).toBe(expected);
});
