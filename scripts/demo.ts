/**
 * Shows the whole thing at work without an account: starts the sandbox, drives the built server with a real MCP client
 * over stdio and over HTTP, once as Cloud and once as Data Center, and prints each step.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { startSandbox } from "../src/sandbox/server.ts";

type Deployment = "cloud" | "datacenter";
interface Step {
  readonly title: string;
  readonly tool: string;
  readonly args: () => Record<string, unknown>;
  /** Takes what later steps need and says what a person should see. */
  readonly show: (answer: Json) => string;
}
// biome-ignore lint/suspicious/noExplicitAny: answers are free-form JSON here, shown and not interpreted
type Json = any;

const binary = resolve("dist/cli.js");
if (!existsSync(binary)) throw new Error("The server is not built: run npm run build first.");

const started = performance.now();
const sandbox = await startSandbox();
let calls = 0;
try {
  for (const deployment of ["cloud", "datacenter"] as const) {
    heading(`${deployment === "cloud" ? "Cloud" : "Data Center"} over stdio`);
    await overStdio(deployment);
    heading(`${deployment === "cloud" ? "Cloud" : "Data Center"} over HTTP`);
    await overHttp(deployment);
  }
} finally {
  await sandbox.close();
}
say(
  `\n${calls} calls, ${((performance.now() - started) / 1000).toFixed(1)} s in all, no account needed.\n`,
);
printConfiguration();

async function overStdio(deployment: Deployment): Promise<void> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [binary],
    env: { PATH: process.env["PATH"] ?? "", ...sandbox.environment(deployment) },
  });
  await withClient(new Client({ name: "demo", version: "1.0.0" }), transport, deployment);
}

async function overHttp(deployment: Deployment): Promise<void> {
  const env = sandbox.environment(deployment);
  const { child, url } = await startHttpServer(env);
  try {
    const requestInit = { headers: headersOf(env) };
    const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit });
    await withClient(new Client({ name: "demo", version: "1.0.0" }), transport, deployment);
  } finally {
    child.kill("SIGTERM");
    await once(child, "exit");
  }
}

/** The server knows the sites only; who calls is in each request's Authorization header. */
async function startHttpServer(
  env: Record<string, string>,
): Promise<{ child: ChildProcess; url: string }> {
  const secrets = /USERNAME|API_TOKEN|PERSONAL_TOKEN/;
  const sites = Object.fromEntries(Object.entries(env).filter(([name]) => !secrets.test(name)));
  const child = spawn(process.execPath, [binary, "--transport", "streamable-http", "--port", "0"], {
    env: { PATH: process.env["PATH"] ?? "", ...sites },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let text = "";
  for await (const chunk of child.stderr) {
    text += String(chunk);
    const url = /https?:\/\/\S+/.exec(text)?.[0];
    if (url) return { child, url };
  }
  throw new Error(`The server did not start: ${text}`);
}

async function withClient(client: Client, transport: Json, deployment: Deployment): Promise<void> {
  const ms = await timed(() => client.connect(transport));
  const { tools } = await client.listTools();
  say(`  ${tools.length} tools listed ${" ".repeat(38)} ${ms} ms to connect`);
  for (const step of steps(deployment)) await run(client, step);
  await client.close();
}

async function run(client: Client, { title, tool, args, show }: Step): Promise<void> {
  let text = "";
  let failed = false;
  const ms = await timed(async () => {
    const result: Json = await client.callTool({ name: tool, arguments: args() });
    failed = result.isError === true;
    text = result.content[0]?.text ?? "";
  });
  calls++;
  if (failed) throw new Error(`${tool}: ${text}`);
  const shown = show(JSON.parse(text));
  say(
    `  ${title.padEnd(24)} ${tool.padEnd(30)} ${String(ms).padStart(5)} ms   ${shown.slice(0, 90)}`,
  );
}

function steps(deployment: Deployment): Step[] {
  const space = "ENG";
  let mine = "";
  let created = "";
  let page = "";
  const title = `Release notes ${deployment} ${Math.random().toString(36).slice(2, 8)}`;
  return [
    {
      title: "find my issues",
      tool: "jira_search",
      args: () => ({ jql: "assignee = currentUser() ORDER BY updated DESC", limit: 3 }),
      show: (answer) => {
        mine = answer.issues[0].key;
        return answer.issues.map((issue: Json) => `${issue.key} ${issue.summary}`).join(" · ");
      },
    },
    {
      title: "read one",
      tool: "jira_get_issue",
      args: () => ({ issue_key: mine }),
      show: (issue) => `${issue.key}: ${issue.summary} [${issue.status?.name}]`,
    },
    {
      title: "create one",
      tool: "jira_create_issue",
      args: () => ({
        project_key: mine.split("-")[0],
        summary: "Try the MCP server",
        issue_type: "Task",
        description: "Created from **Markdown**:\n\n- [x] read\n- [ ] write\n",
      }),
      show: (answer) => {
        created = answer.issue.key;
        return `${created} ${answer.issue.url ?? answer.issue.browse_url ?? ""}`;
      },
    },
    {
      title: "comment on it",
      tool: "jira_add_comment",
      args: () => ({ issue_key: created, body: "Looks *good*, see `README.md`." }),
      show: (comment) =>
        `comment ${comment.id} by ${comment.author?.display_name ?? comment.author}`,
    },
    {
      title: "see where it can go",
      tool: "jira_get_transitions",
      args: () => ({ issue_key: created }),
      show: (answer) => (answer.transitions ?? answer).map((each: Json) => each.name).join(", "),
    },
    {
      title: "move it on",
      tool: "jira_transition_issue",
      args: () => ({ issue_key: created, transition_id: "In Progress" }),
      show: (answer) => `${created} is ${answer.issue?.status?.name ?? answer.message}`,
    },
    {
      title: "search pages",
      tool: "confluence_search",
      args: () => ({ query: "release", limit: 3 }),
      show: (answer) => (answer.results ?? answer).map((hit: Json) => hit.title).join(" · "),
    },
    {
      title: "create a page",
      tool: "confluence_create_page",
      args: () => ({
        space_key: space,
        title,
        content: "# What is new\n\n| Area | State |\n|---|---|\n| Search | {status:DONE|green} |\n",
      }),
      show: (answer) => {
        page = answer.page.id;
        return `${page} ${answer.page.url}`;
      },
    },
    {
      title: "read it back",
      tool: "confluence_get_page",
      args: () => ({ page_id: page }),
      show: (answer) => String(answer.metadata.content.value).replace(/\s+/g, " "),
    },
    {
      title: "update it",
      tool: "confluence_update_page",
      args: () => ({ page_id: page, title, content: "# What is new\n\nEverything, *twice*.\n" }),
      show: (answer) => `version ${answer.page.version}`,
    },
  ];
}

function printConfiguration(): void {
  const block = (env: Record<string, string>, args: string[]) =>
    JSON.stringify(
      {
        mcpServers: {
          atlassian: {
            command: process.execPath,
            args,
            ...(Object.keys(env).length > 0 && { env }),
          },
        },
      },
      null,
      2,
    );
  say("To try it in your own client with the sandbox, paste this into its configuration:\n");
  say(block({}, [binary, "--sandbox"]));
  say(
    "\nFor a real site (API token from https://id.atlassian.com/manage-profile/security/api-tokens):\n",
  );
  const site = "https://YOUR-SITE.atlassian.net";
  const person = { USERNAME: "you@example.com", API_TOKEN: "YOUR-API-TOKEN" };
  const real = Object.fromEntries(
    (["JIRA", "CONFLUENCE"] as const).flatMap((product) => [
      [`${product}_URL`, product === "JIRA" ? site : `${site}/wiki`],
      ...Object.entries(person).map(([name, value]) => [`${product}_${name}`, value]),
    ]),
  );
  say(block(real, [binary]));
}

/** One credential for a Cloud site; one for each host on Data Center, so that neither sees the other's. */
function headersOf(env: Record<string, string>): Record<string, string> {
  const { JIRA_PERSONAL_TOKEN: jira, CONFLUENCE_PERSONAL_TOKEN: confluence } = env;
  if (jira && confluence) {
    return {
      "X-Atlassian-Jira-Authorization": `Bearer ${jira}`,
      "X-Atlassian-Confluence-Authorization": `Bearer ${confluence}`,
    };
  }
  const account = `${env["JIRA_USERNAME"]}:${env["JIRA_API_TOKEN"]}`;
  return { Authorization: `Basic ${Buffer.from(account).toString("base64")}` };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return Math.round(performance.now() - start);
}

function heading(text: string): void {
  say(`\n${text}`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
