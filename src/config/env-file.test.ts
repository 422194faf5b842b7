import { describe, expect, it } from "vitest";
import { readEnvFile } from "./env-file.ts";

describe("readEnvFile", () => {
  it("reads names, quotes, export and comments, also behind a byte order mark", () => {
    const { entries, notices } = readEnvFile(
      `\uFEFFJIRA_URL=https://a.example.com\r\n# comment\nexport A="x y"\nB='p#q' # why\nC=\n`,
      ".env",
    );
    expect(Object.fromEntries(entries)).toEqual({
      JIRA_URL: "https://a.example.com",
      A: "x y",
      B: "p#q",
      C: "",
    });
    expect(notices).toEqual([]);
  });

  it("keeps the setting that follows a line without an equals sign, and names the line", () => {
    const { entries, notices } = readEnvFile("A=1\nnonsense here\nB=2\n", "my.env");
    expect(Object.fromEntries(entries)).toEqual({ A: "1", B: "2" });
    expect(notices.map(({ message }) => message)).toEqual([
      "Line 2 of my.env is not of the form NAME=value.",
    ]);
  });

  it("warns of a value that is cut at its #, without showing it", () => {
    const { entries, notices } = readEnvFile("JIRA_API_TOKEN=pass#word\nX=1 # note\n", ".env");
    expect(entries.get("JIRA_API_TOKEN")).toBe("pass");
    expect(notices).toEqual([
      {
        setting: "JIRA_API_TOKEN",
        message:
          "The value of JIRA_API_TOKEN in .env ends at its #. Put the value in quotes to keep all of it.",
      },
    ]);
  });
});
