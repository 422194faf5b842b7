import { AtlassianMcpError } from "../../errors.ts";
import type { MentionKinds } from "../mention.ts";
import { takeOriginal } from "../opaque.ts";
import type { Block, Originals } from "../tree.ts";
import type { MarkTags } from "./marks.ts";
import type { FrameData } from "./reading.ts";

export interface StorageOptions {
  /** The originals of the stored version, for the placeholders of a text. */
  readonly originals?: Originals | undefined;
  /** How the site names people; any other mention is refused. Absent: every mention is written. */
  readonly mentions?: MentionKinds | undefined;
}

/** What the writers of one text share. */
export interface Writing {
  readonly originals: Originals | undefined;
  readonly mentions: MentionKinds | undefined;
  readonly blocks: (blocks: readonly Block[]) => string;
}

interface Kept {
  readonly id: string;
  readonly data?: unknown;
}

function dataOf(node: Kept, writing: Writing): unknown {
  return node.data ?? takeOriginal(writing.originals ?? new Map(), node.id);
}

/** Source text of an opaque node. Throws `input` where it comes from another format. */
export function keptSource(node: Kept, writing: Writing): string {
  const data = dataOf(node, writing);
  if (typeof data === "string" && data.startsWith("<")) return data;
  throw foreign(node.id);
}

/** What stands around a frame's content. Throws `input` where it comes from another format. */
export function keptFrame(node: Kept, writing: Writing): FrameData {
  const data = dataOf(node, writing);
  if (isTags(data) && data.open.startsWith("<")) return data;
  if (isRecord(data) && typeof data.tag === "string") return { tag: data.tag };
  throw foreign(node.id);
}

/** The tags of an opaque mark. Throws `input` where it comes from another format. */
export function keptMark(node: Kept, writing: Writing): MarkTags {
  const data = dataOf(node, writing);
  if (isTags(data) && data.open.startsWith("<")) return data;
  throw foreign(node.id);
}

/** True for data that holds what stands before and after a content. */
export function isTags(data: unknown): data is MarkTags {
  return isRecord(data) && typeof data.open === "string" && typeof data.close === "string";
}

function isRecord(data: unknown): data is Record<string, unknown> {
  return typeof data === "object" && data !== null;
}

function foreign(id: string): AtlassianMcpError {
  const message = `the placeholder ${id} stands for something that storage format cannot hold`;
  return new AtlassianMcpError("input", message, {
    next: "Leave the placeholder out, or write its content in Markdown.",
  });
}
