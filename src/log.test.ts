import { describe, expect, it, vi } from "vitest";
import { createLogger, isSecretName, maskSecrets, silentLogger } from "./log.ts";

function capture() {
  const lines: string[] = [];
  const write = (line: string) => {
    lines.push(line);
  };
  return { lines, write, parsed: () => lines.map((line) => JSON.parse(line)) };
}

describe("createLogger", () => {
  it("writes one JSON line per event, in order, from the first one on", async () => {
    const { lines, write, parsed } = capture();
    const log = createLogger({ level: "info", write });
    log.info("server.started", { port: 3000 });
    log.warn("request.repeated", { operation: "GET /a\nb", status: undefined });
    await vi.waitFor(() => expect(lines).toHaveLength(2));
    log.error("store.failed");
    expect(
      lines.every((line) => line.endsWith("}\n") && line.indexOf("\n") === line.length - 1),
    ).toBe(true);
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/);
    expect(parsed()).toEqual([
      { level: "info", time, event: "server.started", port: 3000 },
      { level: "warn", time, event: "request.repeated", operation: "GET /a\nb" },
      { level: "error", time, event: "store.failed" },
    ]);
  });

  it("drops what is below its level", async () => {
    const { lines, write, parsed } = capture();
    const log = createLogger({ level: "warn", write });
    log.debug("a.dropped");
    log.info("b.dropped");
    log.warn("c.kept");
    await vi.waitFor(() => expect(lines).toHaveLength(1));
    expect(parsed()[0]).toMatchObject({ event: "c.kept" });
  });

  it("masks by field name and by known value, also values learnt later", async () => {
    const { lines, write } = capture();
    const secrets = new Set(["s3cret-value"]);
    const log = createLogger({ level: "debug", secrets, write });
    log.debug("a.b", {
      api_token: "abc",
      note: "has s3cret-value inside",
      url: "https://u:p@host/x",
    });
    secrets.add("later-value");
    log.debug("a.b", { note: "later-value", count: 3 });
    await vi.waitFor(() => expect(lines).toHaveLength(2));
    expect(lines.join("")).not.toMatch(/abc|s3cret|later-value|u:p@/);
    expect(lines[1]).toContain('"count":3');
  });

  it("loses no line when the process ends before the first one could be written", () => {
    const { lines, write } = capture();
    const before = new Set(process.listeners("exit"));
    createLogger({ level: "info", write }).info("server.stopped", { code: 2 });
    const added = process.listeners("exit").filter((listener) => !before.has(listener));
    expect(lines).toEqual([]);
    for (const listener of added) listener(0);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { event: "server.stopped", code: 2 },
    ]);
  });
});

describe("maskSecrets", () => {
  it.each([
    ["Authorization: Bearer abcdef123456", "abcdef123456"],
    ["basic dXNlcjpwYXNz", "dXNlcjpwYXNz"],
    ["token eyJhbGciOi.eyJzdWIi.c2ln end", "eyJzdWIi"],
    ["key ATATT3xFfGF0abcdef=12AB", "FfGF0abcdef"],
    ["token=-eyJhbGciOi.eyJzdWIi.c2ln end", "eyJzdWIi"],
    ["eyJhbGc-eyJsb25n.eyJzdWIi.c2ln", "eyJzdWIi"],
    ["see https://user:pass@proxy:8080/x", "pass"],
    ["see https://me@example.com:passed@site/x", "passed"],
  ])("finds what looks like a credential in %s", (text, secret) => {
    expect(maskSecrets(text)).not.toContain(secret);
  });

  it.each(["a.", "eyJ-", "eyJaaaaa", "://", "://a:", "a://", "Bearer ", "ATATT3x", "-"])(
    "takes time linear in a text of nothing but %s",
    (part) => {
      const text = part.repeat(1_000_000 / part.length);
      expect(maskSecrets(`${text} eyJhbGciOi.eyJzdWIi.c2ln`).endsWith(" [redacted]")).toBe(true);
    },
  );

  it("masks known values, percent-encoded too, but no short words", () => {
    expect(maskSecrets("a=p%40ss%2Fword&b=p@ss/word", ["p@ss/word"])).toBe(
      "a=[redacted]&b=[redacted]",
    );
    expect(maskSecrets("the cat", ["cat", ""])).toBe("the cat");
  });

  it.each([
    "Basic authentication with passwords is deprecated.",
    "PROJ-1 cannot be moved: basic fields are missing, see https://site/browse/PROJ-1",
  ])("leaves ordinary text alone: %s", (text) => {
    expect(maskSecrets(text)).toBe(text);
  });
});

describe("isSecretName", () => {
  it.each([
    "Authorization",
    "Set-Cookie",
    "X-Api-Key",
    "client_secret",
    "refresh_token",
    "Passphrase",
    "SAMLResponse",
  ])("knows %s", (name) => {
    expect(isSecretName(name)).toBe(true);
  });
  it.each(["status", "code", "operation", "X-Request-Id", "user-agent", "key"])(
    "lets %s through",
    (name) => {
      expect(isSecretName(name)).toBe(false);
    },
  );
});

it("silentLogger says nothing and does not fail", () => {
  for (const level of ["error", "warn", "info", "debug"] as const) {
    expect(silentLogger[level]("a.b", {})).toBeUndefined();
  }
});
