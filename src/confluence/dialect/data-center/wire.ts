import { z } from "zod";
import { makeLabel } from "../../models/label.ts";
import type { StoredPage } from "../../models/page.ts";
import type { PersonRef } from "../../models/person.ts";

/** Ids arrive as text or number, depending on the resource. */
export const wireId = z.union([z.string(), z.number()]).transform(String);

export const wireUser = z.looseObject({
  displayName: z.string().nullish(),
  username: z.string().nullish(),
  userKey: z.string().nullish(),
  profilePicture: z.looseObject({ path: z.string() }).nullish(),
});
export type WireUser = z.output<typeof wireUser>;

const wireSpace = z.looseObject({
  id: wireId.nullish(),
  key: z.string(),
  name: z.string().nullish(),
});

export const wireLabel = z
  .looseObject({ id: wireId.nullish(), name: z.string(), prefix: z.string().nullish() })
  .transform((label) => makeLabel(label.name, label.prefix ?? undefined, label.id ?? undefined));

const wireVersion = z
  .looseObject({ number: z.number(), by: wireUser.nullish(), when: z.string().nullish() })
  .nullish();

const wireHistory = z
  .looseObject({ createdBy: wireUser.nullish(), createdDate: z.string().nullish() })
  .nullish();

/** An attachment inside a page. */
const wireAttachment = z.looseObject({
  id: wireId,
  status: z.string().nullish(),
  title: z.string().nullish(),
  version: wireVersion,
  history: wireHistory,
  metadata: z.looseObject({ mediaType: z.string().nullish() }).nullish(),
  extensions: z
    .looseObject({ mediaType: z.string().nullish(), fileSize: z.number().nullish() })
    .nullish(),
  _links: z.looseObject({ download: z.string().nullish() }).nullish(),
});
export type WireAttachment = z.output<typeof wireAttachment>;

/** Page, blog post, comment or attachment of v1, with whatever was expanded. */
export const wireContent = z.looseObject({
  id: wireId,
  type: z.string(),
  status: z.string().nullish(),
  title: z.string().nullish(),
  space: wireSpace.nullish(),
  version: wireVersion,
  history: wireHistory,
  body: z
    .looseObject({ storage: z.looseObject({ value: z.string() }).nullish() })
    .nullish()
    .transform((value) => value?.storage?.value),
  ancestors: z
    .array(z.looseObject({ id: wireId, title: z.string().nullish(), type: z.string().nullish() }))
    .nullish(),
  metadata: z
    .looseObject({
      labels: z.looseObject({ results: z.array(wireLabel) }).nullish(),
      properties: z.record(z.string(), z.unknown()).nullish(),
    })
    .nullish(),
  children: z
    .looseObject({ attachment: z.lazy(() => wireList(wireAttachment)).nullish() })
    .nullish(),
  container: z.looseObject({ id: wireId, type: z.string().nullish() }).nullish(),
  extensions: z
    .looseObject({
      location: z.string().nullish(),
      inlineProperties: z.looseObject({ originalSelection: z.string().nullish() }).nullish(),
      // Older versions answer an empty object or a bare word here.
      resolution: z.unknown().optional(),
    })
    .nullish(),
  _links: z.looseObject({ webui: z.string().nullish() }).nullish(),
});
export type WireContent = z.output<typeof wireContent>;

/** A page of a v1 list. */
export function wireList<Item extends z.ZodType>(item: Item) {
  return z.looseObject({
    results: z.array(item),
    size: z.number().nullish(),
    _links: z.looseObject({ next: z.string().nullish() }).nullish(),
  });
}

export function personOf(user: WireUser | null | undefined): PersonRef | undefined {
  if (user == null) return undefined;
  const name = user.displayName ?? undefined;
  if (user.username) return { by: "user", id: user.username, name };
  if (user.userKey) return { by: "userkey", id: user.userKey, name };
  return name === undefined ? undefined : { by: "user", id: name, name };
}

/** The facts of a v1 page; those that were not expanded are absent. */
export function pageFacts(wire: WireContent): Omit<StoredPage, "space"> {
  const parent = wire.ancestors?.at(-1);
  return {
    id: wire.id,
    type: wire.type,
    status: wire.status ?? "current",
    title: wire.title ?? "",
    parentId: parent?.id,
    author: personOf(wire.history?.createdBy),
    createdAt: wire.history?.createdDate ?? undefined,
    version: wire.version
      ? {
          number: wire.version.number,
          author: personOf(wire.version.by),
          when: wire.version.when ?? undefined,
        }
      : undefined,
    webui: wire._links?.webui ?? undefined,
    body: wire.body,
    labels: wire.metadata?.labels?.results,
    ancestors: wire.ancestors?.map(({ id, title }) => ({ id, title: title ?? undefined })),
    properties: valuesOf(wire.metadata?.properties),
  };
}

/** `{ KEY: { key, value } }` → `{ KEY: value }`, leaving out `_expandable` and its like. */
function valuesOf(properties: Record<string, unknown> | null | undefined) {
  const entries = Object.entries(properties ?? {}).flatMap(([key, entry]) => {
    const isProperty = typeof entry === "object" && entry !== null && "value" in entry;
    return isProperty ? [[key, entry.value] as const] : [];
  });
  return Object.fromEntries(entries);
}
