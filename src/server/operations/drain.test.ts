import { expect, it } from "vitest";
import { createDrain } from "./drain.ts";

it("is draining from the moment it begins, for the time it was given, once", async () => {
  const waits: number[] = [];
  let finish = () => {};
  const drain = createDrain(5000, (ms) => {
    waits.push(ms);
    return new Promise<void>((resolve) => {
      finish = resolve;
    });
  });
  expect(drain.isDraining).toBe(false);
  const first = drain.begin();
  const second = drain.begin();
  expect(drain.isDraining).toBe(true);
  finish();
  await Promise.all([first, second]);
  expect(waits).toEqual([5000]);
});
