import type { LogFields } from "../log.ts";
import type { ApiPath } from "./path.ts";

export type Method = "GET" | "POST" | "PUT" | "DELETE";

export type QueryValue = string | number | boolean | readonly string[] | undefined;

/** How a request identifies its sender. Implemented in `auth/`; `http` knows only this. */
export interface Credentials {
  /** Headers to add, e.g. `{ authorization: "Bearer …" }`. */
  headers(): Promise<Readonly<Record<string, string>>> | Readonly<Record<string, string>>;
  /**
   * Called once after a 401. `true`: new headers are available, the request is repeated once.
   * Absent where nothing can be renewed (passwords, PATs, callers' own tokens).
   *
   * @param sent the headers that were refused; other requests may have been given newer ones meanwhile.
   */
  renew?(signal?: AbortSignal, sent?: Readonly<Record<string, string>>): Promise<boolean>;
}

/** A file on this machine's disk. */
export interface FilePart {
  /** As the site is to show it. */
  readonly name: string;
  /** Read while it is sent. */
  readonly path: string;
}

export interface ApiRequest {
  /** Default `GET`. */
  readonly method?: Method | undefined;
  /** Below the product's API base. */
  readonly path: ApiPath;
  /** Arrays repeat the name; `undefined` is left out. */
  readonly query?: Readonly<Record<string, QueryValue>> | undefined;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Text fields of a multipart/form-data body; not together with `json`. */
  readonly form?: Readonly<Record<string, string>> | undefined;
  /** Files of a multipart/form-data body, each in a field named `file`; not together with `json`. */
  readonly files?: readonly FilePart[] | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
  /**
   * May be repeated without harm. Default: GET, PUT and DELETE yes, POST no. Set it to `true` for a POST that only
   * reads (search, bulk fetch), to `false` for a PUT or DELETE that must not run twice.
   */
  readonly idempotent?: boolean | undefined;
  /** For the lines that the request leaves in the log. */
  readonly logFields?: LogFields | undefined;
  /** Writes with the same key (an issue key, a page id) run one after another. */
  readonly order?: string | undefined;
}

/** The requests a product client can make. One instance per connection; holds no caller state but its credentials. */
export interface ApiClient {
  /**
   * Sends a request and returns the parsed JSON body, `undefined` for an empty one.
   *
   * @throws AtlassianMcpError `input` for a file that cannot be read to its end; `auth`, `scope`, `forbidden`, `not_found`, `conflict`, `invalid`, `rate_limited`,
   *   `upstream` by status; `network`, `timeout`; `shape` when the answer is not JSON.
   */
  json(request: ApiRequest): Promise<unknown>;
}
