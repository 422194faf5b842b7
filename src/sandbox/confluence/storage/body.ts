import { badRequest } from "../refused.ts";
import { type BodyContext, parseAdf } from "./adf.ts";
import { adfToStorage } from "./from-adf.ts";
import { wikiToStorage } from "./from-wiki.ts";
import { storageToAdf } from "./to-adf.ts";
import { storageToText, storageToView } from "./to-view.ts";
import { parseStorage } from "./xml.ts";

/** A body as it was written: storage format, or an ADF document as JSON. */
export interface Body {
  readonly format: "storage" | "adf";
  readonly value: string;
}

export const emptyBody: Body = { format: "storage", value: "" };

/**
 * Takes a body in one of the formats that Confluence accepts.
 *
 * @throws Refused 400 for an unknown representation and for text that is not valid in it.
 */
export function readBody(representation: string, value: string): Body {
  switch (representation) {
    case "storage":
      parseStorage(value);
      return { format: "storage", value };
    case "atlas_doc_format":
      parseAdf(value);
      return { format: "adf", value };
    case "wiki":
      return { format: "storage", value: wikiToStorage(value) };
    default:
      throw badRequest(`Representation ${representation} is not supported for content bodies`);
  }
}

export function storageOf(body: Body, context: BodyContext): string {
  return body.format === "storage" ? body.value : adfToStorage(parseAdf(body.value), context);
}

/** The `value` of a representation that can be read: the two stored formats and the rendered ones. */
export function bodyAs(body: Body, representation: string, context: BodyContext): string {
  if (representation === "atlas_doc_format") {
    if (body.format === "adf") return body.value;
    return JSON.stringify(storageToAdf(parseStorage(body.value), context));
  }
  const storage = storageOf(body, context);
  if (representation === "storage" || representation === "editor") return storage;
  return storageToView(parseStorage(storage), context);
}

export function textOfBody(body: Body, context: BodyContext): string {
  return storageToText(parseStorage(storageOf(body, context)));
}
