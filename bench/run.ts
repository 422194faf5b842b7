/**
 * Figures, one JSON line each: `npm run bench`, or `npm run bench -- startup list call http conversion remote` for
 * some.
 *
 * Another server beside this one: `npm run bench -- --peer "NAME=COMMAND …"` (stdio; it gets the same environment
 * variables, pointing at the sandbox). `--peer-tool NAME` when its tool is not called `jira_get_issue`.
 */
import { existsSync } from "node:fs";
import { benchCall } from "./call.ts";
import { benchConversion } from "./conversion.ts";
import { benchListSize } from "./list-size.ts";
import { startSite } from "./site.ts";
import { benchStartup } from "./startup.ts";
import { benchThroughput, startServer } from "./throughput.ts";
import { closeDirect } from "./upstream.ts";

const { wanted, peers, peerTool } = readArguments(process.argv.slice(2));
if (!existsSync("dist/cli.js")) throw new Error("Build first: npm run build");

const site = await startSite("dist/cli.js");
const { env, authorization } = site;
const issueKey = await someIssueKey();
const fields = "summary,status,assignee,priority";
const call = { tool: "jira_get_issue", args: { issue_key: issueKey, fields, comment_limit: 0 } };
const upstream = {
  url: `${env["JIRA_URL"]}/rest/api/3/issue/${issueKey}?fields=${encodeURIComponent(fields)}`,
  authorization,
};
const own = ["ours", [process.execPath, "dist/cli.js"]] as const;

for (const [name, command] of [own, ...peers]) {
  if (wanted("startup")) await benchStartup(name, command, { ...env, TOOLSETS: "all" });
  if (wanted("list")) await benchListSize(name, command, env);
  const named = name === "ours" ? call : { ...call, tool: peerTool };
  if (wanted("call")) await benchCall(name, command, env, named, upstream);
}
if (wanted("http")) await http();
if (wanted("conversion")) await benchConversion();
if (wanted("remote")) await (await import("./remote.ts")).benchRemote();
await closeDirect();
await site.close();

async function http(): Promise<void> {
  const bare = await startServer([
    process.execPath,
    "build/bare-server/bare-server.mjs",
    upstream.url,
    authorization,
  ]);
  const ours = await startServer(
    [process.execPath, "dist/cli.js", "--transport", "streamable-http", "--port", "0"],
    env,
  );
  try {
    await benchThroughput(
      [
        { name: "bare SDK", url: bare.url, pids: [bare.child.pid ?? 0], authorization },
        { name: "ours", url: ours.url, pids: [ours.child.pid ?? 0], authorization },
      ],
      call,
    );
  } finally {
    bare.child.kill();
    ours.child.kill();
  }
}

async function someIssueKey(): Promise<string> {
  const answer = await fetch(`${env["JIRA_URL"]}/rest/api/3/search/jql`, {
    method: "POST",
    headers: { authorization, "content-type": "application/json" },
    body: JSON.stringify({
      jql: "assignee = currentUser() ORDER BY key",
      fields: ["summary"],
      maxResults: 1,
    }),
  });
  const { issues } = (await answer.json()) as { issues: { key: string }[] };
  return issues[0]?.key ?? "";
}

function readArguments(args: readonly string[]) {
  const peers: (readonly [string, readonly string[]])[] = [];
  const parts = new Set<string>();
  let peerTool = "jira_get_issue";
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? "";
    if (word === "--peer") {
      const [name = "", command = ""] = (args[++index] ?? "").split(/=(.*)/s);
      peers.push([name, command.split(/\s+/).filter(Boolean)]);
    } else if (word === "--peer-tool") {
      peerTool = args[++index] ?? peerTool;
    } else {
      parts.add(word);
    }
  }
  return { peers, peerTool, wanted: (part: string) => parts.size === 0 || parts.has(part) };
}
