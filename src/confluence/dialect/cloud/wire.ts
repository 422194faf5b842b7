import { z } from "zod";
import { makeLabel } from "../../models/label.ts";
import type { PersonRef } from "../../models/person.ts";

/** Ids arrive as text or number, depending on the resource. */
export const wireId = z.union([z.string(), z.number()]).transform(String);

const links = z.looseObject({ webui: z.string().nullish(), next: z.string().nullish() }).nullish();

const version = z
  .looseObject({
    number: z.number(),
    createdAt: z.string().nullish(),
    authorId: z.string().nullish(),
  })
  .nullish();

const body = z
  .looseObject({ storage: z.looseObject({ value: z.string() }).nullish() })
  .nullish()
  .transform((value) => value?.storage?.value);

export const wireLabel = z
  .looseObject({ id: wireId.optional(), name: z.string(), prefix: z.string().nullish() })
  .transform((label) => makeLabel(label.name, label.prefix ?? undefined, label.id));

export const wireSpace = z.looseObject({ id: wireId, key: z.string(), name: z.string() });

/** A page or blog post of v2. */
export const wirePage = z.looseObject({
  id: wireId,
  status: z.string().nullish(),
  title: z.string().nullish(),
  spaceId: wireId.nullish(),
  parentId: wireId.nullish(),
  subtype: z.string().nullish(),
  authorId: z.string().nullish(),
  createdAt: z.string().nullish(),
  version,
  body,
  labels: z
    .looseObject({
      results: z.array(wireLabel),
      meta: z.looseObject({ hasMore: z.boolean().nullish() }).nullish(),
    })
    .nullish(),
  properties: z
    .looseObject({
      results: z.array(z.looseObject({ key: z.string(), value: z.unknown().optional() })),
    })
    .nullish(),
  _links: links,
});
export type WirePage = z.output<typeof wirePage>;

/** A footer or inline comment of v2. */
export const wireComment = z.looseObject({
  id: wireId,
  title: z.string().nullish(),
  pageId: wireId.nullish(),
  blogPostId: wireId.nullish(),
  parentCommentId: wireId.nullish(),
  version,
  body,
  resolutionStatus: z.string().nullish(),
  properties: z.looseObject({ inlineOriginalSelection: z.string().nullish() }).nullish(),
  _links: links,
});
export type WireComment = z.output<typeof wireComment>;

/** An attachment of v2, in a list. */
export const wireAttachment = z.looseObject({
  id: wireId,
  status: z.string().nullish(),
  title: z.string().nullish(),
  createdAt: z.string().nullish(),
  mediaType: z.string().nullish(),
  fileSize: z.number().nullish(),
  downloadLink: z.string().nullish(),
  version,
  _links: z.looseObject({ download: z.string().nullish() }).nullish(),
});
export type WireAttachment = z.output<typeof wireAttachment>;

/** A node of the content tree: page, folder, whiteboard, … */
export const wireNode = z.looseObject({
  id: wireId,
  type: z.string().nullish(),
  title: z.string().nullish(),
  status: z.string().nullish(),
  spaceId: wireId.nullish(),
});
export type WireNode = z.output<typeof wireNode>;

export const wireProperty = z.looseObject({
  id: wireId,
  key: z.string(),
  value: z.unknown().optional(),
  version: z.looseObject({ number: z.number() }).nullish(),
});

/** A page of a v2 list. */
export function wireList<Item extends z.ZodType>(item: Item) {
  return z.looseObject({ results: z.array(item), _links: links });
}

/** An account id → the person, where there is one. */
export function personOf(accountId: string | null | undefined): PersonRef | undefined {
  return accountId ? { by: "accountid", id: accountId } : undefined;
}
