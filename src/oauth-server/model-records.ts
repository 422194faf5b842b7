import { z } from "zod";
import type { Store } from "../store/types.ts";
import { openRecords, type Records } from "./records.ts";

/** A payload of the provider library, with the moment of its consumption in milliseconds. */
const entry = z.object({
  payload: z.record(z.string(), z.unknown()),
  consumedAt: z.number().optional(),
});
export type Entry = z.output<typeof entry>;

/** What the library keeps of one of its models. */
export function openModelRecords(store: Store, model: string): Records<Entry> {
  return openRecords(store, `model:${model}`, entry);
}
