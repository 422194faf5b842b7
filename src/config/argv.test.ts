import { describe, expect, it } from "vitest";
import { readCommandLine } from "./argv.ts";

function valuesOf(...argv: string[]): Record<string, string> {
  const line = readCommandLine(argv);
  expect(line.problems).toEqual([]);
  return Object.fromEntries(line.values);
}

describe("readCommandLine", () => {
  it("reads values behind a blank or an equals sign; the last one counts", () => {
    expect(valuesOf("--jira-url", "https://a", "--port=1", "--port", "2", "--path=")).toEqual({
      "--jira-url": "https://a",
      "--port": "2",
      "--path": "",
    });
  });

  it("takes a value that starts with a dash unless it is a flag", () => {
    expect(valuesOf("--jira-token", "-abc", "--jira-username=--x")).toEqual({
      "--jira-token": "-abc",
      "--jira-username": "--x",
    });
  });

  it("reads switches in all their forms", () => {
    expect(valuesOf("--read-only", "--no-jira-ssl-verify", "--stateless=off")).toEqual({
      "--read-only": "true",
      "--jira-ssl-verify": "false",
      "--stateless": "off",
    });
  });

  it.each([
    [["-v"], 1],
    [["-vv"], 2],
    [["-v", "--verbose", "-v"], 3],
    [[], 0],
  ])("counts verbosity of %j", (argv, verbosity) => {
    expect(readCommandLine(argv).verbosity).toBe(verbosity);
  });

  it("knows help, version and the sandbox command", () => {
    expect(readCommandLine(["-h"]).help).toBe(true);
    expect(readCommandLine(["--help"]).help).toBe(true);
    expect(readCommandLine(["--version"]).version).toBe(true);
    const line = readCommandLine(["sandbox", "--port", "9000"]);
    expect([line.command, line.values.get("--port"), line.problems]).toEqual([
      "sandbox",
      "9000",
      [],
    ]);
  });

  it.each([
    [["--jira-tokn", "s3cret"], "--jira-tokn", "Did you mean --jira-token?"],
    [["--prot=1"], "--prot", "Did you mean --port?"],
    [["--no-read-onli"], "--no-read-onli", "See --help for all flags."],
    [["-ps3cret"], "-p…", "See --help for all flags."],
    [["--S3cret_value!"], "--…", "See --help for all flags."],
  ])("refuses the unknown flag in %j", (argv, setting, remedy) => {
    expect(readCommandLine(argv).problems).toEqual([
      { setting, found: "(hidden)", problem: "is not a known flag", remedy },
    ]);
  });

  it.each([
    [["--jira-url"], "--jira-url", "needs a value"],
    [["--jira-url", "--read-only"], "--jira-url", "needs a value"],
    [["--read-only", "true"], "argument 2", "is neither a flag nor a command"],
    [["sandbox", "--jira-url=x"], "--jira-url", "does not belong to the sandbox command"],
  ])("refuses %j", (argv, setting, problem) => {
    const { problems } = readCommandLine(argv);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ setting, problem });
  });

  it("suggests a command", () => {
    expect(readCommandLine(["sandbx"]).problems[0]?.remedy).toBe("Did you mean sandbox?");
  });
});
