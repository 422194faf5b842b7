import { expect, it } from "vitest";
import { z } from "zod";
import { parseAnswer } from "./parse.ts";

const schema = z.looseObject({ issues: z.array(z.looseObject({ key: z.string() })) });

it("returns what the schema makes of the answer and keeps what it does not know", () => {
  const answer = { issues: [{ key: "A-1", more: 1 }] };
  expect(parseAnswer(schema, answer, "issues")).toEqual(answer);
});

it("names the first place that does not fit", () => {
  const parse = () => parseAnswer(schema, { issues: [{ key: "A-1" }, { key: 7 }] }, "issues");
  expect(parse).toThrow(expect.objectContaining({ code: "shape" }));
  expect(parse).toThrow(/issues\.1\.key/);
});

it("refuses an answer of another kind altogether", () => {
  expect(() => parseAnswer(schema, "<html>", "issues")).toThrow(
    expect.objectContaining({ code: "shape" }),
  );
});
