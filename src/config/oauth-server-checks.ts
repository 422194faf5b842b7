import { endpointPaths } from "./build.ts";
import { type Checked, problemOf, type Verdict } from "./checks.ts";
import { anyOf, grantTypes, issuerOf, redirectUriOf } from "./oauth-server.ts";
import type { Problem } from "./problems.ts";
import { showValue } from "./problems.ts";
import { isLoopbackHost } from "./site-url.ts";

const enable = "ATLASSIAN_OAUTH_PROXY_ENABLE";

/** Whether the authorization server can work with what is set: everything that is missing or does not fit together. */
export function checkProxySettings(checked: Checked): Verdict {
  const { values } = checked;
  if (!values.isOn(enable)) return { problems: [], notices: [] };
  const problems = [
    ...checkSurroundings(checked),
    ...checkApp(checked),
    ...checkAddresses(checked),
    ...checkClients(checked),
  ];
  const isForgetful = values.url("ATLASSIAN_STORE_URL")?.protocol === "memory:";
  const message =
    "ATLASSIAN_STORE_URL=memory: forgets every client and every login when the server ends.";
  const notices = isForgetful ? [{ setting: "ATLASSIAN_STORE_URL", message }] : [];
  return { problems, notices };
}

function checkSurroundings(checked: Checked): Problem[] {
  const { values } = checked;
  const problems: Problem[] = [];
  if (values.word("TRANSPORT") === "stdio") {
    const remedy = "Set TRANSPORT=streamable-http, or remove it.";
    const problem = "needs an HTTP transport, but TRANSPORT is stdio";
    problems.push(problemOf(checked, enable, problem, remedy));
  }
  for (const [name, what] of [
    ["IGNORE_HEADER_AUTH", "ignores the tokens that the authorization server issues"],
    ["ATLASSIAN_EXTERNAL_AUTH_ENABLE", "lets a gateway decide who callers are, which is done here"],
  ] as const) {
    if (values.isOn(name)) {
      problems.push(problemOf(checked, name, what, `Remove it, or ${enable}.`));
    }
  }
  return problems;
}

function checkApp(checked: Checked): Problem[] {
  const what = {
    OAUTH_CLIENT_ID: "the client id of your OAuth app at Atlassian",
    OAUTH_CLIENT_SECRET: "the client secret of your OAuth app at Atlassian",
    OAUTH_REDIRECT_URI: "an address of this server, as registered with the app",
  };
  return Object.entries(what).flatMap(([suffix, title]) => {
    const name = anyOf(checked.values, suffix);
    // One that could not be read has its own problem already.
    if (checked.values.isGiven(name) || checked.written.has(name)) return [];
    const remedy = `Set ATLASSIAN_${suffix} to ${title}.`;
    return [problemOf(checked, name, `is missing although ${enable} is set`, remedy)];
  });
}

function checkAddresses(checked: Checked): Problem[] {
  const { values } = checked;
  const base = issuerOf(values);
  const redirect = redirectUriOf(values);
  if (base === undefined) return [];
  const name = values.isGiven("PUBLIC_BASE_URL")
    ? "PUBLIC_BASE_URL"
    : anyOf(values, "OAUTH_REDIRECT_URI");
  if (base.protocol === "http:" && !isLoopbackHost(base.hostname)) {
    return [problemOf(checked, name, "uses http", `Write https://${base.host}${base.pathname}.`)];
  }
  if (base.search !== "" || base.hash !== "") {
    return [problemOf(checked, name, "has a query or fragment", `Write ${base.origin}.`)];
  }
  return redirect === undefined ? [] : checkCallback(checked, base, redirect);
}

const taken =
  /^\/(authorize|token|revoke|register|jwks|account|interaction|healthz|readyz|metrics|messages|\.well-known)(\/|$)/;

function checkCallback(checked: Checked, base: URL, redirect: URL): Problem[] {
  const name = anyOf(checked.values, "OAUTH_REDIRECT_URI");
  const start = `${base.href.replace(/\/+$/, "")}/`;
  if (!redirect.href.startsWith(start) || redirect.href.length === start.length) {
    const problem = `is not below ${showValue(start)}, where this server is`;
    const remedy = `Register ${start}callback with the app and set it here, or correct PUBLIC_BASE_URL.`;
    return [problemOf(checked, name, problem, remedy)];
  }
  const path = redirect.href.slice(start.length - 1).replace(/\/+$/, "");
  const { path: endpoint, ssePath } = endpointPaths(checked.values);
  if (taken.test(path) || path === endpoint || path === ssePath || /[?#]/.test(path)) {
    const problem = "is an address that the server needs itself";
    return [problemOf(checked, name, problem, `Use ${start}callback.`)];
  }
  return [];
}

const pattern =
  /^[a-z][a-z\d+.-]*:\/\/(\*|(\*\.)?(\[[\da-f:.]+\]|[^\s/?#@:*[\]]*)(:(\d{1,5}|\*))?(\/[^\s?#]*)?)$/i;

function checkClients(checked: Checked): Problem[] {
  const { values } = checked;
  const problems: Problem[] = [];
  const refuse = (name: string, problem: string, remedy: string) =>
    problems.push(problemOf(checked, name, problem, remedy));
  const redirects = "ATLASSIAN_OAUTH_ALLOWED_CLIENT_REDIRECT_URIS";
  const patterns = values.list(redirects);
  const bad = patterns?.find((each) => !pattern.test(each) || /^https?:\/\/[*/]?$/i.test(each));
  if (patterns?.length === 0) {
    refuse(redirects, "allows no client at all", "Name addresses, or remove it.");
  } else if (bad !== undefined) {
    const remedy =
      "Write patterns such as http://localhost:* or https://client.example.com/callback.";
    refuse(redirects, `holds ${showValue(bad)}, which is no pattern`, remedy);
  }
  const types = "ATLASSIAN_OAUTH_ALLOWED_GRANT_TYPES";
  const allowed = values.list(types) ?? [];
  const unknown = allowed.find((type) => !grantTypes.some((each) => each === type));
  if (unknown !== undefined) {
    refuse(
      types,
      `holds ${showValue(unknown)}, which is not supported`,
      `Use ${grantTypes.join(",")}.`,
    );
  } else if (!allowed.includes("authorization_code")) {
    refuse(types, "leaves out authorization_code, without which nobody signs in", "Add it.");
  }
  if (values.word("ATLASSIAN_OAUTH_CLIENT_STORAGE_MODE") === "factory") {
    const remedy = "Remove it; ATLASSIAN_STORE_URL says where clients and logins are kept.";
    refuse("ATLASSIAN_OAUTH_CLIENT_STORAGE_MODE", "names a Python callable", remedy);
  }
  return problems;
}
