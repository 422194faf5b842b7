#!/usr/bin/env node
import { type LoadResult, loadSettings } from "./config/load.ts";
import { formatNotices, formatProblems, type Notice } from "./config/problems.ts";
import type { Settings } from "./config/product.ts";
import { secretsOf } from "./config/secrets.ts";
import { isLoopbackHost } from "./config/site-url.ts";
import { AtlassianMcpError, oneLine } from "./errors.ts";
import { createLogger } from "./log.ts";
import { identity } from "./server/identity.ts";
import type { RunningServer } from "./server/stdio.ts";

const failure = 1;
const usageError = 2;

async function run(loaded: LoadResult): Promise<void> {
  switch (loaded.kind) {
    case "help": {
      const { helpText } = await import("./config/help.ts");
      return void process.stdout.write(helpText());
    }
    case "version":
      return void process.stdout.write(`${identity.name} ${identity.version}\n`);
    case "errors":
      showNotices(loaded.notices);
      process.stderr.write(formatProblems(loaded.problems));
      process.exitCode = usageError;
      return;
    case "sandbox":
      return orComplain(() => runSandbox(loaded.sandbox));
    case "settings":
      showNotices(loaded.notices);
      return orComplain(() => serve(loaded.settings));
  }
}

/** Errors of ours are for the person at the terminal; anything else is a defect and shows its stack. */
async function orComplain(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof AtlassianMcpError)) throw error;
    const { setting, next } = error.details;
    const text = `mcp-atlassian cannot start: ${error.message}${setting ? ` (${setting})` : ""}.`;
    process.stderr.write(`${oneLine(text)}\n${oneLine(next ?? "")}\n`);
    process.exit(error.code === "config" ? usageError : failure);
  }
}

async function serve(settings: Settings): Promise<void> {
  const log = createLogger({ level: settings.logLevel, secrets: secretsOf(settings) });
  const sandbox = settings.sandbox && (await openSandbox());
  const ready = sandbox ? atSandbox(settings, sandbox) : settings;
  const { compose, openOperations } = await import("./server/compose.ts");
  const { ServerBuilder } = await import("./server/build.ts");
  const composition = compose(ready, log, await openOperations(ready, log));
  const { runtime, notices, close } = composition;
  for (const notice of notices) process.stderr.write(`mcp-atlassian: ${notice}\n`);
  const server = await start(ready, composition, new ServerBuilder(runtime));
  stopOnSignals(server);
  const metrics = await listenForMetrics(ready, runtime);
  await server.done;
  await Promise.all([close(), sandbox?.close(), metrics?.close()]);
  // A half-read stdin may still hold the process; everything was answered or given up.
  process.exit();
}

type Builder = import("./server/build.ts").ServerBuilder;
type Runtime = import("./server/runtime.ts").Runtime;
type Composition = import("./server/compose.ts").Composition;

async function start(
  settings: Settings,
  { runtime: { policy, authRules, log, operations }, checks }: Composition,
  builder: Builder,
): Promise<RunningServer> {
  const { http } = settings;
  if (http.transport === "stdio") {
    const { startStdio } = await import("./server/stdio.ts");
    return startStdio({ builder, policy, log });
  }
  const [{ startHttp }, { headerRulesOf }] = await Promise.all([
    import("./server/http.ts"),
    import("./server/header-rules.ts"),
  ]);
  const server = await startHttp({
    builder,
    policy,
    authRules,
    headerRules: headerRulesOf(settings),
    host: http.host,
    port: http.port,
    path: http.path,
    ssePath: http.ssePath,
    allowedHosts: http.allowedHosts ?? (isLoopbackHost(http.host) ? [] : ["*"]),
    allowedOrigins: http.allowedOrigins ?? [],
    log,
    operations,
    checks,
    metricsForAll: settings.operations.metrics.allowRemote,
  });
  process.stderr.write(`mcp-atlassian listens on ${server.url.href}\n`);
  if (authRules.fallback && !isLoopbackHost(http.host)) {
    process.stderr.write(
      "mcp-atlassian: everyone who reaches this address acts as the configured account " +
        "(ALLOW_GLOBAL_CRED_FALLBACK); put it behind something that knows who may.\n",
    );
  }
  return server;
}

/** On a port of its own, where the operator wants one; also beside stdio. */
async function listenForMetrics(
  { operations: { metrics } }: Settings,
  { operations: { prometheus } }: Runtime,
): Promise<{ close(): Promise<void> } | undefined> {
  if (prometheus === undefined || metrics.port === undefined) return undefined;
  const pages = await import("./server/operations/pages.ts");
  const { host, port } = metrics;
  const allowedHosts = isLoopbackHost(host) ? [] : ["*"];
  const listener = await pages.listenForMetrics(prometheus, { host, port, allowedHosts });
  process.stderr.write(`mcp-atlassian shows metrics at ${listener.url.href}\n`);
  return listener;
}

function stopOnSignals(server: RunningServer): void {
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    process.once(signal, () => void server.stop());
  }
}

type Sandbox = import("./sandbox/server.ts").Sandbox;

async function openSandbox(base?: number): Promise<Sandbox> {
  const { startSandbox } = await import("./sandbox/server.ts");
  try {
    return await startSandbox(base === undefined ? {} : { ports: { base } });
  } catch (error) {
    throw new AtlassianMcpError("config", `The sandbox cannot start: ${String(error)}`, {
      setting: "--port",
      next: "Choose another first port with --port; six ports in a row are used.",
    });
  }
}

/** The settings with both products pointing at the pretend sites, as the pretend company's first user. */
function atSandbox(settings: Settings, sandbox: Sandbox): Settings {
  const deployment = settings.sandbox?.deployment ?? "cloud";
  const env = sandbox.environment(deployment);
  const product = (name: "jira" | "confluence") => {
    const word = name.toUpperCase();
    return {
      ...productDefaults,
      ...settings.products[name],
      product: name,
      deployment,
      url: new URL(env[`${word}_URL`] ?? ""),
      username: env[`${word}_USERNAME`],
      apiToken: env[`${word}_API_TOKEN`],
      personalToken: env[`${word}_PERSONAL_TOKEN`],
    };
  };
  return {
    ...settings,
    products: { jira: product("jira"), confluence: product("confluence") },
    apiUrl: new URL(sandbox.urls.gateway),
    // Nothing real is behind it: whoever reaches this port may play.
    callers: { ...settings.callers, fallback: true },
  };
}

const productDefaults = {
  sslVerify: true,
  timeoutMs: 75_000,
  customHeaders: {},
  passthroughHeaders: [],
  proxies: { no: [] },
  filter: [],
};

const sandboxKinds = [
  ["Cloud", "cloud"],
  ["Data Center", "datacenter"],
  ["Cloud, as an OAuth app", "cloud-oauth"],
  ["Data Center, as an OAuth app", "datacenter-oauth"],
] as const;

async function runSandbox({ port }: { readonly port?: number | undefined }): Promise<void> {
  const sandbox = await openSandbox(port ?? 9700);
  const sections = sandboxKinds.map(([title, kind]) => {
    const lines = Object.entries(sandbox.environment(kind)).map(
      ([name, value]) => `  ${name}=${value}`,
    );
    return `${title}:\n${lines.join("\n")}\n`;
  });
  process.stdout.write(
    `A pretend Atlassian is running. Settings to use it:\n\n${sections.join("\n")}\n` +
      `A second Cloud site that OAuth can open: ${sandbox.urls.cloudLabs}\n\nCtrl-C ends it.\n`,
  );
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const)
      process.once(signal, () => resolve());
  });
  await sandbox.close();
  process.exit();
}

function showNotices(notices: readonly Notice[]): void {
  process.stderr.write(formatNotices(notices));
}

await run(loadSettings({ argv: process.argv.slice(2), env: process.env, cwd: process.cwd() }));
