import type { Product } from "../../atlassian/site.ts";
import { anonymous } from "../../auth/credentials.ts";
import type { Probe } from "../../http/probe.ts";
import { within } from "./deadline.ts";
import type { Diagnosis } from "./diagnosis.ts";
import { publicPath } from "./reach.ts";
import { type Finding, failed, ok, problem, skipped, warning } from "./report.ts";

const slowMs = 2000;
const samples = 3;

/** The median of three small requests, one after another. */
export async function checkLatency(
  product: Product,
  apiBase: URL,
  { probe, limitMs }: Pick<Diagnosis, "probe" | "limitMs">,
): Promise<Finding> {
  // As nobody: failed sign-ins in a row make some sites ask for a CAPTCHA.
  const source = "operator";
  const target = { product, apiBase, credentials: anonymous, source, isGuarded: false } as const;
  const times: number[] = [];
  try {
    await within(limitMs, async (signal) => {
      while (times.length < samples) {
        const limits = { timeoutMs: limitMs, signal };
        times.push((await probe(target, publicPath[product], limits)).elapsedMs);
      }
    });
  } catch (error) {
    return failed("latency", error);
  }
  const median = times.sort((a, b) => a - b)[1] ?? 0;
  const text = `${median} ms (median of ${samples} requests)`;
  const facts = { median_ms: median };
  return median > slowMs
    ? warning(
        "latency",
        text,
        "Tools will be slow: check VPN and proxy, or ask for less at once.",
        {
          facts,
        },
      )
    : ok("latency", text, { facts });
}

const skewWarningMs = 60_000;
const skewProblemMs = 300_000;

/** The site's clock against this machine's: tokens and certificates are judged by the latter. */
export function checkClock({ headers, elapsedMs }: Probe, receivedAt: number): Finding {
  const date = Date.parse(headers["date"] ?? "");
  if (Number.isNaN(date)) return skipped("clock", "the site does not tell its time");
  if (Number(headers["age"] ?? 0) > 0) {
    return skipped("clock", "the site's time came out of a cache");
  }
  // The header has whole seconds; the answer was on its way for about half the time.
  const skewMs = Math.round(receivedAt - elapsedMs / 2 - (date + 500));
  const size = Math.abs(skewMs);
  const facts = { skew_ms: skewMs };
  if (size <= skewWarningMs)
    return ok("clock", "agrees with the site's to within a minute", { facts });
  const text = `this machine's clock is ${Math.round(size / 1000)} s ${skewMs > 0 ? "ahead of" : "behind"} the site's`;
  const remedy = "Set this machine's clock by NTP: certificates and tokens are judged by it.";
  return size > skewProblemMs
    ? problem("clock", text, remedy, { facts })
    : warning("clock", text, remedy, { facts });
}
