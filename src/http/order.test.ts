import { describe, expect, it } from "vitest";
import { createOrder } from "./order.ts";

const always = new AbortController().signal;

/** A job that ends when it is told to. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

describe("createOrder", () => {
  it("runs jobs of one key in turn, after failures too", async () => {
    const order = createOrder();
    const log: string[] = [];
    const first = gate();
    const runs = [
      order.run("k", always, () => first.opened.then(() => Promise.reject(new Error("first")))),
      order.run("k", always, async () => log.push("second")),
      order.run("other", always, async () => log.push("other")),
    ];
    await runs[2];
    expect(log).toEqual(["other"]);
    first.open();
    await expect(runs[0]).rejects.toThrow("first");
    await runs[1];
    expect(log).toEqual(["other", "second"]);
  });

  it("lets nobody pass a job that is still running when one in between gives up", async () => {
    const order = createOrder();
    const log: string[] = [];
    const first = gate();
    const impatient = new AbortController();
    const running = order.run("k", always, () => first.opened);
    const leaving = order.run("k", impatient.signal, async () => log.push("left"));
    impatient.abort(new Error("gone"));
    await expect(leaving).rejects.toThrow("gone");
    const last = order.run("k", always, async () => log.push("last"));
    await new Promise((resolve) => setImmediate(resolve));
    expect(log).toEqual([]);
    first.open();
    await Promise.all([running, last]);
    expect(log).toEqual(["last"]);
  });
});
