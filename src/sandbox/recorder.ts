import type { RecordedRequest, SiteName } from "./types.ts";

/** The last requests that reached the sites, oldest first. */
export interface Recorder {
  readonly requests: RecordedRequest[];
  /** `status` 0: no answer was sent. */
  add(
    site: SiteName,
    request: {
      readonly method: string;
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Buffer;
    },
    status: number,
    user?: string,
  ): void;
  clear(): void;
}

/** Of a body; uploads would fill the memory otherwise. */
const maxKeptBytes = 256 * 1024;

/** Keeps at most `limit` requests. The array is the same one for the recorder's whole life. */
export function createRecorder(limit: number): Recorder {
  const requests: RecordedRequest[] = [];
  return {
    requests,
    add(site, { method, url, headers, body }, status, user) {
      // One cut per `limit` requests: shifting on each one would show in benchmarks.
      if (requests.length >= 2 * limit) requests.splice(0, limit);
      const text = body.length === 0 ? "" : body.toString("utf8", 0, maxKeptBytes);
      requests.push({ site, method, url, headers, body: text, status, user });
    },
    clear() {
      requests.length = 0;
    },
  };
}
