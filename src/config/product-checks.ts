import { deploymentOf } from "./build.ts";
import { type Checked, problemOf, type Verdict } from "./checks.ts";
import type { Notice, Problem } from "./problems.ts";
import { type ProductWords, productWords } from "./setting.ts";
import { deploymentOfHost, isLoopbackHost, siteBase } from "./site-url.ts";

/** Sites and credentials of both products, and whether there is anything to serve. */
export function checkProducts(checked: Checked): Verdict {
  const words = Object.values(productWords);
  const verdicts = words.map((product) => checkProduct(checked, product));
  const problems = verdicts.flatMap((verdict) => verdict.problems);
  const notices = verdicts.flatMap((verdict) => verdict.notices);
  const { values, written } = checked;
  if (words.some(({ env }) => written.has(`${env}_URL`)) || problems.length > 0) {
    return { problems, notices };
  }
  const oauth = words.map(({ env }) => oauthCredential(checked, env)).find((name) => name);
  if (oauth !== undefined) return { problems: [oauthOnly(checked, oauth, "")], notices };
  const remedy =
    "Set JIRA_URL or CONFLUENCE_URL with credentials, or try --sandbox, which needs neither.";
  if (values.word("TRANSPORT") === "stdio") {
    const message = `No product is configured, so only tools that need none are offered. ${remedy}`;
    return { problems, notices: [...notices, { setting: "JIRA_URL", message }] };
  }
  return {
    problems: [problemOf(checked, "JIRA_URL", "no product is configured", remedy)],
    notices,
  };
}

function checkProduct(checked: Checked, words: ProductWords): Verdict {
  const { values, written } = checked;
  const { env } = words;
  const url = values.url(`${env}_URL`);
  if (url !== undefined) {
    return merge([checkSite(checked, words, url), checkCredentials(checked, words, url)]);
  }
  // A URL that could not be read has its own problem already, but its credentials may have more.
  if (written.has(`${env}_URL`)) return checkPair(checked, env);
  const credential = ["USERNAME", "API_TOKEN", "PERSONAL_TOKEN"]
    .map((suffix) => `${env}_${suffix}`)
    .find((name) => values.isGiven(name));
  if (credential === undefined) return none;
  const problem = `is missing although ${credential} is set`;
  const remedy = `Set ${env}_URL to the address of the site, or remove ${credential}.`;
  return merge([
    { problems: [problemOf(checked, `${env}_URL`, problem, remedy)], notices: [] },
    checkPair(checked, env),
  ]);
}

const none: Verdict = { problems: [], notices: [] };

/** User name and password belong together, unless a personal token makes both superfluous. */
function checkPair(checked: Checked, env: string): Verdict {
  const [user, token] = [`${env}_USERNAME`, `${env}_API_TOKEN`];
  const hasUser = checked.values.isGiven(user);
  if (hasUser === checked.values.isGiven(token)) return none;
  if (checked.values.isGiven(`${env}_PERSONAL_TOKEN`)) return none;
  const [here, missing] = hasUser ? [user, token] : [token, user];
  const secret = hasUser ? undefined : true;
  const remedy = `Set ${missing} too, or remove ${here}.`;
  return {
    problems: [problemOf(checked, here, `is set without ${missing}`, remedy, secret)],
    notices: [],
  };
}

function checkSite(checked: Checked, { env, product, title }: ProductWords, url: URL): Verdict {
  const { values } = checked;
  const name = `${env}_URL`;
  const problems: Problem[] = [];
  const notices: Notice[] = [];
  const byHost = deploymentOfHost(url.hostname);
  if (byHost === "cloud" && values.text(`${env}_DEPLOYMENT`) === "datacenter") {
    const problem = `says Data Center, but ${url.hostname} belongs to Atlassian Cloud`;
    problems.push(
      problemOf(checked, `${env}_DEPLOYMENT`, problem, `Correct ${name}, or remove it.`),
    );
  }
  if (url.protocol === "http:" && byHost === "cloud") {
    const remedy = `Write https://${url.host}.`;
    problems.push(problemOf(checked, name, "uses http, but Cloud is reached by https", remedy));
  } else if (url.protocol === "http:" && !isLoopbackHost(url.hostname)) {
    const message = `${name} uses http: credentials and contents travel unencrypted to ${url.host}.`;
    notices.push({ setting: name, message });
  }
  const { url: base, dropped } = siteBase(url, product, deploymentOf(values, env, url));
  if (dropped !== undefined) {
    const message = `The path ${dropped} is no part of a Cloud site's address; ${title} is used at ${base.href}.`;
    notices.push({ setting: name, message });
  } else if (url.search !== "" || url.hash !== "") {
    const message = `The query and fragment of ${name} are left out; ${title} is used at ${base.origin}${base.pathname}.`;
    notices.push({ setting: name, message });
  }
  if (!values.isOn(`${env}_SSL_VERIFY`)) {
    const message = `Certificates of ${url.host} are not checked: anyone on the way can read and change what is sent. ATLASSIAN_CA_BUNDLE adds a private authority instead.`;
    notices.push({ setting: `${env}_SSL_VERIFY`, message });
  }
  return { problems, notices };
}

function checkCredentials(checked: Checked, words: ProductWords, url: URL): Verdict {
  const { values } = checked;
  const { env, title } = words;
  const has = (suffix: string) => values.isGiven(`${env}_${suffix}`);
  const forced = values.text(`${env}_AUTH`);
  const problems: Problem[] = [];
  const notices: Notice[] = [];
  const refuse = (suffix: string, problem: string, remedy: string, secret?: true) =>
    problems.push(problemOf(checked, `${env}_${suffix}`, problem, remedy, secret));
  if (has("PERSONAL_TOKEN") && deploymentOf(values, env, url) === "cloud") {
    const remedy = `Use ${env}_USERNAME with ${env}_API_TOKEN instead.`;
    refuse("PERSONAL_TOKEN", "is set, but Cloud has no personal access tokens", remedy, true);
  }
  if (forced === "pat" && !has("PERSONAL_TOKEN")) {
    refuse("AUTH", "asks for a token that is missing", `Set ${env}_PERSONAL_TOKEN.`);
  }
  if (forced === "basic" && !(has("USERNAME") && has("API_TOKEN"))) {
    const remedy = `Set ${env}_USERNAME and ${env}_API_TOKEN.`;
    refuse("AUTH", "asks for credentials that are missing", remedy);
  }
  if (forced === undefined && has("PERSONAL_TOKEN") && has("API_TOKEN")) {
    const message = `${title} is reached with ${env}_PERSONAL_TOKEN, not with ${env}_API_TOKEN; ${env}_AUTH=basic turns that round.`;
    notices.push({ setting: `${env}_PERSONAL_TOKEN`, message });
  }
  const hasAny = ["PERSONAL_TOKEN", "USERNAME", "API_TOKEN"].some(has);
  const rest =
    hasAny || problems.length > 0 ? checkPair(checked, env) : checkAbsence(checked, words);
  return merge([{ problems, notices }, rest]);
}

/** A site without credentials of the operator: fine where callers bring theirs. */
function checkAbsence(checked: Checked, { env, title }: ProductWords): Verdict {
  const { values } = checked;
  const oauth = oauthCredential(checked, env);
  if (oauth !== undefined)
    return { problems: [oauthOnly(checked, oauth, ` for ${title}`)], notices: [] };
  if (values.word("TRANSPORT") === "stdio") {
    const remedy = `Set ${env}_USERNAME and ${env}_API_TOKEN (Cloud, or Data Center with a password), or ${env}_PERSONAL_TOKEN (Data Center).`;
    return {
      problems: [problemOf(checked, `${env}_URL`, `is set without credentials`, remedy)],
      notices: [],
    };
  }
  if (!values.isOn("ALLOW_GLOBAL_CRED_FALLBACK")) return none;
  const message = `ALLOW_GLOBAL_CRED_FALLBACK has nothing to fall back to for ${title}: no credentials are set.`;
  return { problems: [], notices: [{ setting: "ALLOW_GLOBAL_CRED_FALLBACK", message }] };
}

function oauthCredential({ values }: Checked, env: string): string | undefined {
  const names = [
    `${env}_OAUTH_ACCESS_TOKEN`,
    "ATLASSIAN_OAUTH_ACCESS_TOKEN",
    `${env}_OAUTH_CLIENT_ID`,
    "ATLASSIAN_OAUTH_CLIENT_ID",
  ];
  return names.find((name) => values.isGiven(name));
}

function oauthOnly(checked: Checked, name: string, where: string): Problem {
  return problemOf(
    checked,
    name,
    `is the only credential${where}, and OAuth is not available in this version`,
    "Set a user name with an API token (Cloud) or a personal access token (Data Center).",
    true,
  );
}

function merge(verdicts: readonly Verdict[]): Verdict {
  return {
    problems: verdicts.flatMap((verdict) => verdict.problems),
    notices: verdicts.flatMap((verdict) => verdict.notices),
  };
}
