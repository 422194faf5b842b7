import { startSandbox } from "../../src/sandbox/server.ts";
import { freePort } from "../fakes/loopback.ts";
import type { Report } from "../programs/report.ts";
import { stop } from "../server/harness.ts";
import { letIn } from "../server/onboarding.ts";
import { startSignInProgram } from "../server/sign-in-program.ts";
import type { Suite } from "./suite.ts";

/** Runs the suite's scenarios for authorization servers against the built program, in front of the sandbox. */
export async function checkAuthorization(
  suite: Suite,
  report: Report,
  revision: string,
): Promise<void> {
  const sandbox = await startSandbox();
  const server = await startSignInProgram(sandbox);
  try {
    await report.check(`authorization server, ${revision}`, async () => {
      const port = await freePort();
      const clientId = await registerClient(server.issuer, `http://127.0.0.1:${port}/callback`);
      let visit: Promise<unknown> | undefined;
      const { code, output } = await suite.run(
        [
          "authorization",
          ...["--url", server.issuer],
          ...["--client-id", clientId],
          ...["--port", String(port)],
          ...["--resource", server.url],
          ...["--spec-version", revision],
        ],
        {
          onOutput(text) {
            const url = /^\s*(https?:\/\/\S+[?&]code_challenge=\S+)$/m.exec(text)?.[1];
            if (url === undefined || !/callback server started/i.test(text)) return;
            // Failing to sign in shows as a suite that waits in vain; its own error says more.
            visit ??= letIn(url, { sites: sandbox.cloudId })
              .then((callback) => fetch(callback))
              .catch((error: unknown) => error);
          },
        },
      );
      const seen = await visit;
      if (seen instanceof Error) throw seen;
      const [, passed, failed] = /^Total: (\d+) passed, (\d+) failed/m.exec(output) ?? [];
      const isGood = code === 0 && failed === "0" && Number(passed) >= 3 && visit !== undefined;
      if (!isGood) throw new Error(`exit code ${code}: ${output.slice(-1500)}`);
      return `${passed} checks`;
    });
  } finally {
    await stop(server);
    await sandbox.close();
  }
}

async function registerClient(issuer: string, redirectUri: string): Promise<string> {
  const response = await fetch(`${issuer}/register`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      client_name: "conformance",
      redirect_uris: [redirectUri],
      token_endpoint_auth_method: "none",
    }),
  });
  const { client_id: id } = (await response.json()) as { client_id?: string };
  if (id === undefined) throw new Error(`registration was answered with ${response.status}`);
  return id;
}
