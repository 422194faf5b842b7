import type { CommandRequest } from "../config/command-request.ts";
import type { Settings } from "../config/product.ts";
import { runLogin } from "./login.ts";
import { runLogout } from "./logout.ts";
import { runStatus } from "./status.ts";
import type { ExitCode, Terminal } from "./terminal.ts";

export type AuthRequest = Extract<CommandRequest, { readonly name: `auth ${string}` }>;

/** Runs an `auth` command to its exit code. */
export function runAuth(
  request: AuthRequest,
  settings: Settings,
  terminal: Terminal,
): Promise<ExitCode> {
  switch (request.name) {
    case "auth login":
      return runLogin({ settings, flags: request, terminal });
    case "auth status":
      return runStatus({ settings, flags: request, terminal });
    case "auth logout":
      return runLogout({ settings, flags: request, terminal });
  }
}
