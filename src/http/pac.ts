import { AtlassianMcpError, type ErrorCode } from "../errors.ts";
import { parsedUrl } from "../parsed-url.ts";
import { abortable, startDeadline } from "./deadline.ts";
import { openDispatcher } from "./dispatchers.ts";
import { exchange } from "./exchange.ts";
import { isUnreachable } from "./network-errors.ts";
import { loadPacScript, type PacScript, parseRoutes, type Route } from "./pac-script.ts";
import { type PacSettings, type ProxyChoice, RouteFailure } from "./proxy.ts";
import { quotable } from "./redact.ts";
import type { TlsSettings, TrustStore } from "./trust.ts";

/** Proxies by script (PAC). Scripts are fetched at the first request, and again from time to time. */
export interface Pac {
  /**
   * Sends on the ways that the script names for the URL, in its order, until one of them can be gone.
   *
   * @throws AtlassianMcpError `network` when the script cannot be had, `config` when it does not work; what the last way
   *   tried threw, in a RouteFailure.
   */
  tryRoutes<T>(
    settings: PacSettings,
    request: PacRequest,
    send: (proxy: ProxyChoice | undefined) => Promise<T>,
  ): Promise<T>;
}

export interface PacRequest {
  readonly url: URL;
  readonly signal: AbortSignal;
  /** Whom to trust should the script itself be fetched with https. */
  readonly tls: TlsSettings;
}

export interface PacOptions {
  readonly trust: TrustStore;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

const fetchTimeoutMs = 10_000;
const maxBytes = 1024 * 1024;
/** A script is fetched again after this time; until then also its answers hold. */
const scriptLifeMs = 60 * 60 * 1000;
const answerLifeMs = 60 * 1000;
/** Neither a script nor a proxy that could not be reached is asked again at once. */
const backoffMs = 60 * 1000;
const maxAnswers = 1000;

interface Held<T> {
  readonly value: Promise<T>;
  readonly until: number;
}

export function createPac({ trust, clock }: PacOptions): Pac {
  const scripts = new Map<string, Held<PacScript>>();
  const answers = new Map<string, Held<readonly Route[]>>();
  const deadUntil = new Map<string, number>();

  const scriptOf = (settings: PacSettings, tls: TlsSettings): Promise<PacScript> =>
    held(scripts, settings.url, clock, () => {
      const last = scripts.get(settings.url);
      const made = fetchScript(settings, { tls, trust, clock }).catch((cause: unknown) => {
        const again = { until: clock() + backoffMs };
        const fail = () => Promise.reject<PacScript>(cause);
        // An old script is better than none.
        const value = last === undefined ? fail() : last.value.catch(fail);
        value.catch(() => {});
        scripts.set(settings.url, { value, ...again });
        return value;
      });
      return { value: made, until: clock() + scriptLifeMs };
    });
  const routesOf = (settings: PacSettings, tls: TlsSettings, url: URL) =>
    held(answers, `${settings.url} ${url.origin}`, clock, () => {
      const value = scriptOf(settings, tls).then((script) => askScript(script, settings, url));
      value.catch(() => answers.delete(`${settings.url} ${url.origin}`));
      if (answers.size >= maxAnswers) answers.clear();
      return { value, until: clock() + answerLifeMs };
    });
  const isDead = (route: Route) => (deadUntil.get(labelOf(route) ?? "") ?? 0) > clock();

  return {
    async tryRoutes(settings, { url, signal, tls }, send) {
      const named = await abortable(routesOf(settings, tls, url), signal);
      const routes = [...named.filter((each) => !isDead(each)), ...named.filter(isDead)];
      let failure: unknown;
      for (const route of routes) {
        const label = labelOf(route);
        try {
          return await send(route === "direct" ? undefined : route);
        } catch (cause) {
          if (cause instanceof AtlassianMcpError) throw cause;
          failure = new RouteFailure(label, cause);
          if (signal.aborted || !isUnreachable(cause)) break;
          if (label !== undefined) deadUntil.set(label, clock() + backoffMs);
        }
      }
      throw failure;
    },
  };
}

function labelOf(route: Route): string | undefined {
  return route === "direct" ? undefined : route.label;
}

/** The value that is held under a key, or a new one. */
function held<T>(
  map: Map<string, Held<T>>,
  key: string,
  clock: () => number,
  make: () => Held<T>,
): Promise<T> {
  const known = map.get(key);
  if (known !== undefined && known.until > clock()) return known.value;
  const made = make();
  map.set(key, made);
  return made.value;
}

interface Fetching extends PacOptions {
  readonly tls: TlsSettings;
}

async function fetchScript(settings: PacSettings, fetching: Fetching): Promise<PacScript> {
  const text = await fetchText(settings, fetching);
  if (!text.includes("FindProxyForURL")) {
    throw pacError("config", "is no proxy auto-configuration file", settings);
  }
  return loadPacScript(text).catch((cause: unknown) => {
    throw pacError("config", `does not work: ${wordsOf(cause)}`, settings, cause);
  });
}

async function fetchText(settings: PacSettings, fetching: Fetching): Promise<string> {
  const { trust, clock } = fetching;
  const url = parsedUrl(settings.url);
  if (url === undefined) throw pacError("config", "has no address", settings);
  const deadline = startDeadline(fetchTimeoutMs, undefined, clock);
  const { signal } = deadline;
  const { prefix, caFiles, useSystem } = fetching.tls;
  const tls = { prefix, caFiles, useSystem, verify: true };
  const dispatcher = await openDispatcher(url.origin, { proxy: undefined, tls }, trust, 1);
  const headers = { accept: "*/*" };
  try {
    const { status, text } = await exchange(dispatcher, {
      method: "GET",
      url,
      headers,
      signal,
      maxBytes,
    });
    if (status === 200) return text;
    throw pacError("network", `was answered with ${status}`, settings);
  } catch (cause) {
    if (cause instanceof AtlassianMcpError && cause.details.setting !== undefined) throw cause;
    throw pacError("network", "cannot be fetched", settings, cause);
  } finally {
    deadline.end();
    await dispatcher.destroy();
  }
}

async function askScript(
  script: PacScript,
  settings: PacSettings,
  url: URL,
): Promise<readonly Route[]> {
  const said = await script.ask(url).catch((cause: unknown) => {
    throw pacError("config", `failed for ${url.host}: ${wordsOf(cause)}`, settings, cause);
  });
  const routes = parseRoutes(said);
  if (routes.length > 0) return routes;
  throw pacError(
    "config",
    `names no proxy for ${url.host} that can be used: ${quotable(said)}`,
    settings,
  );
}

function wordsOf(cause: unknown): string {
  return quotable(cause instanceof Error ? cause.message : String(cause)).slice(0, 200);
}

function pacError(
  code: ErrorCode,
  what: string,
  { url, setting }: PacSettings,
  cause?: unknown,
): AtlassianMcpError {
  const host = parsedUrl(url)?.host ?? "an address that is no URL";
  return new AtlassianMcpError(
    code,
    `The proxy script at ${host} ${what}`,
    {
      setting,
      next: `Check ${setting}, or set the proxy itself (HTTPS_PROXY, or a product's own).`,
    },
    cause,
  );
}
