import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AtlassianMcpError } from "../errors.ts";
import { emojiKeys, emojiToHex, readLook, widthKeys, writeLook } from "./page-properties.ts";

function store(fail?: Error) {
  const written: [string, string | undefined][] = [];
  const properties = {
    async set(_page: string, key: string, value: string | undefined) {
      if (fail) throw fail;
      written.push([key, value]);
    },
  };
  return { properties, written };
}

describe("writeLook", () => {
  it("leaves alone what is not given", async () => {
    const { properties, written } = store();
    expect(await writeLook(properties, "1", {})).toEqual([]);
    expect(written).toEqual([]);
  });

  it("writes the published page and its draft, and removes for an empty text", async () => {
    const { properties, written } = store();
    await writeLook(properties, "1", { emoji: "🚀", pageWidth: "" });
    expect(written).toEqual([
      [emojiKeys[0], "1f680"],
      [emojiKeys[1], "1f680"],
      [widthKeys[0], undefined],
      [widthKeys[1], undefined],
    ]);
  });

  it("tells failures of the site and lets others through", async () => {
    const refused = store(new AtlassianMcpError("forbidden", "no rights"));
    const warnings = await writeLook(refused.properties, "7", { emoji: "🚀", pageWidth: "max" });
    expect(warnings).toHaveLength(2);
    const broken = store(new TypeError("bug"));
    await expect(writeLook(broken.properties, "7", { emoji: "🚀" })).rejects.toThrowError(
      TypeError,
    );
  });
});

describe("readLook", () => {
  it("reads back every emoji", () => {
    const emoji = fc.constantFrom("🚀", "👩‍🚀", "🇩🇪", "1️⃣", "☕");
    fc.assert(
      fc.property(emoji, (each) => {
        expect(readLook({ [emojiKeys[0]]: emojiToHex(each) }).emoji).toBe(each);
      }),
    );
  });

  it.each([undefined, 5, "", "rocket", "ffffffff", "110000", "1f680-"])("ignores %s", (value) => {
    expect(readLook({ [emojiKeys[0]]: value }).emoji).toBeUndefined();
  });

  it("reads the width", () => {
    expect(readLook({ [widthKeys[0]]: "full-width" }).pageWidth).toBe("full-width");
    expect(readLook({ [widthKeys[0]]: { a: 1 } }).pageWidth).toBeUndefined();
    expect(readLook().pageWidth).toBeUndefined();
  });
});
