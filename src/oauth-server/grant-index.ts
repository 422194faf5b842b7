import { z } from "zod";
import type { Store } from "../store/types.ts";
import { openRecords } from "./records.ts";

/** Which grants a user has, the latest last. */
export interface GrantIndex {
  /** Gives the ids of those that there is no room for any more. */
  add(subject: string, entry: GrantEntry): Promise<string[]>;
  remove(subject: string, id: string): Promise<void>;
  list(subject: string): Promise<string[]>;
}

const entry = z.object({ id: z.string(), endsAt: z.number() });
type GrantEntry = z.output<typeof entry>;

/** Beyond it, a user's oldest grant makes room for the newest: some clients sign in anew at each start. */
const mostPerUser = 100;

export function openGrantIndex(store: Store, clock: () => number): GrantIndex {
  const users = openRecords(store, "user", z.array(entry));
  const kept = (value: GrantEntry[]) => {
    const ttlMs = Math.max(1, ...value.map(({ endsAt }) => endsAt - clock()));
    return { value, ttlMs };
  };
  return {
    async add(subject, added) {
      let surplus: string[] = [];
      await users.change(subject, (list = []) => {
        const alive = [...list.filter(({ endsAt }) => endsAt > clock()), added];
        surplus = alive.slice(0, -mostPerUser).map(({ id }) => id);
        return kept(alive.slice(-mostPerUser));
      });
      return surplus;
    },
    async remove(subject, id) {
      await users.change(subject, (list = []) => {
        const rest = list.filter((each) => each.id !== id);
        return rest.length === list.length ? undefined : kept(rest);
      });
    },
    list: async (subject) => ((await users.get(subject)) ?? []).map(({ id }) => id),
  };
}
