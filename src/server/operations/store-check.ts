import type { Store } from "../../store/types.ts";
import type { ReadinessCheck } from "./readiness.ts";

/** The store can be asked something. */
export function storeCheck(store: () => Promise<Store>): ReadinessCheck {
  return {
    name: "store",
    async run() {
      const opened = await store();
      if (opened.ping !== undefined) await opened.ping();
      else await opened.get("readiness");
    },
  };
}
