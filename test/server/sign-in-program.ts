import { createServer } from "node:net";
import type { Sandbox } from "../../src/sandbox/server.ts";
import { type HttpProgram, startHttpProgram } from "./harness.ts";

/** The binary as a service at which clients sign their users in by themselves. */
export interface SignInProgram extends HttpProgram {
  /** Without a trailing slash. */
  readonly issuer: string;
}

export async function startSignInProgram(sandbox: Sandbox): Promise<SignInProgram> {
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  sandbox.login.register({ redirectUri: `${issuer}/callback` });
  const program = await startHttpProgram(
    {
      ...sandbox.environment("cloud-oauth"),
      ATLASSIAN_OAUTH_PROXY_ENABLE: "true",
      PUBLIC_BASE_URL: issuer,
      ATLASSIAN_STORE_URL: "memory:",
    },
    ["--transport", "sse", "--port", String(port)],
  );
  return { ...program, url: program.url.replace(/sse$/, "mcp"), issuer };
}

/** The address must be known before the server listens, because its callback is registered at Atlassian. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
