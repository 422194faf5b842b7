import type { Image } from "../tree.ts";
import {
  type AdfAttributes,
  type AdfMark,
  type AdfNode,
  node,
  numberAttribute,
  optionsFrom,
  textAttribute,
} from "./types.ts";

/** Where an attachment's content is stored. */
export interface MediaFile {
  readonly id: string;
  readonly collection: string;
}

const KEPT_MARKS = new Set(["link", "border"]);
const LAYOUTS = new Set([
  "wide",
  "full-width",
  "center",
  "wrap-right",
  "wrap-left",
  "align-end",
  "align-start",
]);
const HEX = /^#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{8})$/;

function sourceOf(media: AdfNode): Image["source"] | undefined {
  if (media.attrs?.type === "external") {
    const url = textAttribute(media, "url");
    return url === undefined ? undefined : { kind: "url", url };
  }
  const id = textAttribute(media, "id");
  const collection = textAttribute(media, "collection") ?? "";
  return id === undefined ? undefined : { kind: "media", id, collection };
}

/** Link and border of a media node; `undefined` when it carries marks that cannot be kept here. */
function markOptions(media: AdfNode): Record<string, string> | undefined {
  const options: Record<string, string> = {};
  for (const mark of media.marks ?? []) {
    const href = textAttribute(mark, "href");
    const color = textAttribute(mark, "color");
    if (!KEPT_MARKS.has(mark.type)) return undefined;
    if (href !== undefined) options.link = href;
    if (color !== undefined) options.border = `${numberAttribute(mark, "size") ?? 1} ${color}`;
  }
  return options;
}

/** An inline image; `undefined` when it holds more than an image can. */
export function readInlineMedia(media: AdfNode): Image | undefined {
  const source = sourceOf(media);
  const options = markOptions(media);
  if (source === undefined || options === undefined || media.attrs?.data) return undefined;
  const alt = textAttribute(media, "alt");
  const width = numberAttribute(media, "width");
  const height = numberAttribute(media, "height");
  const extra = { ...mediaExtra(media), ...options };
  return {
    type: "image",
    source,
    ...(alt && { alt }),
    ...(width && { width }),
    ...(height && { height }),
    ...(Object.keys(extra).length > 0 && { extra }),
  };
}

function mediaExtra(media: AdfNode): Record<string, string> {
  const type = media.attrs?.type;
  return {
    ...(typeof type === "string" && type !== "file" && type !== "external" && { mediaType: type }),
    ...optionsFrom(media, { occurrenceKey: "occurrenceKey" }),
  };
}

/**
 * The image of a `mediaSingle`. `width` is the width it is shown at; the size of the file itself
 * is kept as `mediaWidth` and `mediaHeight`. `undefined` when it holds more than an image can.
 */
export function readMediaSingle(single: AdfNode, media: AdfNode): Image | undefined {
  const source = sourceOf(media);
  const own = markOptions(single);
  const inner = markOptions(media);
  if (source === undefined || own === undefined || inner === undefined) return undefined;
  const alt = textAttribute(media, "alt");
  const width = numberAttribute(single, "width");
  const pixels = single.attrs?.widthType === "pixel";
  const layout = textAttribute(single, "layout");
  const extra = {
    ...(layout && layout !== "center" && { layout }),
    ...(width !== undefined && !pixels && { percent: String(width) }),
    ...mediaExtra(media),
    ...optionsFrom(media, { mediaWidth: "width", mediaHeight: "height" }),
    ...own,
    ...inner,
  };
  return {
    type: "image",
    source,
    ...(alt && { alt }),
    ...(width && pixels && { width }),
    ...(Object.keys(extra).length > 0 && { extra }),
  };
}

function marksOf({ link, border = "" }: Readonly<Record<string, string>>): AdfMark[] {
  const marks: AdfMark[] = [];
  if (link !== undefined) marks.push({ type: "link", attrs: { href: link } });
  const [size, color = ""] = border.split(" ");
  if (HEX.test(color) && Number(size) >= 1 && Number(size) <= 3) {
    marks.push({ type: "border", attrs: { size: Number(size), color } });
  }
  return marks;
}

function positive(text: string | undefined): number | undefined {
  return Number(text) > 0 ? Number(text) : undefined;
}

/** A `mediaInline` for a stored file. */
export function inlineMedia(image: Image, file: MediaFile): AdfNode {
  const { alt, width, height, extra = {} } = image;
  const type = extra.mediaType === "link" || extra.mediaType === "image" ? extra.mediaType : "file";
  const { occurrenceKey } = extra;
  return node(
    "mediaInline",
    { type, ...file, alt, width, height, occurrenceKey },
    undefined,
    marksOf(extra),
  );
}

/** A `mediaSingle` around a stored file or an external address. */
export function mediaSingle(
  image: Image,
  source: MediaFile | { readonly url: string },
  caption: readonly AdfNode[],
): AdfNode {
  const { alt, width, height, extra = {} } = image;
  const size: AdfAttributes = {
    width: positive(extra.mediaWidth) ?? (height === undefined ? undefined : width),
    height: positive(extra.mediaHeight) ?? height,
  };
  const kind =
    "url" in source
      ? { type: "external" }
      : { type: extra.mediaType === "link" ? "link" : "file", occurrenceKey: extra.occurrenceKey };
  const media = node("media", { ...kind, ...source, alt, ...size }, undefined, marksOf(extra));
  const { layout = "", percent } = extra;
  const shown = width === undefined ? percentage(percent) : { width, widthType: "pixel" };
  const attrs = { layout: LAYOUTS.has(layout) ? layout : "center", ...shown };
  const below = caption.length > 0 ? [node("caption", undefined, caption)] : [];
  return node("mediaSingle", attrs, [media, ...below]);
}

function percentage(percent: string | undefined): AdfAttributes {
  const width = Number(percent);
  return percent !== undefined && width >= 0 && width <= 100 ? { width } : {};
}
