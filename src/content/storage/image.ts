import { AtlassianMcpError } from "../../errors.ts";
import type { Image } from "../tree.ts";
import { attribute, empty } from "./links.ts";
import { attributeOf, optionOf, telling } from "./reading.ts";
import { elements, type XmlElement } from "./xml.ts";

const OWN = ["alt", "title", "width", "height"];

/**
 * Reads `ac:image` (or `img`), or gives `undefined` where it holds what an image of the tree cannot.
 * A caption is the caller's. Further attributes go into `extra`, those of `ac:` without their prefix.
 */
export function readImage(node: XmlElement): Image | undefined {
  if (node.name === "img") return readHtmlImage(node);
  const [resource, ...others] = elements(node).filter((one) => one.name !== "ac:caption");
  if (resource === undefined || others.length > 0 || resource.children.length > 0) return undefined;
  const source = readSource(resource);
  if (source === undefined) return undefined;
  const own = new Map(
    [...telling(node)].map(([name, value]) => [optionOf(name.replace(/^ac:/, "")), value]),
  );
  for (const [name, value] of telling(resource)) {
    if (name !== "ri:value" && name !== "ri:filename") own.set(optionOf(name), value);
  }
  return { type: "image", source, ...shared(own) };
}

function readSource(resource: XmlElement): Image["source"] | undefined {
  const url = resource.attributes["ri:value"];
  const filename = resource.attributes["ri:filename"];
  if (resource.name === "ri:url" && url) return { kind: "url", url };
  return resource.name === "ri:attachment" && filename
    ? { kind: "attachment", filename }
    : undefined;
}

function readHtmlImage(node: XmlElement): Image | undefined {
  const own = telling(node);
  const url = own.get("src");
  own.delete("src");
  return url ? { type: "image", source: { kind: "url", url }, ...shared(own) } : undefined;
}

function shared(own: Map<string, string>): Omit<Image, "type" | "source"> {
  const alt = own.get("alt") || undefined;
  const title = own.get("title") || undefined;
  const width = pixels(own.get("width"));
  const height = pixels(own.get("height"));
  const extra = [...own].filter(
    ([name]) =>
      !OWN.includes(name) ||
      (name === "width" && width === undefined) ||
      (name === "height" && height === undefined),
  );
  return {
    alt,
    title,
    width,
    height,
    extra: extra.length > 0 ? Object.fromEntries(extra) : undefined,
  };
}

function pixels(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,6}$/.test(value) ? Number(value) : undefined;
}

/** Writes an image as `ac:image`. Throws `input` for a Cloud media id, which storage cannot name. */
export function writeImage(image: Image, caption = ""): string {
  const { source } = image;
  if (source.kind === "media") {
    throw new AtlassianMcpError(
      "input",
      "storage format cannot refer to an image by its media id",
      {
        next: "Refer to the attachment by its file name.",
      },
    );
  }
  const extra = Object.entries(image.extra ?? {}).flatMap(([option, value]) => {
    const name = attributeOf(option);
    return name === undefined ? [] : [[name, value] as const];
  });
  const own: (readonly [string, string | number | undefined])[] = [
    ...extra.filter(([name]) => !name.startsWith("ri:")),
    ["alt", image.alt],
    ["title", image.title],
    ["width", image.width],
    ["height", image.height],
  ];
  const unique = new Map(own.filter(([, value]) => value !== undefined));
  const attributes = [...unique].map(([name, value]) =>
    attribute(name.includes(":") ? name : `ac:${name}`, String(value)),
  );
  const references = extra.filter(([name]) => name.startsWith("ri:"));
  const resource =
    source.kind === "url"
      ? empty("ri:url", [["ri:value", source.url], ...references])
      : empty("ri:attachment", [["ri:filename", source.filename], ...references]);
  return `<ac:image${attributes.join("")}>${resource}${caption}</ac:image>`;
}
