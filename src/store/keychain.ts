import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import { keychainProblem } from "./problems.ts";

/** The keychain of the operating system, for short secrets (Windows: 2,560 bytes). Each call is time-boxed. */
export interface Keychain {
  /** @throws AtlassianMcpError `config` when it refuses or does not answer in time. */
  read(account: string): Promise<string | undefined>;
  write(account: string, secret: string): Promise<void>;
  delete(account: string): Promise<void>;
}

export interface KeychainOptions {
  readonly platform: NodeJS.Platform;
  /** `DBUS_SESSION_BUS_ADDRESS`. */
  readonly sessionBus: string | undefined;
  /** For one call; default 2 s. */
  readonly timeoutMs?: number | undefined;
  /** Path of the module that talks to the system; default the optional package. */
  readonly module?: string | undefined;
}

const service = "mcp-atlassian";
const defaultTimeoutMs = 2000;

/**
 * The system's keychain, `undefined` where there cannot be one: the optional package is not installed, or a Linux
 * without session bus. One that is there need not work; see {@link isProven}.
 */
export function systemKeychain(options: KeychainOptions): Keychain | undefined {
  const { platform, sessionBus, timeoutMs = defaultTimeoutMs } = options;
  if (platform === "linux" && (sessionBus === undefined || sessionBus === "")) return undefined;
  const module = options.module ?? installedModule();
  if (module === undefined) return undefined;
  const ask = (action: Question["action"], account: string, secret?: string) =>
    askInChild({ module, action, account, secret }, timeoutMs);
  return {
    read: (account) => ask("read", account),
    async write(account, secret) {
      await ask("write", account, secret);
    },
    async delete(account) {
      await ask("delete", account);
    },
  };
}

/** True when the keychain gives back, in another process, what was put into it. Leaves nothing behind. */
export async function isProven(keychain: Keychain): Promise<boolean> {
  const account = `proof-${randomBytes(8).toString("hex")}`;
  const secret = randomBytes(32).toString("base64");
  try {
    await keychain.write(account, secret);
    return (await keychain.read(account)) === secret;
  } catch {
    return false;
  } finally {
    await keychain.delete(account).catch(() => {});
  }
}

function installedModule(): string | undefined {
  try {
    return createRequire(import.meta.url).resolve("@napi-rs/keyring");
  } catch {
    return undefined;
  }
}

interface Question {
  readonly module: string;
  readonly action: "read" | "write" | "delete";
  readonly account: string;
  readonly secret: string | undefined;
}

/**
 * Runs in a process of its own: a locked keychain blocks the thread that asks it until somebody unlocks it, and a
 * process with such a thread cannot even end. On Linux only the Secret Service will do; the kernel's keyring, which the
 * package would fall back to, forgets at logout.
 */
const script = `
  const { module: path, action, account, secret, service } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
  const { Entry } = require(path);
  const entry = new Entry(service, account, { linux: { store: "secret-service" } });
  let value = null;
  if (action === "read") value = entry.getPassword();
  else if (action === "write") entry.setPassword(secret);
  else entry.deletePassword();
  process.stdout.write(JSON.stringify({ value }));
`;

async function askInChild(question: Question, timeoutMs: number): Promise<string | undefined> {
  const child = spawn(process.execPath, ["-e", script], {
    stdio: ["pipe", "pipe", "ignore"],
    timeout: timeoutMs,
    killSignal: "SIGKILL",
    windowsHide: true,
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  // A child that died early is noticed by its exit.
  child.stdin.on("error", () => {});
  child.stdin.end(JSON.stringify({ ...question, service }));
  const exit = await new Promise<number | null | undefined>((resolve) => {
    child.once("error", () => resolve(undefined));
    child.once("close", (code) => resolve(code));
  });
  if (exit === null) throw keychainProblem("silent");
  if (exit !== 0) throw keychainProblem("failed");
  return valueIn(output);
}

function valueIn(output: string): string | undefined {
  const parsed: unknown = JSON.parse(output);
  const value =
    typeof parsed === "object" && parsed !== null && "value" in parsed ? parsed.value : undefined;
  return typeof value === "string" ? value : undefined;
}
