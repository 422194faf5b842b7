/**
 * The tree that all text formats share. Every format folder reads its own notation into this tree
 * and writes the tree back; conversions are a read followed by a write.
 *
 * Invariants: no empty text nodes; adjacent text nodes differ in marks; marks hold each kind at most
 * once, in the order of {@link MarkKind}.
 */

export interface Document {
  readonly type: "document";
  readonly children: readonly Block[];
}

export type Mark =
  | {
      readonly kind: "link";
      /** Absolute URL, or `page:SPACE/Title`, `page:123`, `attachment:file name`, `anchor:name`. */
      readonly href: string;
      readonly title?: string | undefined;
    }
  | { readonly kind: "color"; readonly value: string }
  | { readonly kind: "background"; readonly value: string }
  | {
      readonly kind:
        | "strong"
        | "em"
        | "underline"
        | "strike"
        | "sub"
        | "sup"
        /** Excludes every other mark but `link`. */
        | "code";
    }
  | {
      /** A mark without a notation of its own (inline comment marker, annotation, …); `data` is the original. */
      readonly kind: "opaque";
      readonly id: string;
      readonly data: unknown;
    };

export type MarkKind = Mark["kind"];

export interface Text {
  readonly type: "text";
  readonly text: string;
  readonly marks: readonly Mark[];
}

export interface Mention {
  readonly type: "mention";
  /** `accountid` on Cloud; `user` (name) or `userkey` on Data Center. */
  readonly by: "accountid" | "user" | "userkey";
  readonly id: string;
  /** Display name without `@`. */
  readonly name?: string | undefined;
  /** Further attributes of the stored node (`accessLevel`, `userType`). */
  readonly extra?: Readonly<Record<string, string>> | undefined;
}

export type Inline =
  | Text
  | Mention
  | { readonly type: "break" }
  | {
      readonly type: "emoji";
      /** With colons, e.g. `:smile:`. */
      readonly shortName: string;
      readonly id?: string | undefined;
      readonly text?: string | undefined;
    }
  | {
      readonly type: "status";
      readonly text: string;
      /** `neutral`, `purple`, `blue`, `red`, `yellow`, `green`. */
      readonly color: string;
    }
  | {
      readonly type: "date";
      /** `YYYY-MM-DD`, UTC. */
      readonly date: string;
    }
  | { readonly type: "card"; readonly url: string }
  | Image
  | Opaque;

export interface Image {
  readonly type: "image";
  /** `url`: absolute address; `attachment`: file name on the same page or issue; `media`: id of a Cloud media file. */
  readonly source:
    | { readonly kind: "url"; readonly url: string }
    | { readonly kind: "attachment"; readonly filename: string }
    | { readonly kind: "media"; readonly id: string; readonly collection: string };
  readonly alt?: string | undefined;
  readonly title?: string | undefined;
  /** Pixels. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  /** Further attributes of the stored node, kept as they are (layout, occurrence key, …). */
  readonly extra?: Readonly<Record<string, string>> | undefined;
}

/** A node without a notation. It survives a round trip by its id, see `opaque.ts`. */
export interface Opaque {
  readonly type: "opaque";
  /** Content hash of `data`, plus `-2`, `-3`, … for repeated ones. */
  readonly id: string;
  /** What it is, for a reader: `macro jira`, `extension`, `mediaGroup`. */
  readonly label: string;
  /** The original: an ADF node, or the exact source text of storage format or wiki markup. */
  readonly data: unknown;
}

export interface ListItem {
  readonly children: readonly Block[];
  /** Present in task lists. */
  readonly task?: { readonly done: boolean; readonly id?: string | undefined } | undefined;
}

export interface TableCell {
  readonly header: boolean;
  readonly children: readonly Block[];
  readonly colspan?: number | undefined;
  readonly rowspan?: number | undefined;
  /** CSS colour. */
  readonly background?: string | undefined;
  /** Pixels, one entry per spanned column. */
  readonly widths?: readonly number[] | undefined;
  readonly valign?: "top" | "middle" | "bottom" | undefined;
}

export interface LayoutColumn {
  /** Percent. */
  readonly width?: number | undefined;
  readonly valign?: "top" | "middle" | "bottom" | undefined;
  readonly children: readonly Block[];
}

export type PanelKind = "info" | "note" | "tip" | "success" | "warning" | "error" | "custom";
export type Align = "left" | "center" | "right";

export type Block =
  | {
      readonly type: "paragraph";
      readonly children: readonly Inline[];
      readonly align?: Align | undefined;
    }
  | {
      readonly type: "heading";
      readonly level: 1 | 2 | 3 | 4 | 5 | 6;
      readonly children: readonly Inline[];
      readonly align?: Align | undefined;
    }
  | {
      readonly type: "code";
      readonly text: string;
      readonly language?: string | undefined;
      /** Further settings of the block: `title`, `linenumbers`, `collapse`, `theme`, `firstline`. */
      readonly options?: Readonly<Record<string, string>> | undefined;
    }
  | { readonly type: "quote"; readonly children: readonly Block[] }
  | {
      readonly type: "list";
      readonly kind: "bullet" | "ordered" | "task";
      /** First number of an ordered list, default 1. */
      readonly start?: number | undefined;
      readonly items: readonly ListItem[];
    }
  | {
      readonly type: "table";
      readonly rows: readonly (readonly TableCell[])[];
      /** Further attributes of the stored node: `layout`, `width`, `numbered`. */
      readonly options?: Readonly<Record<string, string>> | undefined;
    }
  | { readonly type: "rule" }
  | {
      readonly type: "panel";
      readonly kind: PanelKind;
      readonly title?: string | undefined;
      readonly children: readonly Block[];
      /** `icon`, `color`, `borderColor`, … */
      readonly options?: Readonly<Record<string, string>> | undefined;
    }
  | {
      readonly type: "expand";
      readonly title?: string | undefined;
      readonly children: readonly Block[];
    }
  | {
      readonly type: "layout";
      readonly columns: readonly LayoutColumn[];
      readonly options?: Readonly<Record<string, string>> | undefined;
    }
  | {
      readonly type: "image-block";
      readonly image: Image;
      readonly caption?: readonly Inline[] | undefined;
    }
  | {
      readonly type: "card-block";
      readonly url: string;
      readonly kind: "block" | "embed";
      /** `layout`, `width`, … */
      readonly options?: Readonly<Record<string, string>> | undefined;
    }
  | {
      /** A container without a notation of its own whose content stays readable and editable. */
      readonly type: "frame";
      readonly id: string;
      readonly label: string;
      /** The original with its content taken out. */
      readonly data: unknown;
      readonly children: readonly Block[];
    }
  | Opaque;

/** The originals that a text refers to by id: opaque nodes, frames and opaque marks. */
export type Originals = ReadonlyMap<string, { readonly label: string; readonly data: unknown }>;
