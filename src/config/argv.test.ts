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

  it("knows help and version", () => {
    expect(readCommandLine(["-h"]).help).toBe(true);
    expect(readCommandLine(["auth", "login", "--help"]).help).toBe(true);
    expect(readCommandLine(["--version"]).version).toBe(true);
  });

  it.each([
    [[], ""],
    [["--port=1"], ""],
    [["sandbox", "--port", "9000"], "sandbox"],
    [["auth", "login"], "auth login"],
    [["auth", "login", "--no-browser", "--jira-url=https://a", "--env-file", "x"], "auth login"],
    [["--product", "jira", "auth", "--paste", "login", "-v"], "auth login"],
    [["auth", "status", "--json", "--product=jira"], "auth status"],
    [["auth", "logout"], "auth logout"],
    [["doctor", "--json", "--oauth-cloud-id=x"], "doctor"],
    [["--oauth-setup"], "auth login"],
    [["--oauth-setup", "--paste", "--timeout=5"], "auth login"],
    [["--oauth-setup=yes"], "auth login"],
    [["--oauth-setup=false"], ""],
    [["auth", "login", "--oauth-setup"], "auth login"],
  ])("takes %j for the command %j", (argv, words) => {
    const line = readCommandLine(argv);
    expect([line.command.words, line.problems]).toEqual([words, []]);
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
    [["sandbox", "--jira-url=x"], "--jira-url", "does not belong to the command sandbox"],
    [["sandbox", "--json"], "--json", "does not belong to the command sandbox"],
    [["--no-browser"], "--no-browser", "belongs to the command auth login"],
    [["--json"], "--json", "belongs to the command auth status"],
    [["--product=jira"], "--product", "belongs to the command auth login"],
    [["auth", "logout", "--json"], "--json", "does not belong to the command auth logout"],
    [["auth", "status", "--paste"], "--paste", "does not belong to the command auth status"],
    [["auth", "login", "--sandbox"], "--sandbox", "does not belong to the command auth login"],
    [["doctor", "--site=x"], "--site", "does not belong to the command doctor"],
    [["doctor", "--oauth-setup"], "--oauth-setup", "does not belong to the command doctor"],
    [["auth"], "auth", "needs one of the words login, status and logout after it"],
    [["auth", "s3cret"], "auth", "needs one of the words login, status and logout after it"],
    [["auth", "login", "s3cret"], "argument 3", "is neither a flag nor a command"],
    [["login"], "argument 1", "is neither a flag nor a command"],
    [["auth", "login", "--product"], "--product", "needs a value"],
  ])("refuses %j", (argv, setting, problem) => {
    const { problems } = readCommandLine(argv);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ setting, problem });
    expect(JSON.stringify(problems)).not.toContain("s3cret");
  });

  it("suggests a command", () => {
    expect(readCommandLine(["sandbx"]).problems[0]?.remedy).toBe("Did you mean sandbox?");
    expect(readCommandLine(["docter"]).problems[0]?.remedy).toBe("Did you mean doctor?");
    expect(readCommandLine(["aut"]).problems[0]?.remedy).toBe("Did you mean auth?");
  });
});
