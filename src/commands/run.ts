import type { CommandRequest } from "../config/command-request.ts";
import type { Settings } from "../config/product.ts";
import type { Logger } from "../log.ts";
import { runLogin } from "./login.ts";
import { runLogout } from "./logout.ts";
import { openOutside } from "./outside.ts";
import { runStatus } from "./status.ts";
import type { ExitCode, Terminal } from "./terminal.ts";

export type AuthRequest = Extract<CommandRequest, { readonly name: `auth ${string}` }>;

/** Runs an `auth` command to its exit code. */
export function runAuth(
  request: AuthRequest,
  settings: Settings,
  terminal: Terminal,
  log: Logger,
): Promise<ExitCode> {
  const outside = openOutside(settings, log);
  switch (request.name) {
    case "auth login":
      return runLogin({ settings, flags: request, terminal, outside });
    case "auth status":
      return runStatus({ settings, flags: request, terminal, outside });
    case "auth logout":
      return runLogout({ settings, flags: request, terminal, outside });
  }
}
