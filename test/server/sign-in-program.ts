import type { Sandbox } from "../../src/sandbox/server.ts";
import { freePort } from "../fakes/loopback.ts";
import { type HttpProgram, startHttpProgram } from "./harness.ts";
import { proxyEnv } from "./onboarding.ts";

/** The binary as a service at which clients sign their users in by themselves. */
export interface SignInProgram extends HttpProgram {
  /** Without a trailing slash. */
  readonly issuer: string;
}

/** Serves `/sse` too. */
export async function startSignInProgram(sandbox: Sandbox): Promise<SignInProgram> {
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const env = { ...proxyEnv(sandbox, issuer), ATLASSIAN_STORE_URL: "memory:" };
  const program = await startHttpProgram(env, ["--transport", "sse", "--port", String(port)]);
  return { ...program, url: `${issuer}/mcp`, issuer };
}
