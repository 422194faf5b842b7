import { createHash } from "node:crypto";
import { AtlassianMcpError } from "../errors.ts";
import type { Block, Document, Inline, Originals } from "./tree.ts";

const ID_LENGTH = 8;
const ID_SPACE = 36n ** BigInt(ID_LENGTH);
const LABEL_LENGTH = 120;

/** Eight base36 characters that depend on the text alone. */
export function contentHash(text: string): string {
  const digest = createHash("sha256").update(text).digest().readBigUInt64BE();
  return (digest % ID_SPACE).toString(36).padStart(ID_LENGTH, "0");
}

/** A label as it may stand in a placeholder: one line, no braces, at most 120 characters. */
export function cleanLabel(label: string): string {
  const line = label.replace(/[{}]/g, "").replace(/\s+/g, " ").trim();
  if (line.length <= LABEL_LENGTH) return line;
  const cut = line.slice(0, LABEL_LENGTH - 1).replace(/[\uD800-\uDBFF]$/, "");
  return `${cut.trimEnd()}…`;
}

/** Collects what has no notation while a document is read, and hands out the ids that stand for it. */
export class OriginalsBuilder {
  readonly #entries = new Map<string, { readonly label: string; readonly data: unknown }>();
  readonly #repeats = new Map<string, number>();
  readonly #shared = new Map<string, string>();

  /** Keeps `data` and returns its id; equal data kept again gets its own id (`-2`, `-3`, …). */
  add(label: string, data: unknown): string {
    const base = contentHash(serialize(data));
    const count = (this.#repeats.get(base) ?? 0) + 1;
    this.#repeats.set(base, count);
    const id = count === 1 ? base : `${base}-${count}`;
    this.#entries.set(id, { label: cleanLabel(label), data });
    return id;
  }

  /** Like `add`, but equal data shares one id. For marks, which may be split and repeated freely. */
  share(label: string, data: unknown): string {
    const key = serialize(data);
    const known = this.#shared.get(key);
    if (known !== undefined) return known;
    const id = this.add(label, data);
    this.#shared.set(key, id);
    return id;
  }

  /** Everything kept so far, by id. */
  get map(): Originals {
    return this.#entries;
  }
}

function serialize(data: unknown): string {
  return typeof data === "string" ? data : (JSON.stringify(data) ?? "");
}

interface Found {
  readonly id: string;
  readonly label: string;
  readonly mark: boolean;
  readonly filled: boolean;
}

function* inPhrases(inlines: readonly Inline[]): Generator<Found> {
  for (const inline of inlines) {
    if (inline.type === "opaque") {
      yield { id: inline.id, label: inline.label, mark: false, filled: inline.data !== undefined };
    }
    if (inline.type !== "text") continue;
    for (const mark of inline.marks) {
      if (mark.kind !== "opaque") continue;
      yield { id: mark.id, label: "mark", mark: true, filled: mark.data !== undefined };
    }
  }
}

function* inBlocks(blocks: readonly Block[]): Generator<Found> {
  for (const block of blocks) yield* inBlock(block);
}

function* inBlock(block: Block): Generator<Found> {
  switch (block.type) {
    case "paragraph":
    case "heading":
      return yield* inPhrases(block.children);
    case "image-block":
      return yield* inPhrases(block.caption ?? []);
    case "list":
      for (const item of block.items) yield* inBlocks(item.children);
      return;
    case "table":
      for (const row of block.rows) for (const cell of row) yield* inBlocks(cell.children);
      return;
    case "layout":
      for (const column of block.columns) yield* inBlocks(column.children);
      return;
    case "opaque":
    case "frame":
      yield { id: block.id, label: block.label, mark: false, filled: block.data !== undefined };
      if (block.type === "frame") yield* inBlocks(block.children);
      return;
    case "quote":
    case "panel":
    case "expand":
      return yield* inBlocks(block.children);
    default:
      return;
  }
}

/** Ids of all placeholders in document order; a placeholder that stands twice is listed twice, a mark once. */
export function collectIds(document: Document): string[] {
  const marks = new Set<string>();
  const ids: string[] = [];
  for (const { id, mark } of inBlocks(document.children)) {
    if (mark && marks.has(id)) continue;
    if (mark) marks.add(id);
    ids.push(id);
  }
  return ids;
}

/** What of `originals` the document no longer mentions and a write would therefore destroy. */
export function missingOriginals(
  document: Document,
  originals: Originals,
): { id: string; label: string }[] {
  const kept = new Set(collectIds(document));
  return [...originals].filter(([id]) => !kept.has(id)).map(([id, { label }]) => ({ id, label }));
}

/** The original behind an id. Throws `input` when the text names one that the stored version lacks. */
export function takeOriginal(originals: Originals, id: string): unknown {
  const found = originals.get(id);
  if (found === undefined) throw unknownPlaceholder(id);
  return found.data;
}

/**
 * Throws `input` when a placeholder stands twice, or stands for nothing: neither filled by a reader
 * nor among `originals`. Marks may repeat. Writers call it before they write anything.
 */
export function checkPlaceholders(document: Document, originals?: Originals): void {
  const seen = new Set<string>();
  for (const { id, label, mark, filled } of inBlocks(document.children)) {
    if (!filled && originals?.has(id) !== true) throw unknownPlaceholder(id);
    if (mark) continue;
    if (seen.has(id)) {
      throw new AtlassianMcpError("input", `The placeholder ${id} (${label}) stands twice.`, {
        next: `Keep one {opaque:${id} …} or :::frame ${id}; an original cannot be copied by its placeholder.`,
      });
    }
    seen.add(id);
  }
}

function unknownPlaceholder(id: string): AtlassianMcpError {
  return new AtlassianMcpError(
    "input",
    `The placeholder ${id} stands for nothing that is stored.`,
    {
      next: "Read the current version again and use its placeholders unchanged, or remove this one.",
    },
  );
}
