/**
 * Has real MCP clients list and call tools of the built program in front of the sandbox: first with a credential in
 * each request, then with nothing but the address, signing in at the program. Usage: npm run clients
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSandbox } from "../src/sandbox/server.ts";
import {
  checkInspector,
  checkMcpc,
  checkMcpRemote,
  installClients,
} from "../test/clients/program-clients.ts";
import { checkSdkClients } from "../test/clients/sdk-clients.ts";
import type { Target } from "../test/clients/target.ts";
import { type Report, report, say } from "../test/programs/report.ts";
import { basic, type HttpProgram, startHttpProgram, stop } from "../test/server/harness.ts";
import { startSignInProgram } from "../test/server/sign-in-program.ts";

const homes = mkdtempSync(join(tmpdir(), "mcp-clients-"));
await report(async (all) => {
  const sandbox = await startSandbox();
  const servers: HttpProgram[] = [];
  try {
    const [user] = sandbox.users;
    const { JIRA_USERNAME, JIRA_API_TOKEN, CONFLUENCE_USERNAME, CONFLUENCE_API_TOKEN, ...sites } =
      sandbox.environment("cloud");
    const person = { sites: sandbox.cloudId };
    const plain = await startHttpProgram(sites, ["--transport", "sse"]);
    servers.push(plain);
    const withTools = await startHttpProgram({ ...sites, TOOLSETS: "all" });
    servers.push(withTools);
    const signIn = await startSignInProgram(sandbox);
    servers.push(signIn);
    const authorization = basic(user.email, user.apiToken);
    const common = { authorization, person };
    await checkAll(all, [
      { name: "credential", ...addresses(plain), ...common },
      { name: "all tools", ...addresses(withTools), ...common },
      { name: "sign-in", ...addresses(signIn), person },
    ]);
  } finally {
    for (const server of servers) await stop(server);
    await sandbox.close();
    rmSync(homes, { recursive: true, force: true, maxRetries: 3 });
  }
});

async function checkAll(all: Report, [plain, withTools, signIn]: [Target, Target, Target]) {
  say("The SDKs");
  await checkSdkClients(all, plain);
  await checkSdkClients(all, signIn);
  say("\nInstalling programs");
  const programs = await installClients(() => mkdtempSync(join(homes, "home-")));
  say("Programs");
  for (const target of [plain, signIn]) {
    await checkMcpRemote(all, programs, target);
    await checkMcpc(all, programs, target);
    await checkInspector(all, programs, target);
  }
  await checkInspector(all, programs, withTools);
}

function addresses({ url }: HttpProgram) {
  const at = (path: string) => new URL(path, url).href;
  return { url: at("/mcp"), sseUrl: at("/sse") };
}
