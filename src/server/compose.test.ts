import { describe, expect, it, onTestFinished } from "vitest";
import { loadSettings } from "../config/load.ts";
import { silentLogger } from "../log.ts";
import { compose } from "./compose.ts";

function runtimeFor(argv: readonly string[]) {
  const env = {
    JIRA_URL: "https://acme.atlassian.net",
    JIRA_USERNAME: "ann",
    JIRA_API_TOKEN: "token-of-ann",
  };
  const readFile = (): never => {
    throw Object.assign(new Error("no file"), { code: "ENOENT" });
  };
  const loaded = loadSettings({ argv: [...argv], env, cwd: "/", readFile });
  if (loaded.kind !== "settings") throw new Error(JSON.stringify(loaded));
  const { runtime, close } = compose(loaded.settings, silentLogger);
  onTestFinished(close);
  return runtime;
}

describe("files of the caller", () => {
  it("may be read below the working directory when the server runs on the caller's machine", () => {
    const { jira, confluence } = runtimeFor([]);
    expect([jira.filesRoot, confluence.filesRoot]).toEqual([process.cwd(), process.cwd()]);
  });

  it("cannot be read over HTTP, where the disk is not the caller's", () => {
    const { jira, confluence } = runtimeFor(["--transport", "streamable-http"]);
    expect([jira.filesRoot, confluence.filesRoot]).toEqual([undefined, undefined]);
  });
});
