import type { MentionKinds } from "../mention.ts";
import { contentHash, takeOriginal } from "../opaque.ts";
import type { Block, Originals } from "../tree.ts";
import type { MediaFile } from "./media.ts";
import { allows, type Context } from "./rules.ts";
import { type AdfNode, node } from "./types.ts";

/** What the tree refers to by name and ADF by address or id. */
export interface AdfOptions {
  /** The originals of the stored version, for the placeholders of a text. */
  readonly originals?: Originals | undefined;
  /** How the site names people; any other mention is refused. Absent: others become plain text. */
  readonly mentions?: MentionKinds | undefined;
  /** The stored file behind an attachment's name. Without it attachments become their names. */
  readonly media?: ((filename: string) => MediaFile | undefined) | undefined;
  /** The address behind a `page:` or `attachment:` link. Without it the link becomes its text. */
  readonly links?: ((href: string) => string | undefined) | undefined;
}

/**
 * A block in a place: a node that may stand there, or something that may not and therefore moves
 * out to the place around it, as a block still to be written or as a node.
 */
export type Placed =
  | { readonly kind: "node"; readonly node: AdfNode }
  | { readonly kind: "out"; readonly block: Block }
  | { readonly kind: "loose"; readonly node: AdfNode };

export interface Writing {
  readonly options: AdfOptions;
  readonly ids: LocalIds;
  block(block: Block, context: Context): Placed[];
}

/** Hands out node ids that depend on the content alone, and for copies on their order. */
export class LocalIds {
  readonly #used = new Set<string>();

  /** The wanted id if it is still free, else a new one. */
  take(wanted: string | undefined, content: unknown): string {
    let id = wanted;
    for (let copy = 0; id === undefined || this.#used.has(id); copy += 1) {
      id = contentHash(`${copy} ${JSON.stringify(content)}`);
    }
    this.#used.add(id);
    return id;
  }
}

export const EMPTY_PARAGRAPH: AdfNode = { type: "paragraph" };

/** A node as it stands. */
export function placed(adf: AdfNode): Placed {
  return { kind: "node", node: adf };
}

/** Something that moved out, in the place it came to. */
export function settle(writing: Writing, moved: Placed, context: Context): Placed[] {
  if (moved.kind === "out") return writing.block(moved.block, context);
  return [
    allows(context, moved.node.type) ? placed(moved.node) : { kind: "loose", node: moved.node },
  ];
}

/** A container around its content, in several pieces where something has to move out of it. */
export function contain(
  writing: Writing,
  children: readonly Block[],
  inner: Context,
  outer: Context,
  wrap: (content: readonly AdfNode[]) => AdfNode,
): Placed[] {
  const result: Placed[] = [];
  let run: AdfNode[] = [];
  const flush = () => {
    if (run.length > 0) result.push(placed(wrap(run)));
    run = [];
  };
  for (const child of children.flatMap((block) => writing.block(block, inner))) {
    if (child.kind === "node") run.push(child.node);
    else {
      flush();
      result.push(...settle(writing, child, outer));
    }
  }
  flush();
  return result.length > 0 ? result : [placed(wrap([EMPTY_PARAGRAPH]))];
}

/** The original behind a placeholder, frame or mark. */
export function originalOf(
  { originals }: AdfOptions,
  { id, data }: { readonly id: string; readonly data: unknown },
): unknown {
  return data === undefined ? takeOriginal(originals ?? new Map(), id) : data;
}

/** A text node. */
export function textNode(text: string): AdfNode {
  return { ...node("text"), text };
}
