import { expect, it } from "vitest";
import { within } from "./deadline.ts";

it("gives what comes in time", async () => {
  expect(await within(1000, async () => 7)).toBe(7);
});

it("ends what hangs, and what would not be ended", async () => {
  let aborted: unknown;
  const hanging = within(1, (signal) => {
    signal.addEventListener("abort", () => {
      aborted = signal.reason;
    });
    return new Promise(() => {});
  });
  await expect(hanging).rejects.toMatchObject({ code: "timeout" });
  expect(aborted).toMatchObject({ code: "timeout" });
});

it("passes failures on", async () => {
  const failure = new Error("no");
  await expect(within(1000, () => Promise.reject(failure))).rejects.toBe(failure);
});
