import { parseMarkdown } from "../content/markdown/parse.ts";
import { writeMarkdown } from "../content/markdown/write.ts";
import type { MentionKinds } from "../content/mention.ts";
import { collectIds, contentHash, missingOriginals } from "../content/opaque.ts";
import { checkStorage } from "../content/storage/check.ts";
import { readStorage } from "../content/storage/read.ts";
import { writeStorage } from "../content/storage/write.ts";
import type { Block, Document, Inline, Originals } from "../content/tree.ts";
import { AtlassianMcpError } from "../errors.ts";
import type { PageBody } from "./dialect/types.ts";
import { type Names, type PersonRef, personKey } from "./models/person.ts";
import { type Rewrite, rewriteDocument } from "./tree-walk.ts";

export type ContentFormat = "markdown" | "wiki" | "storage";
export type TableLayout = "full-width" | "wide" | "default";

/** A body as a caller gives it. */
export interface BodySource {
  readonly text: string;
  readonly format: ContentFormat;
  /** Gives each Markdown heading an anchor macro named after its text. */
  readonly headingAnchors?: boolean | undefined;
  /** Width of Markdown tables. */
  readonly tableLayout?: TableLayout | undefined;
  /** How the site names people; Markdown with other mentions is refused. */
  readonly mentions?: MentionKinds | undefined;
}

export interface PreparedBody {
  readonly body: PageBody;
  /** Holds originals of the stored version, so it fits that version only. */
  readonly usesCurrent: boolean;
  /** What the stored version has and the new body would destroy. */
  readonly lost: readonly { readonly id: string; readonly label: string }[];
}

/**
 * A caller's body → what is sent. Placeholders in Markdown are exchanged for their originals in `current`, the stored
 * body in storage format.
 *
 * @throws AtlassianMcpError `input` for storage format that is not well-formed, unknown placeholders and mentions of another kind.
 */
export function prepareBody(source: BodySource, current = ""): PreparedBody {
  const { originals } = readStorage(current);
  if (source.format === "wiki") {
    const body = { representation: "wiki", value: source.text } as const;
    return { body, usesCurrent: false, lost: listOf(originals) };
  }
  if (source.format === "storage") {
    checkStorage(source.text);
    const body = { representation: "storage", value: source.text } as const;
    const lost = missingByLabel(originals, readStorage(source.text).originals);
    return { body, usesCurrent: false, lost };
  }
  const document = decorate(parseMarkdown(source.text), source);
  const value = writeStorage(document, { originals, mentions: source.mentions });
  return {
    body: { representation: "storage", value },
    usesCurrent: collectIds(document).some((id) => originals.has(id)),
    lost: missingOriginals(document, originals),
  };
}

/** Refuses a body that destroys something. @throws AtlassianMcpError `input` with the list. */
export function requireNoLoss(prepared: PreparedBody): void {
  if (prepared.lost.length === 0) return;
  const list = prepared.lost.map(({ id, label }) => `${label} (${id})`).join(", ");
  throw new AtlassianMcpError("input", `This body would destroy parts of the page: ${list}`, {
    fields: { content: "lacks placeholders of the current version" },
    next: "Read the page again with confluence_get_page and keep its placeholders, or set allow_content_loss to true.",
  });
}

/** A stored body that was read once. */
export interface StoredBody {
  /** Whom it mentions; storage format has no names. */
  readonly people: readonly PersonRef[];
  /** People whose names are known get them. */
  toMarkdown(names: Names): string;
}

/** Reads storage format. @throws AtlassianMcpError `shape`. */
export function readStored(xml: string): StoredBody {
  const { document } = readStorage(xml);
  const people: PersonRef[] = [];
  rewriteDocument(document, {
    inline(inline) {
      if (inline.type === "mention") people.push({ by: inline.by, id: inline.id });
      return inline;
    },
  });
  return {
    people,
    toMarkdown: (names) => writeMarkdown(rewriteDocument(document, naming(names))),
  };
}

function naming(names: Names): Rewrite {
  return {
    inline(inline) {
      if (inline.type !== "mention" || inline.name !== undefined) return inline;
      const name = names.get(personKey(inline));
      return name === undefined ? inline : { ...inline, name };
    },
  };
}

/** A comment's text → storage format. It is taken as such only when it is well-formed and begins with a block of it. */
export function commentToStorage(text: string, mentions?: MentionKinds): string {
  return isStorage(text.trim()) ? text.trim() : writeStorage(parseMarkdown(text), { mentions });
}

function isStorage(text: string): boolean {
  if (!/^<(p|h[1-6]|ul|ol|table|div|blockquote|pre|hr|ac:[a-z-]+)[\s/>]/.test(text)) return false;
  if (!text.endsWith(">")) return false;
  try {
    checkStorage(text);
    return true;
  } catch {
    return false;
  }
}

function listOf(originals: Originals) {
  return [...originals].map(([id, { label }]) => ({ id, label }));
}

/** Macros may be edited in storage format, so only those are missing of whose kind there are fewer than before. */
function missingByLabel(before: Originals, after: Originals) {
  const left = [...after.values()].map(({ label }) => kindOf(label));
  return listOf(before).filter(({ label }) => {
    const at = left.indexOf(kindOf(label));
    if (at === -1) return true;
    left.splice(at, 1);
    return false;
  });
}

/** `macro jira PROJ-1` → `macro jira`: parameters in a label may change. */
function kindOf(label: string): string {
  return label.split(" ").slice(0, 2).join(" ");
}

function decorate(document: Document, source: BodySource): Document {
  if (!source.headingAnchors && source.tableLayout === undefined) return document;
  const slugs = new Map<string, number>();
  return rewriteDocument(document, {
    block(block) {
      if (block.type === "heading" && source.headingAnchors) return withAnchor(block, slugs);
      if (block.type === "table" && source.tableLayout !== undefined) {
        return { ...block, options: { ...block.options, layout: source.tableLayout } };
      }
      return block;
    },
  });
}

function withAnchor(
  heading: Extract<Block, { type: "heading" }>,
  slugs: Map<string, number>,
): Block {
  const hasAnchor = heading.children.some(
    (child) => child.type === "opaque" && kindOf(child.label) === "macro anchor",
  );
  const slug = slugOf(heading.children);
  if (hasAnchor || slug === "") return heading;
  const count = slugs.get(slug) ?? 0;
  slugs.set(slug, count + 1);
  const name = count === 0 ? slug : `${slug}-${count}`;
  const data = `<ac:structured-macro ac:name="anchor"><ac:parameter ac:name="">${name}</ac:parameter></ac:structured-macro>`;
  const anchor: Inline = { type: "opaque", id: contentHash(data), label: "macro anchor", data };
  return { ...heading, children: [anchor, ...heading.children] };
}

/** Lower case, words joined by `-`, as most Markdown renderers name headings; letters of all scripts stay. */
function slugOf(inlines: readonly Inline[]): string {
  const text = inlines.map((inline) => ("text" in inline ? (inline.text ?? "") : "")).join("");
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replace(/\s+/g, "-");
}
