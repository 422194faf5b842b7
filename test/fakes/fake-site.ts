import { onTestFinished } from "vitest";
import type { AtlassianMcpError } from "../../src/errors.ts";
import { errorFromAnswer } from "../../src/http/errors.ts";
import type { ApiClient, ApiRequest, Method, QueryValue } from "../../src/http/types.ts";

/** What left the client, as a server would see it. */
export interface RecordedRequest {
  readonly method: Method;
  /** Percent-encoded, below the API base. */
  readonly path: string;
  /** Every value as text; repeated names as an array; what was `undefined` is absent. */
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  /** The body after a trip through JSON: what was `undefined` is absent. */
  readonly json: unknown;
  /** Of a multipart body: names and paths of its files. */
  readonly files: ApiRequest["files"];
  readonly headers: Readonly<Record<string, string>>;
  readonly idempotent: boolean | undefined;
  readonly order: string | undefined;
  /** The segments that stood for `{}` in the route, decoded. */
  readonly params: readonly string[];
}

/** A JSON value, an error to throw, or a function of the request that returns (or promises) either. */
export type FakeAnswer = unknown | AtlassianMcpError | ((request: RecordedRequest) => unknown);

export interface FakeSite {
  readonly client: ApiClient;
  /** In the order in which they were sent. */
  readonly requests: readonly RecordedRequest[];
  /** `METHOD /path?query` of each request, for short assertions. */
  readonly sent: readonly string[];
}

export interface FakeSiteOptions {
  /**
   * `"GET /rest/api/3/issue/{}"` → answer. `{}` stands for one path segment; a route without it wins over one with it.
   * Values are copied, so that a test may share a fixture.
   */
  readonly routes: Readonly<Record<string, FakeAnswer>>;
}

interface Route {
  readonly method: string;
  readonly segments: readonly string[];
  readonly answer: FakeAnswer;
}

/**
 * An {@link ApiClient} that answers from a table, without a network. A request outside the table throws a plain
 * `Error` with the request's text and, inside a test, fails that test even when the code under test swallows it.
 */
export function fakeSite(options: FakeSiteOptions): FakeSite {
  const routes = Object.entries(options.routes).map(parseRoute).sort(fewerPlaceholdersFirst);
  const requests: RecordedRequest[] = [];
  const unexpected: string[] = [];
  failTestOn(unexpected);

  const client: ApiClient = {
    async json(request) {
      request.signal?.throwIfAborted();
      const segments = request.path.path.split("/");
      const method = request.method ?? "GET";
      const route = routes.find((each) => each.method === method && fits(each.segments, segments));
      const recorded = record(request, route === undefined ? [] : paramsOf(route, segments));
      requests.push(recorded);
      if (route === undefined) {
        const text = `Unexpected request: ${describeRequest(recorded)}`;
        unexpected.push(text);
        throw new Error(text);
      }
      const answer =
        typeof route.answer === "function" ? await route.answer(recorded) : route.answer;
      if (answer instanceof Error) throw answer;
      return answer === undefined ? undefined : structuredClone(answer);
    },
  };
  return {
    client,
    requests,
    get sent() {
      return requests.map(describeLine);
    },
  };
}

/** Answers a route's first call with the first value, its second with the second, …; one call more is an error. */
export function inTurn(...answers: readonly FakeAnswer[]): (request: RecordedRequest) => unknown {
  let call = 0;
  return (request) => {
    if (call >= answers.length) {
      throw new Error(`No answer left for call ${call + 1}: ${describeRequest(request)}`);
    }
    const answer = answers[call++];
    return typeof answer === "function" ? answer(request) : answer;
  };
}

/**
 * A route's answer that fails as the real client does: the status and body that the site would send, turned into our
 * error by the code under `src/http`.
 */
export function failWith(
  status: number,
  body: unknown = undefined,
  options: {
    readonly product?: "jira" | "confluence";
    readonly headers?: Record<string, string>;
  } = {},
): (request: RecordedRequest) => unknown {
  const bodyText = typeof body === "string" ? body : (JSON.stringify(body) ?? "");
  return ({ method, path }) =>
    errorFromAnswer({
      status,
      headers: options.headers ?? {},
      bodyText,
      product: options.product ?? "jira",
      operation: `${method} ${path}`,
    });
}

function parseRoute([key, answer]: [string, FakeAnswer]): Route {
  const match = /^(GET|POST|PUT|DELETE) (\/\S*)$/.exec(key);
  if (match === null) throw new Error(`"${key}" is not a route: write "GET /path/{}"`);
  const [, method = "", path = ""] = match;
  return { method, segments: path.split("/"), answer };
}

function fewerPlaceholdersFirst(a: Route, b: Route): number {
  return a.segments.filter(isPlaceholder).length - b.segments.filter(isPlaceholder).length;
}

function isPlaceholder(segment: string): boolean {
  return segment === "{}";
}

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, index) => isPlaceholder(part) || part === segments[index])
  );
}

function paramsOf(route: Route, segments: readonly string[]): string[] {
  return segments
    .filter((_, index) => isPlaceholder(route.segments[index] ?? ""))
    .map(decodeURIComponent);
}

function record(request: ApiRequest, params: readonly string[]): RecordedRequest {
  return {
    method: request.method ?? "GET",
    path: request.path.path,
    query: recordQuery(request.query ?? {}),
    json: request.json === undefined ? undefined : JSON.parse(JSON.stringify(request.json)),
    files: request.files,
    headers: request.headers ?? {},
    idempotent: request.idempotent,
    order: request.order,
    params,
  };
}

function recordQuery(query: Readonly<Record<string, QueryValue>>): RecordedRequest["query"] {
  const recorded: Record<string, string | readonly string[]> = {};
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    recorded[name] = Array.isArray(value) ? [...value] : String(value);
  }
  return recorded;
}

function describeLine(request: RecordedRequest): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query)) {
    for (const each of Array.isArray(value) ? value : [value]) query.append(name, each);
  }
  const text = query.toString();
  return `${request.method} ${request.path}${text === "" ? "" : `?${text}`}`;
}

function describeRequest(request: RecordedRequest): string {
  const body = request.json === undefined ? "" : ` ${JSON.stringify(request.json)}`;
  return `${describeLine(request)}${body}`;
}

function failTestOn(unexpected: readonly string[]): void {
  try {
    onTestFinished(() => {
      if (unexpected.length > 0) throw new Error(unexpected.join("\n"));
    });
  } catch {
    // Made outside a running test (in a hook or at module level): the thrown error has to do.
  }
}
