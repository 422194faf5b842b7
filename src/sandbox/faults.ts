import type { Fault, SiteName } from "./types.ts";

/** The failures that wait for a matching request. */
export interface FaultList {
  add(fault: Fault): void;
  /** The effect for this request, if one is due; counts it as used. */
  take(site: SiteName, method: string, path: string): Fault["effect"] | undefined;
  clear(): void;
}

/** Faults are tried in the order they were added; each is forgotten after its `times`. */
export function createFaultList(): FaultList {
  const waiting: { readonly fault: Fault; readonly pattern: RegExp; left: number }[] = [];
  return {
    add(fault) {
      waiting.push({ fault, pattern: toPattern(fault.match), left: fault.times ?? 1 });
    },
    take(site, method, path) {
      if (waiting.length === 0) return undefined;
      const line = `${method} ${path}`;
      const index = waiting.findIndex(
        ({ fault, pattern }) => (fault.site ?? site) === site && pattern.test(line),
      );
      const hit = waiting[index];
      if (hit === undefined) return undefined;
      hit.left -= 1;
      if (hit.left <= 0) waiting.splice(index, 1);
      return hit.fault.effect;
    },
    clear() {
      waiting.length = 0;
    },
  };
}

function toPattern(match: string): RegExp {
  const escaped = match.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`^${escaped}$`);
}
