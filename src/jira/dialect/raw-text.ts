import { AtlassianMcpError } from "../../errors.ts";
import { noOriginals } from "./shared.ts";
import type { JiraDialect } from "./types.ts";

/**
 * A dialect that passes texts unconverted (`DISABLE_JIRA_MARKUP_TRANSLATION`). Where the stored form is a document
 * rather than text, documents are read and taken as JSON, and plain text becomes plain paragraphs.
 */
export function withRawText(dialect: JiraDialect): JiraDialect {
  return {
    ...dialect,
    readText: (stored) => ({
      markdown:
        typeof stored === "string" || stored == null ? (stored ?? "") : JSON.stringify(stored),
      originals: noOriginals,
    }),
    writeText(text) {
      if (!storesDocuments(dialect)) return text;
      const document = parseDocument(text);
      return document !== undefined && dialect.isStoredText(document)
        ? document
        : plainDocument(text);
    },
  };
}

function storesDocuments(dialect: JiraDialect): boolean {
  return dialect.isStoredText(plainDocument(""));
}

function parseDocument(text: string): unknown {
  if (!text.trimStart().startsWith("{")) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AtlassianMcpError(
      "input",
      "The text looks like a document but is not valid JSON.",
      {},
      error,
    );
  }
}

function plainDocument(text: string): unknown {
  const paragraphs = text.split(/\n{2,}/).map((paragraph) => ({
    type: "paragraph",
    content: paragraph
      .split("\n")
      .flatMap((line, index) => [
        ...(index > 0 ? [{ type: "hardBreak" }] : []),
        ...(line === "" ? [] : [{ type: "text", text: line }]),
      ]),
  }));
  return { version: 1, type: "doc", content: paragraphs };
}
