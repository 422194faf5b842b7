import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startProgram } from "./harness.ts";

const messages = [
  {
    id: 1,
    method: "initialize",
    params: {
      protocolVersion: "2025-06-18",
      capabilities: {},
      clientInfo: { name: "tests", version: "1" },
    },
  },
  { method: "notifications/initialized" },
  { id: 2, method: "tools/list" },
];

/** Names of our own files that a run loads, as V8 reports them at its end. */
async function loadedFiles(input: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "mcp-atlassian-startup-"));
  try {
    const program = startProgram([], {
      NODE_V8_COVERAGE: folder,
      JIRA_URL: "https://acme.atlassian.net",
      JIRA_USERNAME: "ada@example.com",
      JIRA_API_TOKEN: "secret",
    });
    program.child.stdin?.end(input);
    await program.ended;
    const [report = ""] = readdirSync(folder);
    const { result } = JSON.parse(readFileSync(join(folder, report), "utf8")) as {
      result: { url: string }[];
    };
    return result
      .map(({ url }) => url.split("/dist/")[1] ?? "")
      .filter(Boolean)
      .sort();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

it("lists its tools over stdio without loading what only calls, HTTP or the sandbox need", async () => {
  const input = messages
    .map((message) => `${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`)
    .join("");
  const names = (await loadedFiles(input)).map((file) =>
    file.replace(/^chunks\//, "").replace(/-[\w-]{8}\.js$/, ""),
  );
  expect(names).toContain("cli.js");
  expect(
    names.filter((name) =>
      /undici|registry|arguments|client|pool|opossum|pino|sse|http|sandbox|markdown|saxes|jql|help/.test(
        name,
      ),
    ),
  ).toEqual([]);
  expect(names.length).toBeLessThanOrEqual(34);
});
