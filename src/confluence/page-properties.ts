import { isOurs } from "../errors.ts";
import type { PropertyStore } from "./dialect/types.ts";

/** Content properties that hold the emoji before a title: published page first, then its draft. */
export const emojiKeys = ["emoji-title-published", "emoji-title-draft"] as const;
/** Content properties that hold the width of a page. */
export const widthKeys = ["content-appearance-published", "content-appearance-draft"] as const;

export interface PageLook {
  /** One emoji; an empty text removes it; absent: unchanged. */
  readonly emoji?: string | undefined;
  /** `full-width`, `max`, `default`; an empty text resets it; absent: unchanged. */
  readonly pageWidth?: string | undefined;
}

/** Writes emoji and width; returns what failed, because the page itself is already written. */
export async function writeLook(
  properties: PropertyStore,
  pageId: string,
  look: PageLook,
): Promise<string[]> {
  const warnings: string[] = [];
  const set = async (what: string, keys: readonly string[], value: string | undefined) => {
    try {
      for (const key of keys) await properties.set(pageId, key, value);
    } catch (error) {
      if (!isOurs(error)) throw error;
      warnings.push(`The ${what} of page ${pageId} could not be set: ${error.message}`);
    }
  };
  if (look.emoji !== undefined) await set("emoji", emojiKeys, emojiToHex(look.emoji));
  if (look.pageWidth !== undefined) await set("width", widthKeys, look.pageWidth || undefined);
  return warnings;
}

/** Emoji and width as the properties of a page have them. */
export function readLook(properties: Readonly<Record<string, unknown>> = {}): PageLook {
  const width = properties[widthKeys[0]];
  return {
    emoji: emojiFromHex(properties[emojiKeys[0]]),
    pageWidth: typeof width === "string" ? width : undefined,
  };
}

/** `🚀` → `1f680`; several code points are joined by `-`. */
export function emojiToHex(emoji: string): string | undefined {
  const points = [...emoji.trim()].map((char) => (char.codePointAt(0) ?? 0).toString(16));
  return points.length === 0 ? undefined : points.join("-");
}

function emojiFromHex(value: unknown): string | undefined {
  if (typeof value !== "string" || !/^[0-9a-f]{1,6}(-[0-9a-f]{1,6})*$/i.test(value))
    return undefined;
  const points = value.split("-").map((hex) => Number.parseInt(hex, 16));
  return points.every((point) => point <= 0x10ffff) ? String.fromCodePoint(...points) : undefined;
}
