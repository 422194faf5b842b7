import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createSealer, keyFromText, keyIdOf } from "./seal.ts";

const key = randomBytes(32);
const other = randomBytes(32);
const salt = Buffer.from("salt of this folder");

describe("sealing", () => {
  it("gives back the text under the same name and key", () => {
    const sealer = createSealer([key]);
    for (const text of ["", "short", "ä ✓ 𝄞", "x".repeat(100_000)]) {
      expect(sealer.open("a", sealer.seal("a", text))).toEqual({ kind: "text", text });
    }
  });

  it("never seals the same text alike, and shows nothing of it", () => {
    const sealer = createSealer([key]);
    const first = sealer.seal("a", "a secret text");
    expect(first.equals(sealer.seal("a", "a secret text"))).toBe(false);
    expect(first.toString("latin1")).not.toContain("secret");
  });

  it("does not open a record under the name of another", () => {
    const sealer = createSealer([key]);
    expect(sealer.open("b", sealer.seal("a", "text"))).toEqual({ kind: "damaged" });
  });

  it("notices each changed, missing or added byte", () => {
    const sealer = createSealer([key]);
    const sealed = sealer.seal("a", "text");
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(sealer.open("a", changed).kind).not.toBe("text");
      expect(sealer.open("a", sealed.subarray(0, at)).kind).not.toBe("text");
    }
    expect(sealer.open("a", Buffer.concat([sealed, Buffer.of(0)])).kind).toBe("damaged");
  });

  it("tells a foreign key from damage", () => {
    const sealed = createSealer([other]).seal("a", "text");
    expect(createSealer([key]).open("a", sealed)).toEqual({ kind: "unknown-key" });
  });

  it("encrypts with the first key and decrypts with all", () => {
    const before = createSealer([other]).seal("a", "text");
    const sealer = createSealer([key, other]);
    expect(sealer.open("a", before)).toEqual({ kind: "text", text: "text" });
    expect(createSealer([key]).open("a", sealer.seal("a", "new")).kind).toBe("text");
    expect(sealer.keyId).toBe(keyIdOf(key));
  });
});

describe("a key from a text", () => {
  it.each([
    ["base64", key.toString("base64")],
    ["base64 without padding", key.toString("base64").replace("=", "")],
    ["base64url", key.toString("base64url")],
    ["hex", key.toString("hex")],
    ["hex in capitals, with a line break", `${key.toString("hex").toUpperCase()}\n`],
  ])("is the 32 bytes in %s", async (_form, text) => {
    expect((await keyFromText(text, salt)).equals(key)).toBe(true);
  });

  it("is stretched from a passphrase, alike each time and different per salt", async () => {
    const made = await keyFromText("correct horse battery staple", salt);
    expect(made).toHaveLength(32);
    expect(await keyFromText(" correct horse battery staple\n", salt)).toEqual(made);
    expect(await keyFromText("correct horse battery staple", Buffer.from("b"))).not.toEqual(made);
    expect(await keyFromText("correct horse battery stapler", salt)).not.toEqual(made);
  });

  it("is refused when it is empty", async () => {
    await expect(keyFromText(" ", salt)).rejects.toMatchObject({
      code: "config",
      details: { setting: "ATLASSIAN_STORE_KEY" },
    });
  });
});
