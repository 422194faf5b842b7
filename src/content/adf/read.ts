import { OriginalsBuilder } from "../opaque.ts";
import type {
  Align,
  Block,
  Document,
  LayoutColumn,
  ListItem,
  Originals,
  PanelKind,
} from "../tree.ts";
import { type FrameData, shell } from "./frames.ts";
import { labelOf, marksLabel } from "./labels.ts";
import { readMediaSingle } from "./media.ts";
import { opaque, readInlines } from "./read-inline.ts";
import { readTable, valignOf } from "./read-table.ts";
import { BLOCK_TYPES, INLINE_TYPES } from "./rules.ts";
import {
  type AdfMark,
  type AdfNode,
  contentOf,
  numberAttribute,
  optionsFrom,
  textAttribute,
} from "./types.ts";

type Code = Extract<Block, { type: "code" }>;

const PANELS = new Map<string, PanelKind>(
  (["info", "note", "tip", "success", "warning", "error", "custom"] as const).map((kind) => [
    kind,
    kind,
  ]),
);
const LEVELS = [1, 2, 3, 4, 5, 6] as const;
const LISTS: ReadonlySet<string> = new Set(["bulletList", "orderedList", "taskList"]);

/**
 * Reads an ADF document. Nodes without a notation come as placeholders or frames, whose originals
 * are listed; node ids that only the editor uses are dropped, except those of tasks and tables.
 * Throws `input` where the value is malformed or nested too deeply.
 */
export function readAdf(adf: unknown): { document: Document; originals: Originals } {
  const originals = new OriginalsBuilder();
  const children = new AdfReader(originals).blocks(contentOf(adf));
  return { document: { type: "document", children }, originals: originals.map };
}

class AdfReader {
  readonly #originals: OriginalsBuilder;

  constructor(originals: OriginalsBuilder) {
    this.#originals = originals;
  }

  readonly blocks = (nodes: readonly AdfNode[]): Block[] => nodes.map((node) => this.#marked(node));

  /** Marks that the tree has no place for go around the block as a frame. */
  #marked(node: AdfNode): Block {
    const marks = node.marks ?? [];
    const block = this.#block(node);
    if (block === undefined) return this.#unknown(node);
    const kept =
      node.type === "mediaSingle" ? [] : marks.filter((mark) => !isAlignment(node, mark));
    if (kept.length === 0) return block;
    return this.#frame(marksLabel(kept), { frame: "marks", marks: kept }, [block]);
  }

  #frame(label: string, data: FrameData, children: readonly Block[]): Block {
    const id = this.#originals.add(label, data);
    return {
      type: "frame",
      id,
      label: this.#originals.map.get(id)?.label ?? label,
      data,
      children,
    };
  }

  #phrases(node: AdfNode) {
    return readInlines(node.content ?? [], this.#originals);
  }

  #block(node: AdfNode): Block | undefined {
    switch (node.type) {
      case "paragraph":
        return { type: "paragraph", children: this.#phrases(node), ...alignOf(node) };
      case "heading": {
        const level = LEVELS.find((number) => number === node.attrs?.level) ?? 6;
        return { type: "heading", level, children: this.#phrases(node), ...alignOf(node) };
      }
      case "codeBlock":
        return readCode(node);
      case "blockquote":
        return { type: "quote", children: this.#content(node) };
      case "bulletList":
      case "orderedList":
        return this.#list(node);
      case "taskList":
        return { type: "list", kind: "task", items: this.#tasks(node) };
      case "rule":
        return { type: "rule" };
      case "mediaSingle":
        return this.#media(node);
      case "blockCard":
      case "embedCard":
        return readCard(node);
      default:
        return this.#container(node);
    }
  }

  #container(node: AdfNode): Block | undefined {
    switch (node.type) {
      case "table":
        return readTable(node, this.blocks);
      case "panel":
        return this.#panel(node);
      case "expand":
      case "nestedExpand": {
        const title = textAttribute(node, "title");
        return { type: "expand", ...(title && { title }), children: this.#content(node) };
      }
      case "layoutSection":
        return this.#layout(node);
      case "decisionList":
        return this.#decisions(node);
      default:
        return undefined;
    }
  }

  #content(node: AdfNode): Block[] {
    return this.blocks(node.content ?? []);
  }

  #list(node: AdfNode): Block {
    const items = (node.content ?? []).map((item): ListItem => {
      const content = item.type === "listItem" ? (item.content ?? []) : [item];
      const [first, second] = content;
      // The writer puts an empty paragraph before a list, as an item may not start with one.
      const padded = first?.type === "paragraph" && !first.content?.length && !first.marks?.length;
      return {
        children: this.blocks(
          padded && second && LISTS.has(second.type) ? content.slice(1) : content,
        ),
      };
    });
    const start = numberAttribute(node, "order");
    if (node.type === "bulletList") return { type: "list", kind: "bullet", items };
    return { type: "list", kind: "ordered", ...(start !== undefined && { start }), items };
  }

  /** A list below a task stands beside it in ADF; in the tree it is part of the task. */
  #tasks(node: AdfNode): ListItem[] {
    const items: ListItem[] = [];
    for (const child of node.content ?? []) {
      const last = items.at(-1);
      if (child.type === "taskItem" || child.type === "blockTaskItem") {
        const id = textAttribute(child, "localId");
        const task = { done: child.attrs?.state === "DONE", ...(id && { id }) };
        items.push({ children: this.#taskContent(child), task });
      } else if (last === undefined) {
        items.push({ children: [this.#marked(child)], task: { done: false } });
      } else
        items[items.length - 1] = { ...last, children: [...last.children, this.#marked(child)] };
    }
    return items;
  }

  #taskContent(node: AdfNode): Block[] {
    if (node.type === "blockTaskItem") return this.#content(node);
    const children = this.#phrases(node);
    return children.length === 0 ? [] : [{ type: "paragraph", children }];
  }

  #panel(node: AdfNode): Block | undefined {
    const kind = PANELS.get(textAttribute(node, "panelType") ?? "");
    if (kind === undefined) return undefined;
    const options = optionsFrom(node, PANEL_OPTIONS);
    return { type: "panel", kind, children: this.#content(node), ...(options && { options }) };
  }

  /** More than three columns stay as they are stored: the published schema knows no more. */
  #layout(node: AdfNode): Block | undefined {
    const columns = node.content ?? [];
    const regular = columns.every(({ type }) => type === "layoutColumn");
    if (!regular || columns.length < 2 || columns.length > 3) return undefined;
    return {
      type: "layout",
      columns: columns.map((column): LayoutColumn => {
        const width = numberAttribute(column, "width");
        const valign = valignOf(column);
        return {
          ...(width && { width }),
          ...(valign && { valign }),
          children: this.#content(column),
        };
      }),
    };
  }

  #media(node: AdfNode): Block | undefined {
    const [media, caption, ...rest] = node.content ?? [];
    if (media?.type !== "media" || rest.length > 0) return undefined;
    if (caption !== undefined && caption.type !== "caption") return undefined;
    const image = readMediaSingle(node, media);
    const text = caption && this.#phrases(caption);
    return image && { type: "image-block", image, ...(text?.length && { caption: text }) };
  }

  #decisions(node: AdfNode): Block | undefined {
    const items = node.content ?? [];
    if (!items.every(({ type }) => type === "decisionItem")) return undefined;
    const data: FrameData = { frame: "decisions", node: shell(node), items: items.map(shell) };
    const children = items.map(
      (item): Block => ({ type: "paragraph", children: this.#phrases(item) }),
    );
    return this.#frame("decisions", data, children);
  }

  /** A frame where the content can be shown, else a placeholder. */
  #unknown(node: AdfNode): Block {
    const content = node.content ?? [];
    if (content.length > 0 && content.every(isInline) && !BLOCK_TYPES.has(node.type)) {
      const data: FrameData = { frame: "inline", node: shell(node) };
      return this.#frame(labelOf(shell(node)), data, [
        { type: "paragraph", children: this.#phrases(node) },
      ]);
    }
    if (content.length > 0 && content.every(holdsBlocks)) {
      return this.#frame(
        labelOf(shell(node)),
        { frame: "node", node: shell(node) },
        this.#content(node),
      );
    }
    return opaque(node, this.#originals);
  }
}

const PANEL_OPTIONS = {
  icon: "panelIcon",
  iconId: "panelIconId",
  iconText: "panelIconText",
  color: "panelColor",
};

function isInline({ type }: AdfNode): boolean {
  return INLINE_TYPES.has(type);
}

function holdsBlocks(node: AdfNode): boolean {
  if (BLOCK_TYPES.has(node.type)) return true;
  const content = node.content ?? [];
  return content.length > 0 && (content.every(holdsBlocks) || content.every(isInline));
}

function isAlignment(node: AdfNode, mark: AdfMark): boolean {
  const aligned = node.type === "paragraph" || node.type === "heading";
  return aligned && mark.type === "alignment";
}

function alignOf(node: AdfNode): { align?: Align } {
  const mark = node.marks?.find(({ type }) => type === "alignment");
  if (mark === undefined) return {};
  return { align: mark.attrs?.align === "center" ? "center" : "right" };
}

function readCode(node: AdfNode): Code {
  const language = textAttribute(node, "language");
  const hidden = node.attrs?.hideLineNumbers;
  const options = {
    ...(typeof hidden === "boolean" && { linenumbers: String(!hidden) }),
    ...optionsFrom(node, { wrap: "wrap", uniqueId: "uniqueId" }),
  };
  return {
    type: "code",
    text: (node.content ?? []).map(({ text = "" }) => text).join(""),
    ...(language && { language }),
    ...(Object.keys(options).length > 0 && { options }),
  };
}

function readCard(node: AdfNode): Block | undefined {
  const url = textAttribute(node, "url");
  if (url === undefined || node.attrs?.datasource !== undefined) return undefined;
  if (node.type === "blockCard") return { type: "card-block", url, kind: "block" };
  const { layout, ...sizes } =
    optionsFrom(node, {
      layout: "layout",
      width: "width",
      originalWidth: "originalWidth",
      originalHeight: "originalHeight",
    }) ?? {};
  const options = { ...(layout && layout !== "center" && { layout }), ...sizes };
  const kept = Object.keys(options).length > 0 && { options };
  return { type: "card-block", url, kind: "embed", ...kept };
}
