import { describe, expect, it } from "vitest";
import type { Connection } from "../../auth/connection.ts";
import { silentLogger } from "../../log.ts";
import { findEntry, type ToolEntry } from "../../tools/catalogue.ts";
import { type AuditedCall, type AuditOptions, openAudit } from "./audit.ts";

function entryOf(name: string): ToolEntry {
  const entry = findEntry(name);
  if (entry === undefined) throw new Error(`no ${name}`);
  return entry;
}

const connection: Connection = {
  product: "jira",
  url: new URL("https://acme.atlassian.net"),
  deployment: "cloud",
  method: "basic",
  source: "caller",
  credential: { kind: "basic", user: "Ann@example.com", secret: "hunter22-token" },
  passthrough: {},
  isGuarded: false,
  fingerprint: "f",
};

const call: AuditedCall = {
  entry: entryOf("jira_transition_issue"),
  connection,
  account: undefined,
  client: { name: "client", version: "1.0" },
  requestId: "request-1",
  args: {},
  value: undefined,
  outcome: "ok",
  ms: 12,
};

async function lineOf(
  more: Partial<AuditedCall>,
  options: Partial<AuditOptions> = {},
): Promise<Record<string, unknown>> {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  openAudit({ secrets: [], log: silentLogger, showsUsers: false, write, ...options }).write({
    ...call,
    ...more,
  });
  await expect.poll(() => lines.length).toBe(1);
  return JSON.parse(lines[0] ?? "");
}

describe("the audit record", () => {
  it("tells items by key and id, and nothing of what was written", async () => {
    const args = {
      issue_key: "PROJ-1",
      transition_id: 31,
      secret_key: "hunter22",
      summary: "hunter22",
      additional_fields: { secret_id: "hunter22" },
    };
    const line = await lineOf({
      args,
      value: { issue: { id: "7", key: "PROJ-1" }, text: "hunter22" },
    });
    expect(line).toMatchObject({
      target: "issue_key=PROJ-1 transition_id=31",
      result: "PROJ-1",
      site: "acme.atlassian.net",
      client: "client 1.0",
      outcome: "ok",
      ms: 12,
    });
    expect(JSON.stringify(line)).not.toMatch(/hunter22/);
  });

  it("leaves out keys that are none", async () => {
    const entry = entryOf("jira_create_issue_link");
    const args = { inward_issue_key: "A-1", outward_issue_key: "a sentence somebody wrote" };
    expect(await lineOf({ entry, args })).toMatchObject({ target: "inward_issue_key=A-1" });
  });

  it.each([null, "text", [{ issue_key: "A-1" }], 7])("stands arguments like %j", async (args) => {
    expect(await lineOf({ args, value: args })).not.toHaveProperty("target");
  });

  it("names the account where it is known", async () => {
    expect(await lineOf({ account: "5b10" })).toMatchObject({ who: "account:5b10" });
  });

  it("names the account even of who was refused at the door", async () => {
    const line = await lineOf({ connection: undefined, account: "5b10", outcome: "scope" });
    expect(line).toMatchObject({ who: "account:5b10" });
  });

  it("finds one person by one hash, whatever the token, and shows no address", async () => {
    const other = { kind: "basic", user: "ann@example.com", secret: "other" } as const;
    const first = await lineOf({});
    const second = await lineOf({ connection: { ...connection, credential: other } });
    expect(first["who"]).toMatch(/^caller:[\da-f]{16}$/);
    expect(second["who"]).toBe(first["who"]);
    expect(JSON.stringify([first, second])).not.toMatch(/example\.com|hunter22|other/);
  });

  it("tells tokens apart without showing them", async () => {
    const lines = await Promise.all(
      ["token-one", "token-two"].map((token) =>
        lineOf({ connection: { ...connection, credential: { kind: "bearer", token } } }),
      ),
    );
    expect(lines[0]?.["who"]).not.toBe(lines[1]?.["who"]);
    expect(JSON.stringify(lines)).not.toContain("token-");
  });

  it("names users only where the operator debugs", async () => {
    expect(await lineOf({}, { showsUsers: true })).toMatchObject({ user: "Ann@example.com" });
  });

  it("records a call that was refused before anybody knew as whom", async () => {
    const line = await lineOf({ connection: undefined, outcome: "auth" });
    expect(line).toMatchObject({ tool: "jira_transition_issue", outcome: "auth" });
    expect(line).not.toHaveProperty("who");
  });

  it("refuses a file that cannot be opened", () => {
    const open = () =>
      openAudit({ file: "/nowhere/a", secrets: [], log: silentLogger, showsUsers: false });
    expect(open).toThrow(expect.objectContaining({ code: "config" }));
  });
});
