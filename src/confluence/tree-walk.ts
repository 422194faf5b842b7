import type { Block, Document, Inline, ListItem, TableCell } from "../content/tree.ts";

/** What to put in a node's place. A block's own children are already rewritten. */
export interface Rewrite {
  block?(block: Block): Block;
  inline?(inline: Inline): Inline;
}

/** The document with every node passed through `rewrite`, innermost first. */
export function rewriteDocument(document: Document, rewrite: Rewrite): Document {
  return { ...document, children: rewriteBlocks(document.children, rewrite) };
}

function rewriteBlocks(blocks: readonly Block[], rewrite: Rewrite): Block[] {
  return blocks.map((block) => {
    const inner = rewriteInside(block, rewrite);
    return rewrite.block ? rewrite.block(inner) : inner;
  });
}

function rewriteInlines(inlines: readonly Inline[], { inline }: Rewrite): readonly Inline[] {
  return inline ? inlines.map((each) => inline(each)) : inlines;
}

function rewriteInside(block: Block, rewrite: Rewrite): Block {
  switch (block.type) {
    case "paragraph":
    case "heading":
      return { ...block, children: rewriteInlines(block.children, rewrite) };
    case "image-block":
      return block.caption === undefined
        ? block
        : { ...block, caption: rewriteInlines(block.caption, rewrite) };
    case "quote":
    case "panel":
    case "expand":
    case "frame":
      return { ...block, children: rewriteBlocks(block.children, rewrite) };
    case "list":
      return { ...block, items: block.items.map((item) => rewriteChildren(item, rewrite)) };
    case "table":
      return {
        ...block,
        rows: block.rows.map((row) => row.map((cell) => rewriteChildren(cell, rewrite))),
      };
    case "layout":
      return {
        ...block,
        columns: block.columns.map((column) => ({
          ...column,
          children: rewriteBlocks(column.children, rewrite),
        })),
      };
    default:
      return block;
  }
}

function rewriteChildren<Holder extends ListItem | TableCell>(
  holder: Holder,
  rewrite: Rewrite,
): Holder {
  return { ...holder, children: rewriteBlocks(holder.children, rewrite) };
}
