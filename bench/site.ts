import { spawn } from "node:child_process";

/** The pretend Cloud site in a process of its own, as a real one would be. */
export interface Site {
  readonly env: Readonly<Record<string, string>>;
  readonly authorization: string;
  close(): Promise<void>;
}

export async function startSite(binary: string): Promise<Site> {
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const child = spawn(process.execPath, [binary, "sandbox", "--port", String(port)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let text = "";
  for await (const chunk of child.stdout) {
    text += String(chunk);
    if (text.includes("Ctrl-C")) break;
  }
  const cloud = text.slice(text.indexOf("Cloud:"), text.indexOf("Data Center:"));
  const env = Object.fromEntries(
    [...cloud.matchAll(/^\s+(\w+)=(\S+)$/gm)].map(([, name, value]) => [name, value]),
  );
  const account = `${env["JIRA_USERNAME"]}:${env["JIRA_API_TOKEN"]}`;
  return {
    env,
    authorization: `Basic ${Buffer.from(account).toString("base64")}`,
    close: () => {
      child.kill("SIGTERM");
      return ended;
    },
  };
}
