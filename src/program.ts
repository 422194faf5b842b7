import type { Readable, Writable } from "node:stream";
import type { Loaded } from "./commands/doctor/doctor.ts";
import type { AuthRequest } from "./commands/run.ts";
import type { CommandRequest } from "./config/command-request.ts";
import type { LoadResult } from "./config/load.ts";
import { formatNotices, formatProblems } from "./config/problems.ts";
import type { Settings } from "./config/product.ts";
import { secretsOf } from "./config/secrets.ts";
import { isLoopbackHost } from "./config/site-url.ts";
import { AtlassianMcpError, oneLine } from "./errors.ts";
import { createLogger, type Logger, type LoggerOptions, silentLogger } from "./log.ts";
import { identity } from "./server/identity.ts";
import type { RunningServer } from "./server/stdio.ts";

const failure = 1;
const usageError = 2;

type Input = Readable & { readonly isTTY?: boolean | undefined };
type Output = Writable & { readonly isTTY?: boolean | undefined };

/** What the program has around it. */
export interface Surroundings {
  readonly stdin: Input;
  readonly stdout: Writable;
  readonly stderr: Output;
  /** Registers what to do when somebody wants the program to end. */
  readonly onFirstSignal: (stop: () => void) => void;
  /** Receives each line of the log in place of the process's own stderr. */
  readonly writeLog?: LoggerOptions["write"];
}

export interface Ending {
  /** For the shell. */
  readonly code: number;
  /** Nothing is left to do, although something may still hold the process: a site that hangs, a half-read stdin. */
  readonly isFinal: boolean;
}

/** Does what the command line and the settings ask for, from the first output to the exit code. */
export async function runProgram(loaded: LoadResult, around: Surroundings): Promise<Ending> {
  switch (loaded.kind) {
    case "help": {
      const { helpText } = await import("./config/help.ts");
      around.stdout.write(helpText());
      return done;
    }
    case "version":
      around.stdout.write(`${identity.name} ${identity.version}\n`);
      return done;
    case "errors":
      if (loaded.command.name === "doctor") return doctor(loaded, loaded.command.json, around);
      around.stderr.write(formatNotices(loaded.notices));
      around.stderr.write(formatProblems(loaded.problems));
      return { code: usageError, isFinal: false };
    case "sandbox":
      return orComplain(around, () => runSandbox(loaded.sandbox, around));
    case "settings":
      if (loaded.command.name === "doctor") return doctor(loaded, loaded.command.json, around);
      around.stderr.write(formatNotices(loaded.notices));
      return orComplain(around, () => obey(loaded.command, loaded.settings, around));
  }
}

const done: Ending = { code: 0, isFinal: false };
const ended: Ending = { code: 0, isFinal: true };

async function obey(
  command: CommandRequest,
  settings: Settings,
  around: Surroundings,
): Promise<Ending> {
  switch (command.name) {
    case "auth login":
    case "auth status":
    case "auth logout":
      return signInOrOut(command, settings, around);
    default:
      return serve(settings, around);
  }
}

async function signInOrOut(
  request: AuthRequest,
  settings: Settings,
  around: Surroundings,
): Promise<Ending> {
  const { stdin, stdout, stderr, onFirstSignal } = around;
  const [{ runAuth }, { systemTerminal }] = await Promise.all([
    import("./commands/run.ts"),
    import("./commands/system-terminal.ts"),
  ]);
  const stop = new AbortController();
  onFirstSignal(() => stop.abort());
  const terminal = systemTerminal({ stdin, stdout, stderr, stop });
  return {
    code: await runAuth(request, settings, terminal, logOf(settings, around)),
    isFinal: false,
  };
}

/** Errors of ours are for the person at the terminal; anything else is a defect and shows its stack. */
async function orComplain({ stderr }: Surroundings, work: () => Promise<Ending>): Promise<Ending> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AtlassianMcpError)) throw error;
    const { setting, next } = error.details;
    const text = `mcp-atlassian cannot start: ${error.message}${setting ? ` (${setting})` : ""}.`;
    stderr.write(`${oneLine(text)}\n${oneLine(next ?? "")}\n`);
    return { code: error.code === "config" ? usageError : failure, isFinal: true };
  }
}

async function doctor(loaded: Loaded, json: boolean, around: Surroundings): Promise<Ending> {
  const { runDoctor } = await import("./commands/doctor/doctor.ts");
  const { stdout, stderr } = around;
  const log = loaded.kind === "settings" ? logOf(loaded.settings, around) : silentLogger;
  const progress = stderr.isTTY ? (text: string) => void stderr.write(`${text}\n`) : undefined;
  const { text, exitCode } = await runDoctor(loaded, { json, log, progress });
  await new Promise<void>((resolve) => void stdout.write(text, () => resolve()));
  return { code: exitCode, isFinal: true };
}

function logOf(settings: Settings, { writeLog }: Surroundings): Logger {
  return createLogger({ level: settings.logLevel, secrets: secretsOf(settings), write: writeLog });
}

async function serve(settings: Settings, around: Surroundings): Promise<Ending> {
  const { stderr } = around;
  const log = logOf(settings, around);
  const sandbox = settings.sandbox && (await openSandbox());
  const ready = sandbox ? atSandbox(settings, sandbox) : settings;
  const { certificateProblems } = await import("./server/certificates.ts");
  const problems = await certificateProblems(ready);
  if (problems.length > 0) {
    stderr.write(formatProblems(problems));
    return { code: usageError, isFinal: true };
  }
  const { compose, openOperations } = await import("./server/compose.ts");
  const { ServerBuilder } = await import("./server/build.ts");
  const composition = compose(ready, log, await openOperations(ready, log, around.writeLog));
  const { runtime, notices, close } = composition;
  for (const notice of notices) stderr.write(`mcp-atlassian: ${notice}\n`);
  const authorization = ready.oauthServer && (await openLogins(ready, composition, log));
  const builder = new ServerBuilder(runtime);
  const stopping = new AbortController();
  // Before anybody is told where it listens, so that no signal finds a server that does not know how to end.
  around.onFirstSignal(() => stopping.abort());
  const server = await start(ready, composition, builder, authorization, around);
  if (stopping.signal.aborted) void server.stop();
  stopping.signal.addEventListener("abort", () => void server.stop());
  const metrics = await listenForMetrics(ready, runtime, around);
  await server.done;
  await authorization?.close();
  await Promise.all([close(), sandbox?.close(), metrics?.close()]);
  return ended;
}

type Authorization = import("./server/authorization.ts").AuthorizationServer;

/** Opens the authorization server and lets those who sign in there be served. */
async function openLogins(
  settings: Settings,
  { runtime, outbound, useLogins }: import("./server/compose.ts").Composition,
  log: Logger,
): Promise<Authorization | undefined> {
  const { openAuthorization } = await import("./server/authorization.ts");
  const authorization = await openAuthorization(settings, outbound, runtime.policy, log);
  if (authorization === undefined) return undefined;
  useLogins({
    managerOf: async (grantId) => (await authorization.userGrant(grantId))?.manager,
  });
  return authorization;
}

type Builder = import("./server/build.ts").ServerBuilder;
type Runtime = import("./server/runtime.ts").Runtime;
type Composition = import("./server/compose.ts").Composition;

async function start(
  settings: Settings,
  { runtime: { policy, authRules, log, operations }, checks }: Composition,
  builder: Builder,
  authorization: Authorization | undefined,
  { stdin, stdout, stderr }: Surroundings,
): Promise<RunningServer> {
  const { http } = settings;
  if (http.transport === "stdio") {
    const { startStdio } = await import("./server/stdio.ts");
    return startStdio({ builder, policy, log, stdin, stdout });
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
    authorization,
    host: http.host,
    port: http.port,
    path: http.path,
    ssePath: http.ssePath,
    allowedHosts: allowedHostsOf(settings),
    allowedOrigins: http.allowedOrigins ?? [],
    log,
    operations,
    checks,
    metricsForAll: settings.operations.metrics.allowRemote,
  });
  stderr.write(`mcp-atlassian listens on ${server.url.href}\n`);
  if (authRules.fallback && !isLoopbackHost(http.host)) {
    stderr.write(
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
  { stderr }: Surroundings,
): Promise<{ close(): Promise<void> } | undefined> {
  if (prometheus === undefined || metrics.port === undefined) return undefined;
  const pages = await import("./server/operations/pages.ts");
  const { host, port } = metrics;
  const allowedHosts = isLoopbackHost(host) ? [] : ["*"];
  const listener = await pages.listenForMetrics(prometheus, { host, port, allowedHosts });
  stderr.write(`mcp-atlassian shows metrics at ${listener.url.href}\n`);
  return listener;
}

/** The public address is one of ours. */
function allowedHostsOf({ http, oauthServer }: Settings): readonly string[] {
  const named = http.allowedHosts ?? (isLoopbackHost(http.host) ? [] : ["*"]);
  return oauthServer === undefined ? named : [...named, oauthServer.issuer.host];
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
  proxies: { no: [] },
  filter: [],
};

const sandboxKinds = [
  ["Cloud", "cloud"],
  ["Data Center", "datacenter"],
  ["Cloud, as an OAuth app", "cloud-oauth"],
  ["Data Center, as an OAuth app", "datacenter-oauth"],
] as const;

async function runSandbox(
  { port }: { readonly port?: number | undefined },
  { stdout, onFirstSignal }: Surroundings,
): Promise<Ending> {
  const sandbox = await openSandbox(port ?? 9700);
  const sections = sandboxKinds.map(([title, kind]) => {
    const lines = Object.entries(sandbox.environment(kind)).map(
      ([name, value]) => `  ${name}=${value}`,
    );
    return `${title}:\n${lines.join("\n")}\n`;
  });
  stdout.write(
    `A pretend Atlassian is running. Settings to use it:\n\n${sections.join("\n")}\n` +
      `A second Cloud site that OAuth can open: ${sandbox.urls.cloudLabs}\n\nCtrl-C ends it.\n`,
  );
  await new Promise<void>(onFirstSignal);
  await sandbox.close();
  return ended;
}
