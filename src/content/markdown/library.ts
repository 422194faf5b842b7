import type MarkdownIt from "markdown-it";

// The package exports a value that is both class and function, so its types are taken from there.

/** The Markdown library's parser. */
export type Parser = InstanceType<typeof MarkdownIt>;
export type Token = ReturnType<Parser["parse"]>[number];
type InlineRule = Parameters<Parser["inline"]["ruler"]["push"]>[1];
export type InlineState = Parameters<InlineRule>[0];
export type BlockRule = Parameters<Parser["block"]["ruler"]["push"]>[1];
export type BlockState = Parameters<BlockRule>[0];
