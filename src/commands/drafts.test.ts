import { describe, expect, it } from "vitest";
import { settingsOf } from "../../test/fakes/command-world.ts";
import type { Product } from "../config/setting.ts";
import { missingAnswers } from "./answers.ts";
import { draftsOf } from "./drafts.ts";

const app = { ATLASSIAN_OAUTH_CLIENT_ID: "one", ATLASSIAN_OAUTH_CLIENT_SECRET: "s" };
const cloud = {
  JIRA_URL: "https://a.atlassian.net",
  CONFLUENCE_URL: "https://a.atlassian.net/wiki",
};
const atHome = { JIRA_URL: "https://jira.corp", CONFLUENCE_URL: "https://wiki.corp" };
const ownApps = {
  JIRA_OAUTH_CLIENT_ID: "j",
  JIRA_OAUTH_CLIENT_SECRET: "s",
  CONFLUENCE_OAUTH_CLIENT_ID: "c",
  CONFLUENCE_OAUTH_CLIENT_SECRET: "s",
};

/** Client, deployment and products of each sign-in, in one line. */
function signIns(env: Record<string, string>, only?: Product): string[] {
  return draftsOf(settingsOf(env), only).map(
    ({ parts, deployment, products, prefix }) =>
      `${parts.clientId ?? "?"} ${deployment} ${products.join("+")} ${prefix}`,
  );
}

describe("the sign-ins that settings speak of", () => {
  it.each<[string, Record<string, string>, Product | undefined, string[]]>([
    ["one app on Cloud", { ...cloud, ...app }, undefined, ["one cloud jira+confluence ATLASSIAN"]],
    ["an app and no address", app, undefined, ["one cloud jira+confluence ATLASSIAN"]],
    [
      "two apps on Cloud",
      { ...cloud, ...ownApps },
      undefined,
      ["j cloud jira JIRA", "c cloud confluence CONFLUENCE"],
    ],
    [
      "two on Data Center",
      { ...atHome, ...ownApps },
      undefined,
      ["j datacenter jira JIRA", "c datacenter confluence CONFLUENCE"],
    ],
    ["one of two", { ...atHome, ...ownApps }, "confluence", ["c datacenter confluence CONFLUENCE"]],
    [
      "one product with an app and one without",
      {
        ...atHome,
        JIRA_OAUTH_CLIENT_ID: "j",
        JIRA_OAUTH_CLIENT_SECRET: "s",
        CONFLUENCE_PERSONAL_TOKEN: "p",
      },
      undefined,
      ["j datacenter jira JIRA"],
    ],
    [
      "one product alone",
      { JIRA_URL: "https://jira.corp", ...app },
      undefined,
      ["one datacenter jira ATLASSIAN"],
    ],
    [
      "no app so far",
      { JIRA_URL: "https://jira.corp" },
      undefined,
      ["? datacenter jira ATLASSIAN"],
    ],
    ["nothing", {}, undefined, []],
  ])("%s", (_, env, only, expected) => {
    expect(signIns(env, only)).toEqual(expected);
  });
});

describe("what is missing", () => {
  it.each<[string, Record<string, string>, string[]]>([
    ["nothing set", {}, ["JIRA_URL", "ATLASSIAN_OAUTH_CLIENT_ID", "ATLASSIAN_OAUTH_CLIENT_SECRET"]],
    [
      "an app without secret",
      { ...cloud, ATLASSIAN_OAUTH_CLIENT_ID: "one" },
      ["ATLASSIAN_OAUTH_CLIENT_SECRET"],
    ],
    [
      "halves of two apps",
      { ...atHome, JIRA_OAUTH_CLIENT_ID: "j", CONFLUENCE_OAUTH_CLIENT_SECRET: "s" },
      ["JIRA_OAUTH_CLIENT_SECRET", "CONFLUENCE_OAUTH_CLIENT_ID"],
    ],
    ["everything set", { ...cloud, ...app }, []],
  ])("with %s", (_, env, expected) => {
    const missing = missingAnswers(draftsOf(settingsOf(env), undefined), undefined);
    expect(missing.map(({ setting }) => setting)).toEqual(expected);
  });
});
