import { normalizeDocument, normalizeInlines } from "../normalize.ts";
import { checkPlaceholders } from "../opaque.ts";
import type { Block, Document } from "../tree.ts";
import { mediaSingle } from "./media.ts";
import { allows, allowsAlignment, type Context, INLINE_TYPES } from "./rules.ts";
import { type AdfAttributes, type AdfDocument, type AdfNode, asNode, node } from "./types.ts";
import { writeFrame } from "./write-frame.ts";
import {
  foreign,
  imageText,
  joinText,
  splitFlow,
  writeCaption,
  writeFlow,
} from "./write-inline.ts";
import { writeList } from "./write-list.ts";
import { writeTable } from "./write-table.ts";
import {
  type AdfOptions,
  contain,
  LocalIds,
  originalOf,
  type Placed,
  placed,
  textNode,
  type Writing,
} from "./writing.ts";

type Paragraph = Extract<Block, { type: "paragraph" }>;
type Heading = Extract<Block, { type: "heading" }>;
type Code = Extract<Block, { type: "code" }>;
type Panel = Extract<Block, { type: "panel" }>;
type Expand = Extract<Block, { type: "expand" }>;
type Layout = Extract<Block, { type: "layout" }>;
type ImageBlock = Extract<Block, { type: "image-block" }>;
type CardBlock = Extract<Block, { type: "card-block" }>;
type Opaque = Extract<Block, { type: "opaque" }>;

/**
 * Writes a document as ADF that satisfies Atlassian's schema. What may not stand where it is moves
 * out of its container or loses its frame, never its text. Throws `input` when a placeholder
 * stands for nothing or stands twice.
 */
export function writeAdf(document: Document, options: AdfOptions = {}): AdfDocument {
  checkPlaceholders(document, options.originals);
  const writer = new AdfWriter(options);
  const blocks = normalizeDocument(document).children.flatMap((block) =>
    writer.block(block, "doc"),
  );
  const content = blocks.flatMap((one) => (one.kind === "out" ? [] : [one.node]));
  return { version: 1, type: "doc", content };
}

class AdfWriter implements Writing {
  readonly options: AdfOptions;
  readonly ids = new LocalIds();

  constructor(options: AdfOptions) {
    this.options = options;
  }

  block(block: Block, context: Context): Placed[] {
    switch (block.type) {
      case "paragraph":
        return this.#paragraph(block, context);
      case "heading":
        return this.#heading(block, context);
      case "list":
        return writeList(block, context, this);
      case "table":
        return writeTable(block, context, this);
      case "quote":
      case "panel":
      case "expand":
      case "layout":
        return this.#container(block, context);
      case "frame":
        return writeFrame(block, context, this);
      case "opaque":
        return this.#opaque(block, context);
      default:
        return this.#leaf(block, context);
    }
  }

  #leaf(block: Code | ImageBlock | CardBlock | { type: "rule" }, context: Context): Placed[] {
    switch (block.type) {
      case "code":
        return this.#code(block, context);
      case "image-block":
        return this.#image(block, context);
      case "card-block":
        return this.#card(block, context);
      case "rule":
        return allows(context, "rule") ? [placed(node("rule"))] : [{ kind: "out", block }];
    }
  }

  #container(block: Panel | Expand | Layout | Extract<Block, { type: "quote" }>, context: Context) {
    switch (block.type) {
      case "panel":
        return this.#panel(block, context);
      case "expand":
        return this.#expand(block, context);
      case "layout":
        return this.#layout(block, context);
      case "quote": {
        if (!allows(context, "blockquote")) return this.#blocks(block.children, context);
        return contain(this, unfolded(block.children), "quote", context, (content) =>
          node("blockquote", undefined, content),
        );
      }
    }
  }

  #blocks(blocks: readonly Block[], context: Context): Placed[] {
    return blocks.flatMap((block) => this.block(block, context));
  }

  /** One paragraph, or several around blocks that stand in the line. */
  #paragraph({ children, align }: Paragraph, context: Context): Placed[] {
    const flow = writeFlow(children, this.options, allows(context, "mediaSingle"));
    const aligned = allowsAlignment(context) && align !== undefined && align !== "left";
    const marks = aligned
      ? [{ type: "alignment", attrs: { align: align === "center" ? "center" : "end" } }]
      : [];
    const paragraph = (run: readonly AdfNode[]) =>
      placed(node("paragraph", undefined, run.length > 0 ? joinText(run) : undefined, marks));
    const result: Placed[] = [];
    let run: AdfNode[] = [];
    const flush = () => {
      const blank = run.every(({ type, text }) => type === "text" && text?.trim() === "");
      if (!blank) result.push(paragraph(run));
      run = [];
    };
    for (const piece of flow) {
      if ("block" in piece) {
        flush();
        result.push(...this.block(piece.block, context));
      } else run.push(piece);
    }
    if (result.length === 0) return [paragraph(run)];
    flush();
    return result;
  }

  #heading(block: Heading, context: Context): Placed[] {
    if (!allows(context, "heading")) return this.#paragraph(strong(block), context);
    const { nodes, blocks } = splitFlow(writeFlow(block.children, this.options, false));
    const aligned =
      allowsAlignment(context) && (block.align === "center" || block.align === "right");
    const align = block.align === "center" ? "center" : "end";
    const marks = aligned ? [{ type: "alignment", attrs: { align } }] : [];
    const heading = node(
      "heading",
      { level: block.level },
      nodes.length > 0 ? nodes : undefined,
      marks,
    );
    return [placed(heading), ...this.#blocks(blocks, context)];
  }

  #code(block: Code, context: Context): Placed[] {
    if (!allows(context, "codeBlock")) return [{ kind: "out", block }];
    const { title, linenumbers, wrap, uniqueId } = block.options ?? {};
    const attrs = {
      language: block.language,
      uniqueId,
      wrap: wrap === "true" ? true : undefined,
      hideLineNumbers: linenumbers === undefined ? undefined : linenumbers === "false",
    };
    const content = block.text === "" ? undefined : [textNode(block.text)];
    return [...this.#title(title, context), placed(node("codeBlock", attrs, content))];
  }

  /** A title that has no place of its own. */
  #title(title: string | undefined, context: Context): Placed[] {
    if (title === undefined || title === "") return [];
    return this.block(titleOf(title), context);
  }

  #panel(block: Panel, context: Context): Placed[] {
    const children =
      block.title === undefined
        ? unfolded(block.children)
        : [titleOf(block.title), ...block.children];
    if (!allows(context, "panel")) return this.#blocks(children, context);
    const { icon, iconId, iconText, color } = block.options ?? {};
    const attrs: AdfAttributes = {
      panelType: block.kind,
      panelIcon: icon,
      panelIconId: iconId,
      panelIconText: iconText,
      panelColor: color,
    };
    return contain(this, children, "panel", context, (content) => node("panel", attrs, content));
  }

  #expand(block: Expand, context: Context): Placed[] {
    const { title = "", children } = block;
    const nested = allows(context, "nestedExpand");
    if (nested || allows(context, "expand")) {
      const type = nested ? "nestedExpand" : "expand";
      const attrs = { title: nested ? title : block.title };
      return contain(this, children, type, context, (content) => node(type, attrs, content));
    }
    if (context === "nestedExpand" || context === "extension") {
      return [...this.#title(title, context), ...this.#blocks(children, context)];
    }
    return [{ kind: "out", block }];
  }

  /** Two or three columns a section; a single column, or one in another place, is its content. */
  #layout({ columns }: Layout, context: Context): Placed[] {
    if (columns.length < 2 || !allows(context, "layoutSection")) {
      return columns.flatMap(({ children }) => this.#blocks(children, context));
    }
    const result: Placed[] = [];
    for (let start = 0; start < columns.length; ) {
      const left = columns.length - start;
      const count = left === 4 || left === 2 ? 2 : 3;
      const section = columns.slice(start, start + count);
      const share = Math.round(10_000 / count) / 100;
      const moved: Placed[] = [];
      const content = section.map(({ width = share, valign, children }) => {
        const inner = this.#blocks(children, "column");
        moved.push(...inner.filter(({ kind }) => kind !== "node"));
        const nodes = inner.flatMap((one) => (one.kind === "node" ? [one.node] : []));
        const filled = nodes.length > 0 ? nodes : [node("paragraph")];
        return node("layoutColumn", { width: Math.min(width, 100), valign }, filled);
      });
      result.push(placed(node("layoutSection", undefined, content)), ...moved);
      start += count;
    }
    return result;
  }

  #image(block: ImageBlock, context: Context): Placed[] {
    const { image, caption = [] } = block;
    if (!allows(context, "mediaSingle")) return [{ kind: "out", block }];
    const { source } = image;
    const file = source.kind === "attachment" ? this.options.media?.(source.filename) : source;
    const below = caption.length > 0 || image.title === undefined ? caption : plain(image.title);
    const { nodes, blocks } = writeCaption(below, this.options);
    if (file === undefined) {
      const lines = [imageText(image, this.options)];
      return [placed(node("paragraph", undefined, lines)), ...this.#caption(below, context)];
    }
    const target = "url" in file ? { url: file.url } : { id: file.id, collection: file.collection };
    return [placed(mediaSingle(image, target, nodes)), ...this.#blocks(blocks, context)];
  }

  #caption(caption: ImageBlock["caption"] & object, context: Context): Placed[] {
    return caption.length === 0
      ? []
      : this.block({ type: "paragraph", children: caption }, context);
  }

  #card({ url, kind, options = {} }: CardBlock, context: Context): Placed[] {
    if (kind === "embed" && allows(context, "embedCard")) {
      return [placed(node("embedCard", { url, ...embedAttributes(options) }))];
    }
    if (allows(context, "blockCard")) return [placed(node("blockCard", { url }))];
    return [placed(node("paragraph", undefined, [node("inlineCard", { url })]))];
  }

  #opaque(block: Opaque, context: Context): Placed[] {
    const data = originalOf(this.options, block);
    const original = asNode(data);
    if (original === undefined) throw foreign(block.id);
    if (INLINE_TYPES.has(original.type)) return [placed(node("paragraph", undefined, [original]))];
    return [
      allows(context, original.type)
        ? placed(original)
        : { kind: "out", block: { ...block, data } },
    ];
  }
}

const EMBED_LAYOUTS = new Set([
  "wide",
  "full-width",
  "wrap-right",
  "wrap-left",
  "align-end",
  "align-start",
]);

function embedAttributes(options: Readonly<Record<string, string>>): AdfAttributes {
  const { layout = "", width, originalWidth, originalHeight } = options;
  return {
    layout: EMBED_LAYOUTS.has(layout) ? layout : "center",
    width: Number(width) > 0 && Number(width) <= 100 ? Number(width) : undefined,
    originalWidth: Number(originalWidth) > 0 ? Number(originalWidth) : undefined,
    originalHeight: Number(originalHeight) > 0 ? Number(originalHeight) : undefined,
  };
}

function plain(text: string): NonNullable<ImageBlock["caption"]> {
  return [{ type: "text", text, marks: [] }];
}

function titleOf(title: string): Paragraph {
  return {
    type: "paragraph",
    children: [{ type: "text", text: title, marks: [{ kind: "strong" }] }],
  };
}

/** Expands move out of panels and quotes. Where nothing else is inside, the container stays and the expand gives way. */
function unfolded(blocks: readonly Block[]): readonly Block[] {
  const expands = blocks.filter((block) => block.type === "expand");
  if (expands.length < blocks.length) return blocks;
  return expands.flatMap(({ title, children }) => [
    ...(title ? [titleOf(title)] : []),
    ...children,
  ]);
}

/** A heading as a line of strong text. */
function strong({ children, align }: Heading): Paragraph {
  const bold = children.map((inline) =>
    inline.type === "text"
      ? { ...inline, marks: [...inline.marks, { kind: "strong" as const }] }
      : inline,
  );
  return { type: "paragraph", children: normalizeInlines(bold), ...(align && { align }) };
}
