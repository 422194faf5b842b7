import { expect, it } from "vitest";
import { examineSettings } from "./settings.ts";

const origins = new Map([
  ["JIRA_URL", "environment"],
  ["JIRA_USERNAME", "environment"],
  ["JIRA_API_TOKEN", "JIRA_API_TOKEN_FILE, environment"],
  ["ATLASSIAN_OAUTH_CLIENT_ID", ".env"],
  ["ATLASSIAN_STORE_KEY", ".env"],
  ["HTTPS_PROXY", ".env"],
  ["PORT", "command line"],
]);

it("names the places of credentials, and nothing that is none", () => {
  const { findings } = examineSettings([], [], origins);
  expect(findings.map(({ text }) => text)).toEqual([
    "7 settings, all usable; from environment; JIRA_API_TOKEN_FILE, environment; .env; command line",
    "from environment: JIRA_USERNAME",
    "from JIRA_API_TOKEN_FILE, environment: JIRA_API_TOKEN",
    "from .env: ATLASSIAN_OAUTH_CLIENT_ID, ATLASSIAN_STORE_KEY",
  ]);
});

it("tells every problem with its remedy, and every notice", () => {
  const wrong = {
    setting: "PORT",
    found: '"80a"',
    problem: "is not a number",
    remedy: "Write 80.",
  };
  const { findings } = examineSettings(
    [{ ...wrong, source: "environment" }],
    [{ setting: "JIRA_PAT", message: "JIRA_PAT is not known here." }],
    new Map(),
  );
  expect(findings).toMatchObject([
    {
      outcome: "problem",
      text: 'PORT (from environment) is not a number; found: "80a"',
      remedy: "Write 80.",
      setting: "PORT",
    },
    { outcome: "warning", text: "JIRA_PAT is not known here.", setting: "JIRA_PAT" },
  ]);
});
