/**
 * Packs the package as it would be published, installs the tarball in an empty project and starts the binary from
 * there: `--version`, `--help`, and an MCP handshake over stdio.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "mcp-atlassian-pack-"));
try {
  const [packed] = JSON.parse(
    execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {
      encoding: "utf8",
    }),
  ) as { filename: string; size: number; files: { path: string }[] }[];
  if (packed === undefined) throw new Error("npm pack gave nothing");
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  execFileSync(
    "npm",
    ["install", "--no-audit", "--no-fund", "--offline", join(folder, packed.filename)],
    {
      cwd: folder,
      stdio: "inherit",
    },
  );
  const binary = join(folder, "node_modules/.bin/mcp-atlassian");
  expect(run(binary, ["--version"]), /^mcp-atlassian \d+\.\d+\.\d+/);
  expect(run(binary, ["--help"]), /JIRA_URL/);
  expect(run(binary, [], handshake()), /"serverInfo"/);
  console.log(
    `packed ${packed.files.length} files, ${Math.round(packed.size / 1000)} kB: installs and starts`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function run(binary: string, args: readonly string[], input = ""): string {
  const { stdout, stderr, status } = spawnSync(binary, args, {
    input,
    encoding: "utf8",
    timeout: 30_000,
  });
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}: ${stderr}`);
  return stdout;
}

function expect(text: string, pattern: RegExp): void {
  if (!pattern.test(text)) throw new Error(`expected ${pattern}, got: ${text.slice(0, 300)}`);
}

function handshake(): string {
  const params = {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name: "pack-check", version: "1" },
  };
  return `${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params })}\n`;
}
