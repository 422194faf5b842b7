import { describe, expect, it } from "vitest";
import { requestIdOf } from "./request-context.ts";

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
