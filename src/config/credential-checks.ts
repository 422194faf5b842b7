import { deploymentOf } from "./build.ts";
import { type Checked, problemOf, type Verdict } from "./checks.ts";
import type { Notice, Problem } from "./problems.ts";
import type { AuthMethod } from "./product.ts";
import type { ProductWords } from "./setting.ts";
import type { Deployment } from "./site-url.ts";
import type { Values } from "./values.ts";

/** What each method is called in sentences. */
const methodTitles: Readonly<Record<AuthMethod, string>> = {
  token: "an OAuth access token obtained elsewhere",
  oauth: "OAuth",
  pat: "a personal access token",
  basic: "user name and API token or password",
  certificate: "a client certificate",
  "service-account": "a service account's OAuth client",
  external: "the headers of a gateway in front",
};

/** The methods whose settings are complete, the one in use first. A forced method is the only one. */
export function completeMethods(
  values: Values,
  env: string,
  deployment: Deployment | "unsure",
): AuthMethod[] {
  const has = (...suffixes: string[]) => suffixes.every((suffix) => isSet(values, env, suffix));
  const complete: Readonly<Record<AuthMethod, boolean>> = {
    token: has("OAUTH_ACCESS_TOKEN"),
    oauth: has("OAUTH_CLIENT_ID", "OAUTH_CLIENT_SECRET"),
    pat: has("PERSONAL_TOKEN") && deployment !== "cloud",
    basic: has("USERNAME", "API_TOKEN"),
    certificate: has("CLIENT_CERT") && deployment !== "cloud",
    "service-account": has("OAUTH_CLIENT_ID", "OAUTH_CLIENT_SECRET"),
    external: true,
  };
  const forced = values.text(`${env}_AUTH`);
  const byPreference: readonly AuthMethod[] = ["token", "oauth", "pat", "basic", "certificate"];
  if (forced === undefined) return byPreference.filter((method) => complete[method]);
  return Object.entries(complete).flatMap(([method, isComplete]) =>
    method === forced && isComplete ? [method as AuthMethod] : [],
  );
}

/** OAuth settings may be the product's own or shared by both. */
function isSet(values: Values, env: string, suffix: string): boolean {
  const shared = suffix.startsWith("OAUTH_") ? [`ATLASSIAN_${suffix}`] : [];
  return [`${env}_${suffix}`, ...shared].some((name) => values.isGiven(name));
}

/** The credentials of a product whose address is known. */
export function checkCredentials(checked: Checked, words: ProductWords, url: URL): Verdict {
  const { values } = checked;
  const { env, title } = words;
  const deployment = deploymentOf(values, env, url);
  const halves = checkHalves(checked, env);
  const problems: Problem[] = [...halves, ...misplaced(checked, words, url, deployment)];
  const methods = completeMethods(values, env, deployment);
  const forced = values.text(`${env}_AUTH`);
  if (forced !== undefined && methods.length === 0 && problems.length === 0) {
    const remedy = `Set ${neededFor(forced, env)}, or remove ${env}_AUTH.`;
    problems.push(
      problemOf(checked, `${env}_AUTH`, "asks for credentials that are missing", remedy),
    );
  }
  problems.push(...turnedAway(checked, env));
  if (problems.length > 0) return { problems, notices: [] };
  if (methods.length === 0) return checkAbsence(checked, words);
  return { problems, notices: choiceNotice(title, env, methods) };
}

/** Pairs of settings of which one alone is useless. Other complete credentials make it superfluous, not wrong. */
export function checkHalves(checked: Checked, env: string): Problem[] {
  const { values } = checked;
  const has = (suffix: string) => isSet(values, env, suffix);
  const problems: Problem[] = [];
  const lonely = (name: string, partner: string, secret?: true) => {
    const remedy = `Set ${partner} too, or remove ${name}.`;
    problems.push(problemOf(checked, name, `is set without ${partner}`, remedy, secret));
  };
  const half = (suffix: string, missing: string, secret?: true) =>
    lonely(`${env}_${suffix}`, `${env}_${missing}`, secret);
  if (!has("PERSONAL_TOKEN") && has("USERNAME") !== has("API_TOKEN")) {
    if (has("USERNAME")) half("USERNAME", "API_TOKEN");
    else half("API_TOKEN", "USERNAME", true);
  }
  // The id of one app with the secret of the other would be refused, after the secret was sent.
  for (const level of [env, "ATLASSIAN"]) {
    const [id, secret] = [`${level}_OAUTH_CLIENT_ID`, `${level}_OAUTH_CLIENT_SECRET`];
    if (values.isGiven(id) === values.isGiven(secret)) continue;
    if (values.isGiven(id)) lonely(id, secret);
    else lonely(secret, id, true);
  }
  if (!has("CLIENT_CERT") && has("CLIENT_KEY")) half("CLIENT_KEY", "CLIENT_CERT");
  else if (!has("CLIENT_CERT") && has("CLIENT_KEY_PASSWORD")) {
    half("CLIENT_KEY_PASSWORD", "CLIENT_CERT", true);
  }
  return problems;
}

/** Credentials that exist, but not for this deployment or address. */
function misplaced(
  checked: Checked,
  { env, title }: ProductWords,
  url: URL,
  deployment: Deployment | "unsure",
): Problem[] {
  const { values } = checked;
  const problems: Problem[] = [];
  if (values.isGiven(`${env}_PERSONAL_TOKEN`) && deployment === "cloud") {
    const remedy = `Use ${env}_USERNAME with ${env}_API_TOKEN instead.`;
    const problem = "is set, but Cloud has no personal access tokens";
    problems.push(problemOf(checked, `${env}_PERSONAL_TOKEN`, problem, remedy, true));
  }
  if (!values.isGiven(`${env}_CLIENT_CERT`)) return problems;
  if (url.protocol === "http:") {
    const remedy = `Write ${env}_URL with https://, or remove ${env}_CLIENT_CERT.`;
    const problem = `needs https, but ${title} is reached by http`;
    problems.push(problemOf(checked, `${env}_CLIENT_CERT`, problem, remedy));
  } else if (
    deployment === "cloud" &&
    !["token", "oauth", "basic"].some((method) =>
      completeMethods(values, env, deployment).includes(method as AuthMethod),
    )
  ) {
    const remedy = `Set ${env}_USERNAME with ${env}_API_TOKEN.`;
    const problem = "is the only credential, but Cloud does not know client certificates";
    problems.push(problemOf(checked, `${env}_CLIENT_CERT`, problem, remedy));
  }
  return problems;
}

/** Requests that a gateway has authenticated carry no credentials, and those are let in only where that is said. */
function turnedAway(checked: Checked, env: string): Problem[] {
  const { values } = checked;
  const opens = [
    "ATLASSIAN_EXTERNAL_AUTH_ENABLE",
    "ALLOW_GLOBAL_CRED_FALLBACK",
    "IGNORE_HEADER_AUTH",
  ];
  const name = `${env}_AUTH`;
  if (values.text(name) !== "external" || values.word("TRANSPORT") === "stdio") return [];
  if (opens.some((each) => values.isOn(each))) return [];
  const problem = "needs requests without credentials, and those are turned away";
  return [problemOf(checked, name, problem, "Set ATLASSIAN_EXTERNAL_AUTH_ENABLE=true too.")];
}

function neededFor(method: string, env: string): string {
  switch (method) {
    case "token":
      return `${env}_OAUTH_ACCESS_TOKEN or ATLASSIAN_OAUTH_ACCESS_TOKEN`;
    case "pat":
      return `${env}_PERSONAL_TOKEN`;
    case "basic":
      return `${env}_USERNAME and ${env}_API_TOKEN`;
    case "certificate":
      return `${env}_CLIENT_CERT (Data Center)`;
    default:
      return "ATLASSIAN_OAUTH_CLIENT_ID and ATLASSIAN_OAUTH_CLIENT_SECRET";
  }
}

/** Which of several methods is used, so that nobody has to guess. */
function choiceNotice(title: string, env: string, methods: readonly AuthMethod[]): Notice[] {
  const [first, ...others] = methods;
  if (first === undefined || others.length === 0) return [];
  const [second = first] = others;
  const rest = others.map((method) => methodTitles[method]).join(", ");
  const message =
    first === "oauth"
      ? `${title} signs in by OAuth once somebody has run mcp-atlassian auth login, until then by ${methodTitles[second]}. ${env}_AUTH decides otherwise.`
      : `${title} signs in by ${methodTitles[first]}, not by ${rest}. ${env}_AUTH decides otherwise.`;
  return [{ setting: `${env}_AUTH`, message }];
}

/** A site without credentials of the operator: fine where callers bring theirs. */
function checkAbsence(checked: Checked, { env, title }: ProductWords): Verdict {
  const { values } = checked;
  if (values.isOn("ATLASSIAN_EXTERNAL_AUTH_ENABLE")) return { problems: [], notices: [] };
  if (values.word("TRANSPORT") === "stdio") {
    const remedy = `Set ${env}_USERNAME and ${env}_API_TOKEN (Cloud, or Data Center with a password), ${env}_PERSONAL_TOKEN (Data Center), or ATLASSIAN_OAUTH_CLIENT_ID and ATLASSIAN_OAUTH_CLIENT_SECRET.`;
    return {
      problems: [problemOf(checked, `${env}_URL`, "is set without credentials", remedy)],
      notices: [],
    };
  }
  if (!values.isOn("ALLOW_GLOBAL_CRED_FALLBACK")) return { problems: [], notices: [] };
  const message = `ALLOW_GLOBAL_CRED_FALLBACK has nothing to fall back to for ${title}: no credentials are set.`;
  return { problems: [], notices: [{ setting: "ALLOW_GLOBAL_CRED_FALLBACK", message }] };
}
