/** Arguments that several Confluence tools share. */
import { z } from "zod";

/** Id, address or tiny link; what it names is found out by the client. */
export function pageId(description = "Page id or page URL") {
  return z.string().describe(description);
}

export const spaceKey = z
  .string()
  .describe("Space key, e.g. DEV or ~ada")
  .transform((text) => text.trim());

export const cursor = z.string().describe("next_cursor of the previous call");

export const commentBody = z
  .string()
  .describe("Markdown; storage format when it is well-formed and starts with one of its blocks");

const formats = {
  markdown: "markdown",
  wiki: "wiki",
  storage: "storage",
  xhtml: "storage",
} as const;

function isPageWidth(text: string): boolean {
  return ["full-width", "max", "default", ""].includes(text);
}

/** The arguments by which a page's body and look are given. */
export const pageContent = {
  content: z.string().optional().describe("Body in content_format"),
  content_file: z
    .string()
    .optional()
    .describe("UTF-8 file below the working directory, instead of content"),
  content_format: z
    .enum(["markdown", "wiki", "storage", "xhtml"])
    .default("markdown")
    .describe("xhtml is the same as storage")
    .transform((format) => formats[format]),
  enable_heading_anchors: z.boolean().default(false).describe("Add anchors to Markdown headings"),
  include_content: z.boolean().default(false).describe("Return the stored body"),
  emoji: z.string().optional().describe("Title emoji, e.g. 🚀; empty removes it"),
  // Not an enum: some model providers refuse a schema with an empty word in one.
  page_width: z
    .string()
    .refine(isPageWidth, "must be full-width, max, default or empty")
    .optional()
    .describe("full-width, max or default; empty resets it"),
  table_layout: z
    .enum(["full-width", "wide", "default"])
    .optional()
    .describe("Width of Markdown tables"),
};

/** {@link pageContent} as the client takes it. */
export function contentInput(args: z.output<z.ZodObject<typeof pageContent>>) {
  return {
    content: args.content,
    contentFile: args.content_file,
    format: args.content_format,
    headingAnchors: args.enable_heading_anchors,
    tableLayout: args.table_layout,
    emoji: args.emoji,
    pageWidth: args.page_width,
    includeContent: args.include_content,
  };
}
