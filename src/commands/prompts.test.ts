import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { createPrompts } from "./prompts.ts";
import type { Prompts } from "./terminal.ts";

/** Prompts at a terminal where these keys are pressed once a question is shown. */
function typing(...keys: readonly string[]) {
  const input = new PassThrough();
  const output = new PassThrough();
  let shown = "";
  let isAsked = false;
  output.on("data", (chunk: Buffer) => {
    shown += chunk.toString();
    if (isAsked) return;
    isAsked = true;
    setImmediate(() => {
      for (const key of keys) input.write(key);
    });
  });
  const prompts: Prompts = createPrompts(input, output, new AbortController().signal);
  return { prompts, shown: () => shown };
}

describe("questions", () => {
  it("take what is typed, without space around it", async () => {
    const { prompts } = typing(" the-client ", "\r");
    expect(await prompts.text({ message: "Client id" })).toBe("the-client");
  });

  it("take the initial answer when nothing is typed", async () => {
    const { prompts } = typing("\r");
    expect(await prompts.text({ message: "Callback", initial: "http://x" })).toBe("http://x");
  });

  it("ask again until the check is content", async () => {
    const { prompts } = typing("wrong", "\r", "!", "\r");
    const check = (text: string) => (text === "wrong!" ? undefined : "Not so.");
    expect(await prompts.text({ message: "Address", check })).toBe("wrong!");
  });

  it("do not show a secret", async () => {
    const { prompts, shown } = typing("hunter2", "\r");
    expect(await prompts.secret("Client secret")).toBe("hunter2");
    expect(shown()).not.toMatch(/hunter2|h█/);
  });

  it("let one be chosen", async () => {
    const { prompts } = typing("\u001b[B", "\r");
    const options = [
      { value: "jira", label: "Jira" },
      { value: "confluence", label: "Confluence" },
    ] as const;
    expect(await prompts.choose("Which?", options)).toBe("confluence");
  });

  it("can be given up", async () => {
    expect(await typing("\u0003").prompts.text({ message: "Client id" })).toBeUndefined();
    expect(await typing("\u0003").prompts.secret("Client secret")).toBeUndefined();
    expect(await typing("\u0003").prompts.confirm("Sure?")).toBeUndefined();
  });
});
