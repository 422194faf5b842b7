import { describe, expect, it, onTestFinished } from "vitest";
import { loadSettings } from "../../config/load.ts";
import { AtlassianMcpError } from "../../errors.ts";
import type { Probe } from "../../http/probe.ts";
import { silentLogger } from "../../log.ts";
import { compose } from "../../server/compose.ts";
import type { Diagnosis } from "./diagnosis.ts";
import { examineProduct } from "./product.ts";
import type { CheckName, Section } from "./report.ts";

const jira = { JIRA_URL: "https://jira.example.com", JIRA_PERSONAL_TOKEN: "a-token-of-ann" };
const never = () => new Promise<never>(() => {});
const answer: Probe = {
  status: 200,
  headers: { "content-type": "application/json" },
  text: '{"deploymentType":"Server"}',
  elapsedMs: 1,
};

function diagnosis(env: Record<string, string>, fakes: Partial<Diagnosis>): Diagnosis {
  const readFile = (): never => {
    throw Object.assign(new Error("no file"), { code: "ENOENT" });
  };
  const loaded = loadSettings({ argv: [], env, cwd: "/", readFile });
  if (loaded.kind !== "settings") throw new Error(JSON.stringify(loaded));
  const { settings, origins } = loaded;
  const { runtime, close } = compose(settings, silentLogger);
  onTestFinished(close);
  const quiet = { now: Date.now, limitMs: 5, progress() {}, secrets: [] };
  const network = { probe: async () => answer, connections: { inspect: never } };
  return { settings, origins, runtime, ...quiet, ...network, ...fakes };
}

function outcomesOf({ findings }: Section): Partial<Record<CheckName, string>> {
  return Object.fromEntries(findings.map(({ check, outcome }) => [check, outcome]));
}

describe("a product", () => {
  it("is looked at no further than its connection works", async () => {
    const section = await examineProduct("jira", diagnosis(jira, { probe: never }));
    expect(outcomesOf(section)).toEqual({
      address: "ok",
      proxy: "ok",
      connection: "problem",
      sign_in: "ok",
      rest: "skipped",
    });
  });

  it("is given up on where it hangs later on", async () => {
    const section = await examineProduct("jira", diagnosis(jira, {}));
    expect(outcomesOf(section)).toMatchObject({ connection: "ok", deployment: "problem" });
    const finding = section.findings.find(({ check }) => check === "deployment");
    expect(finding?.code).toBe("timeout");
    expect(finding?.remedy).toContain("JIRA_DEPLOYMENT");
  });

  it("says once what keeps it from being used", async () => {
    const error = new AtlassianMcpError("auth", "Cloud has no such tokens", { next: "Change it." });
    const inspect = () => Promise.reject(error);
    const section = await examineProduct("jira", diagnosis(jira, { connections: { inspect } }));
    expect(outcomesOf(section)).toMatchObject({ deployment: "problem", sign_in: "ok" });
  });

  it("may fail in ways that nobody thought of", async () => {
    const probe = () => Promise.reject(new TypeError("x is not a function"));
    const section = await examineProduct("jira", diagnosis(jira, { probe }));
    expect(outcomesOf(section)).toMatchObject({ connection: "problem" });
  });

  it("need not be configured", async () => {
    const section = await examineProduct("confluence", diagnosis(jira, {}));
    expect(section).toMatchObject({ title: "Confluence", findings: [{ outcome: "ok" }] });
  });

  it("has a limit of its own", async () => {
    const patient = diagnosis({ ...jira, JIRA_TIMEOUT: "1" }, { probe: never, limitMs: 60_000 });
    const [, , connection] = (await examineProduct("jira", patient)).findings;
    expect(connection?.text).toContain("within 1 s");
  });
});
