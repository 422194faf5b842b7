import { describe, expect, it } from "vitest";
import { AtlassianMcpError, type ErrorCode } from "../errors.ts";
import type { ApiClient } from "../http/types.ts";
import { CallerValidation, type ValidationOptions } from "./validation.ts";

/** A site that answers in turn, the last answer for ever, and counts. */
function siteThat(...answers: readonly ("ok" | ErrorCode)[]) {
  const asked: string[] = [];
  const api: ApiClient = {
    async json({ path }) {
      const answer = answers[Math.min(asked.push(path.path) - 1, answers.length - 1)];
      if (answer === undefined || answer === "ok") return {};
      throw new AtlassianMcpError(answer, answer);
    },
  };
  return { api, asked };
}

function validation(options: Partial<ValidationOptions> = {}) {
  return new CallerValidation({ ttlMs: 1000, maxEntries: 2, now: () => 0, ...options });
}

describe("checking a caller's credentials", () => {
  it.each([
    ["jira", "/rest/api/2/myself"],
    ["confluence", "/rest/api/user/current"],
  ] as const)("asks %s who it is", async (product, path) => {
    const { api, asked } = siteThat("ok");
    await validation().check("ann", product, api);
    expect(asked).toEqual([path]);
  });

  it("remembers good ones for a while, each by itself", async () => {
    let now = 0;
    const checks = validation({ now: () => now });
    const { api, asked } = siteThat("ok");
    await checks.check("ann", "jira", api);
    now = 999;
    await checks.check("ann", "jira", api);
    expect(asked).toHaveLength(1);
    await checks.check("bob", "jira", api);
    expect(asked).toHaveLength(2);
    now = 1000;
    await checks.check("ann", "jira", api);
    expect(asked).toHaveLength(3);
  });

  it("refuses bad ones, each time anew", async () => {
    const checks = validation();
    const { api, asked } = siteThat("auth", "auth", "ok");
    for (let time = 0; time < 2; time += 1) {
      await expect(checks.check("ann", "jira", api)).rejects.toMatchObject({ code: "auth" });
    }
    await checks.check("ann", "jira", api);
    expect(asked).toHaveLength(3);
  });

  it.each<ErrorCode>(["scope", "forbidden", "not_found", "shape"])(
    "takes %s for a sign that the site knows who it is",
    async (code) => {
      const checks = validation();
      const { api, asked } = siteThat(code);
      await checks.check("ann", "jira", api);
      await checks.check("ann", "jira", api);
      expect(asked).toHaveLength(1);
    },
  );

  it.each<ErrorCode>(["network", "timeout", "config"])(
    "ends with %s, which would end the call as well, and later",
    async (code) => {
      const { api } = siteThat(code);
      await expect(validation().check("ann", "jira", api)).rejects.toMatchObject({ code });
    },
  );

  it.each<ErrorCode>(["upstream", "rate_limited"])(
    "leaves %s to the call itself, and remembers nothing",
    async (code) => {
      const checks = validation();
      const { api, asked } = siteThat(code, "auth");
      await checks.check("ann", "jira", api);
      await expect(checks.check("ann", "jira", api)).rejects.toMatchObject({ code: "auth" });
      expect(asked).toHaveLength(2);
    },
  );

  it.each<ErrorCode>(["network", "timeout", "config"])(
    "ends with %s as the call would, and remembers nothing",
    async (code) => {
      const checks = validation();
      const { api, asked } = siteThat(code, "ok");
      await expect(checks.check("ann", "jira", api)).rejects.toMatchObject({ code });
      await checks.check("ann", "jira", api);
      expect(asked).toHaveLength(2);
    },
  );

  it("asks once for calls at the same time", async () => {
    const checks = validation();
    const { api, asked } = siteThat("ok");
    await Promise.all([1, 2, 3].map(() => checks.check("ann", "jira", api)));
    expect(asked).toHaveLength(1);
    const bad = siteThat("auth");
    const outcomes = await Promise.allSettled(
      [1, 2].map(() => checks.check("eve", "jira", bad.api)),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(bad.asked).toHaveLength(1);
  });

  it.each([{ ttlMs: 0 }, { ttlMs: -1000 }, { maxEntries: 0 }, { maxEntries: -1 }])(
    "remembers nothing with %j",
    async (options) => {
      const checks = validation(options);
      const { api, asked } = siteThat("ok");
      await checks.check("ann", "jira", api);
      await checks.check("ann", "jira", api);
      expect(asked).toHaveLength(2);
    },
  );

  it("forgets the one checked longest ago when there are too many", async () => {
    const checks = validation();
    const { api, asked } = siteThat("ok");
    for (const who of ["ann", "bob", "cleo"]) await checks.check(who, "jira", api);
    await checks.check("cleo", "jira", api);
    await checks.check("bob", "jira", api);
    expect(asked).toHaveLength(3);
    await checks.check("ann", "jira", api);
    expect(asked).toHaveLength(4);
  });
});
