import { AtlassianMcpError } from "../../errors.ts";

/**
 * The outcome of `run`, which gets a signal to end its requests with.
 *
 * @throws AtlassianMcpError `timeout` after `limitMs`, whether `run` heeds the signal or not.
 */
export async function within<T>(
  limitMs: number,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const end = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = tooLate(limitMs);
      end.abort(error);
      reject(error);
    }, limitMs);
  });
  try {
    return await Promise.race([run(end.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}

function tooLate(limitMs: number): AtlassianMcpError {
  return new AtlassianMcpError("timeout", `There was no answer within ${limitMs / 1000} s`, {
    next: "The site or the network is slow: check VPN, firewalls and proxies, and try again later.",
  });
}
