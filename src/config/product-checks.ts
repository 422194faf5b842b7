import { deploymentOf, isReachedById } from "./build.ts";
import { type Checked, problemOf, type Verdict } from "./checks.ts";
import { checkCredentials, checkHalves } from "./credential-checks.ts";
import type { Notice, Problem } from "./problems.ts";
import { type ProductWords, productWords } from "./setting.ts";
import { deploymentOfHost, isLoopbackHost, siteBase } from "./site-url.ts";

/**
 * Sites and credentials of both products, and whether there is anything to serve. For `auth` commands, which are there
 * to obtain what is missing, the sites alone.
 */
export function checkProducts(checked: Checked, purpose: "serve" | "auth"): Verdict {
  const words = Object.values(productWords);
  if (purpose === "auth") return merge(words.map((product) => checkAddress(checked, product)));
  const verdict = merge([
    ...words.map((product) => checkProduct(checked, product)),
    shared(checked),
  ]);
  const { values, written } = checked;
  const hasAddress = words.some(({ env }) => written.has(`${env}_URL`));
  if (hasAddress || verdict.problems.length > 0 || isReachedById(values)) return verdict;
  // Callers may bring the site's address along.
  if (values.word("TRANSPORT") !== "stdio" && values.isGiven("MCP_ALLOWED_URL_DOMAINS")) {
    return verdict;
  }
  const remedy =
    "Set JIRA_URL or CONFLUENCE_URL with credentials, or try --sandbox, which needs neither.";
  if (values.word("TRANSPORT") === "stdio") {
    const message = `No product is configured, so only tools that need none are offered. ${remedy}`;
    return merge([verdict, { problems: [], notices: [{ setting: "JIRA_URL", message }] }]);
  }
  const problem = problemOf(checked, "JIRA_URL", "no product is configured", remedy);
  return merge([verdict, { problems: [problem], notices: [] }]);
}

function checkAddress(checked: Checked, words: ProductWords): Verdict {
  const url = checked.values.url(`${words.env}_URL`);
  return url === undefined ? none : checkSite(checked, words, url);
}

function checkProduct(checked: Checked, words: ProductWords): Verdict {
  const { values, written } = checked;
  const { env } = words;
  const url = values.url(`${env}_URL`);
  if (url !== undefined) {
    return merge([checkSite(checked, words, url), checkCredentials(checked, words, url)]);
  }
  const halves = { problems: checkHalves(checked, env), notices: [] };
  // A URL that could not be read has its own problem already, but its credentials may have more.
  if (written.has(`${env}_URL`)) return halves;
  const credential = ["USERNAME", "API_TOKEN", "PERSONAL_TOKEN", "CLIENT_CERT"]
    .map((suffix) => `${env}_${suffix}`)
    .find((name) => values.isGiven(name));
  if (credential === undefined) return halves;
  const problem = `is missing although ${credential} is set`;
  const remedy = `Set ${env}_URL to the address of the site, or remove ${credential}.`;
  return merge([
    { problems: [problemOf(checked, `${env}_URL`, problem, remedy)], notices: [] },
    halves,
  ]);
}

/** Secrets that both products share must not reach two hosts: each is meant for one of them at most. */
function shared(checked: Checked): Verdict {
  const { values } = checked;
  const hosts = (suffix: string, usedBy: readonly string[]) =>
    Object.values(productWords).flatMap(({ env }) => {
      const url = values.url(`${env}_URL`);
      const auth = values.text(`${env}_AUTH`);
      if (url === undefined || values.isGiven(`${env}_${suffix}`)) return [];
      if (auth !== undefined && !usedBy.includes(auth)) return [];
      return deploymentOf(values, env, url) === "cloud" ? ["Atlassian Cloud"] : [url.host];
    });
  const sharable = [
    ["OAUTH_ACCESS_TOKEN", ["token"]],
    ["OAUTH_CLIENT_ID", ["oauth", "service-account"]],
  ] as const;
  const verdicts = sharable.map(([suffix, usedBy]): Verdict => {
    const name = `ATLASSIAN_${suffix}`;
    const [one, other] = hosts(suffix, usedBy);
    if (!values.isGiven(name) || one === undefined || other === undefined || one === other) {
      return none;
    }
    const remedy = `Use JIRA_${suffix} and CONFLUENCE_${suffix} instead.`;
    const what = `is one credential for two places, ${one} and ${other}`;
    if (suffix === "OAUTH_CLIENT_ID") {
      return { problems: [], notices: [{ setting: name, message: `${name} ${what}. ${remedy}` }] };
    }
    return { problems: [problemOf(checked, name, what, remedy, true)], notices: [] };
  });
  return merge([...verdicts, oneSite(checked)]);
}

/** The configured cloud id holds for both products: with two sites one of them would be at the wrong one. */
function oneSite(checked: Checked): Verdict {
  const { values } = checked;
  const name = "ATLASSIAN_OAUTH_CLOUD_ID";
  const sites = Object.values(productWords).flatMap(({ env }) => {
    const url = values.url(`${env}_URL`);
    return url && deploymentOf(values, env, url) === "cloud" ? [url.host] : [];
  });
  const [one, other] = sites;
  const isUsed =
    values.isOn("ATLASSIAN_OAUTH_ENABLE") ||
    ["ATLASSIAN", "JIRA", "CONFLUENCE"].some((prefix) =>
      ["OAUTH_ACCESS_TOKEN", "OAUTH_CLIENT_ID"].some((suffix) =>
        values.isGiven(`${prefix}_${suffix}`),
      ),
    );
  if (!values.isGiven(name) || !isUsed || other === undefined || one === other) return none;
  const problem = `names one site, but the products are at two, ${one} and ${other}`;
  return {
    problems: [problemOf(checked, name, problem, "Remove it: the addresses tell the ids.")],
    notices: [],
  };
}

const none: Verdict = { problems: [], notices: [] };

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

/** Everything that was found, once: both products may have found the same in a setting that they share. */
function merge(verdicts: readonly Verdict[]): Verdict {
  const problems = new Map(
    verdicts
      .flatMap((verdict) => verdict.problems)
      .map((each) => [`${each.setting} ${each.problem}`, each] as const),
  );
  return {
    problems: [...problems.values()],
    notices: verdicts.flatMap((verdict) => verdict.notices),
  };
}
