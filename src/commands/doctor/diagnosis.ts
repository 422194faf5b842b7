import type { Settings } from "../../config/product.ts";
import type { Connections } from "../../server/connections.ts";
import type { Outbound } from "../../server/outbound.ts";
import type { Runtime } from "../../server/runtime.ts";

/** What checks work with: the very parts that serve, and a clock. */
export interface Diagnosis {
  readonly settings: Settings;
  /** Settings that were written, and where, e.g. `environment`. */
  readonly origins: ReadonlyMap<string, string>;
  readonly runtime: Runtime;
  readonly connections: Pick<Connections, "inspect">;
  readonly probe: Outbound["probe"];
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** For each check. */
  readonly limitMs: number;
  /** Tells an impatient person what is going on. */
  readonly progress: (text: string) => void;
  /** Secrets that come to light on the way, such as stored tokens. */
  readonly secrets: string[];
}
