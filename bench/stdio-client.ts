import { type ChildProcess, spawn } from "node:child_process";
import { memoryOf } from "./process.ts";

/** A minimal MCP client over stdio: writes lines, waits for answers by id. It adds nothing to what is measured. */
export class StdioClient {
  readonly child: ChildProcess;
  readonly #waiting = new Map<number, (message: Answer) => void>();
  #buffer = "";
  #id = 0;

  constructor(command: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const [program = process.execPath, ...args] = command;
    this.child = spawn(program, args, {
      stdio: ["pipe", "pipe", "ignore"],
      env: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "", ...env },
    });
    this.child.stdout?.setEncoding("utf8").on("data", (chunk: string) => this.#read(chunk));
  }

  /** The handshake of 2025-06-18, which every server understands. */
  async open(): Promise<void> {
    await this.request("initialize", {
      protocolVersion: "2025-06-18",
      capabilities: {},
      clientInfo: { name: "bench", version: "1" },
    });
    this.#write({ jsonrpc: "2.0", method: "notifications/initialized" });
  }

  request(method: string, params: object = {}): Promise<Answer> {
    const id = ++this.#id;
    const answer = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    this.#write({ jsonrpc: "2.0", id, method, params });
    return answer;
  }

  call(name: string, args: object): Promise<Answer> {
    return this.request("tools/call", { name, arguments: args });
  }

  /** Megabytes of the process: now, and at its highest. Linux only. */
  memory(): { rssMb: number; peakMb: number } {
    return memoryOf(this.child.pid ?? 0);
  }

  close(): Promise<void> {
    const ended = new Promise<void>((resolve) => this.child.once("exit", () => resolve()));
    this.child.kill("SIGKILL");
    return ended;
  }

  #write(message: object): void {
    this.child.stdin?.write(`${JSON.stringify(message)}\n`);
  }

  #read(chunk: string): void {
    const lines = (this.#buffer + chunk).split("\n");
    this.#buffer = lines.pop() ?? "";
    for (const line of lines) {
      const message = JSON.parse(line) as Answer;
      this.#waiting.get(message.id)?.(message);
      this.#waiting.delete(message.id);
    }
  }
}

export interface Answer {
  readonly id: number;
  readonly result?: { readonly isError?: boolean; readonly [key: string]: unknown };
  readonly error?: { readonly message: string };
}
