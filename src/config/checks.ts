import { endpointPaths } from "./build.ts";
import { whatWasFound } from "./collect.ts";
import { isPassable } from "./headers.ts";
import { type Notice, nothing, type Problem, showValue } from "./problems.ts";
import { productWords } from "./setting.ts";
import { isLoopbackHost } from "./site-url.ts";
import type { Written } from "./sources.ts";
import type { Values } from "./values.ts";

/** What checks of several settings work on. */
export interface Checked {
  readonly values: Values;
  readonly written: ReadonlyMap<string, Written>;
}

/** Outcome of checks. */
export interface Verdict {
  readonly problems: readonly Problem[];
  readonly notices: readonly Notice[];
}

/** A problem about a setting as it was written, or about its absence. */
export function problemOf(
  { written }: Checked,
  name: string,
  problem: string,
  remedy: string,
  secret?: true,
): Problem {
  const text = written.get(name);
  const start = text && whatWasFound({ name, secret }, text);
  return { ...(start ?? { setting: name, found: nothing }), problem, remedy };
}

/** Transport, address and callers: combinations that cannot work or are worth a word. */
export function checkServer(checked: Checked): Verdict {
  const { values } = checked;
  const transport = values.word("TRANSPORT");
  const problems: Problem[] = [];
  const refuse = (name: string, problem: string, remedy: string) =>
    problems.push(problemOf(checked, name, problem, remedy));
  if (transport !== "streamable-http" && values.isOn("STATELESS")) {
    refuse("STATELESS", `cannot be combined with ${transport}`, "Use TRANSPORT=streamable-http.");
  }
  if (transport === "stdio" && values.isOn("MCP_LOGGING_STDOUT")) {
    refuse(
      "MCP_LOGGING_STDOUT",
      "would put log lines into the protocol on stdout",
      "Remove it; logs go to stderr.",
    );
  }
  const { path, ssePath = path } = endpointPaths(values);
  const isTaken =
    ["/healthz", "/readyz", "/metrics", "/messages"].includes(ssePath) ||
    (transport === "sse" && ssePath === path);
  if (isTaken || !/^\/[\w.~%-][\w.~%/-]*$/.test(ssePath)) {
    const problem = isTaken ? "is a path that the server needs itself" : "is not a usable path";
    refuse(
      "STREAMABLE_HTTP_PATH",
      problem,
      `Write a path such as /${transport === "sse" ? "sse" : "mcp"}.`,
    );
  }
  if (!/^[\w.:%[\]-]+$/.test(values.word("HOST"))) {
    refuse("HOST", "is not a host name or address", "Write 127.0.0.1, 0.0.0.0 or a host name.");
  }
  problems.push(...framingHeaders(checked), ...keyOfSharedStore(checked));
  if (transport === "stdio") return { problems, notices: unseenMetrics(values) };
  const served = ["ALLOW_GLOBAL_CRED_FALLBACK", "ATLASSIAN_EXTERNAL_AUTH_ENABLE"];
  if (values.isOn("IGNORE_HEADER_AUTH") && !served.some((name) => values.isOn(name))) {
    refuse(
      "IGNORE_HEADER_AUTH",
      "leaves no credentials: those of callers are ignored, those of the operator not allowed",
      "Set ALLOW_GLOBAL_CRED_FALLBACK=true or ATLASSIAN_EXTERNAL_AUTH_ENABLE=true too, or remove it.",
    );
  }
  return { problems, notices: exposure(values) };
}

/** Replicas that share a store need the same key, so that none of them can make one up. */
function keyOfSharedStore(checked: Checked): Problem[] {
  const url = checked.values.url("ATLASSIAN_STORE_URL");
  const isShared = url?.protocol === "redis:" || url?.protocol === "rediss:";
  if (!isShared || checked.values.isGiven("ATLASSIAN_STORE_KEY")) return [];
  const problem = "is missing although ATLASSIAN_STORE_URL names a Redis server";
  const remedy = "Set the same key for every replica; openssl rand -base64 32 makes one.";
  return [problemOf(checked, "ATLASSIAN_STORE_KEY", problem, remedy, true)];
}

function unseenMetrics(values: Values): Notice[] {
  if (!values.isOn("MCP_METRICS") || values.isGiven("MCP_METRICS_PORT")) return [];
  const message = "Nobody can see the metrics of a stdio server. Set MCP_METRICS_PORT.";
  return [{ setting: "MCP_METRICS", message }];
}

/** Headers that a message is made of cannot be copied from another message. */
function framingHeaders(checked: Checked): Problem[] {
  return Object.values(productWords).flatMap(({ env }) => {
    const name = `${env}_PASSTHROUGH_HEADERS`;
    const bad = (checked.values.list(name) ?? []).find((each) => !isPassable(each));
    if (bad === undefined) return [];
    const problem = "names a header that cannot be copied";
    return [problemOf(checked, name, problem, `Remove ${showValue(bad)}.`)];
  });
}

function exposure(values: Values): Notice[] {
  const host = values.word("HOST");
  const notices: Notice[] = [];
  if (isLoopbackHost(host)) return notices;
  if (values.isOn("ALLOW_GLOBAL_CRED_FALLBACK")) {
    notices.push({
      setting: "ALLOW_GLOBAL_CRED_FALLBACK",
      message: `Whoever reaches port ${values.number("PORT")} on ${host} acts with the operator's credentials. Listen on 127.0.0.1 or put an authenticating proxy in front.`,
    });
  }
  if (!values.isGiven("MCP_ALLOWED_HOSTS")) {
    notices.push({
      setting: "MCP_ALLOWED_HOSTS",
      message: `The server listens on ${host} and does not check the Host header. Set MCP_ALLOWED_HOSTS to the names clients use.`,
    });
  }
  return notices;
}
