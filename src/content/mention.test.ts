import { describe, expect, it } from "vitest";
import { markdownToAdf } from "./adf/convert.ts";
import { markdownToStorage } from "./storage/convert.ts";
import { markdownToWiki } from "./wiki/convert.ts";

const writers = { adf: markdownToAdf, storage: markdownToStorage, wiki: markdownToWiki };
const forms = {
  accountid: ["@[Ada](accountid:5b10)", "[~accountid:5b10]"],
  user: ["@[Ada](user:ada)", "[~ada]"],
  userkey: ["@[Ada](userkey:8a7f)"],
} as const;

describe.each(Object.entries(writers))("a mention in %s", (_, write) => {
  it.each(Object.entries(forms))("by %s is refused where people have other names", (by, texts) => {
    const others = (["accountid", "user", "userkey"] as const).filter((kind) => kind !== by);
    for (const text of texts) {
      expect(() => write(`| a |\n|---|\n| ${text} |`, { mentions: others })).toThrow(
        expect.objectContaining({ code: "input" }),
      );
    }
  });

  it("is written where it fits, or anything does", () => {
    expect(JSON.stringify(write("@[Ada](accountid:5b10)", { mentions: ["accountid"] }))).toContain(
      "5b10",
    );
    expect(JSON.stringify(write("@[Ada](user:ada)"))).toMatch(/ada/i);
  });
});
