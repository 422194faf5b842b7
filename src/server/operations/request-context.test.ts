import { describe, expect, it } from "vitest";
import { createLogger } from "../../log.ts";
import { currentRequest, requestFields, requestIdOf, withRequest } from "./request-context.ts";

describe("requestIdOf", () => {
  it.each(["0123abcd", "550e8400-e29b-41d4-a716-446655440000", "Root:1-5e1b.ab"])(
    "keeps %s",
    (id) => {
      expect(requestIdOf(id, () => "new")).toBe(id);
    },
  );

  it.each([undefined, "", "short", "a b c d e f", "line\nbreak12", "é".repeat(9), "x".repeat(129)])(
    "makes a new one for %j",
    (id) => {
      expect(requestIdOf(id, () => "new")).toBe("new");
    },
  );

  it("makes a new one for a header that was sent twice", () => {
    expect(requestIdOf(["12345678", "87654321"], () => "new")).toBe("new");
  });
});

describe("withRequest", () => {
  it("keeps requests that run at the same time apart", async () => {
    const seen = await Promise.all(
      ["request-1", "request-2"].map((requestId) =>
        withRequest({ requestId }, async () => {
          await new Promise((resolve) => setTimeout(resolve, 1));
          return currentRequest()?.requestId;
        }),
      ),
    );
    expect(seen).toEqual(["request-1", "request-2"]);
    expect(currentRequest()).toBeUndefined();
  });

  it("puts the id onto each line of the log", async () => {
    const lines: string[] = [];
    const write = (line: string) => void lines.push(line);
    const log = createLogger({ level: "info", write, context: requestFields });
    withRequest({ requestId: "request-1" }, () => log.info("thing.done", { tool: "t" }));
    log.info("thing.done");
    await expect.poll(() => lines.length).toBe(2);
    expect(lines.map((line) => JSON.parse(line).requestId)).toEqual(["request-1", undefined]);
  });
});
