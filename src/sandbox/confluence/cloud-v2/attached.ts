import { z } from "zod";
import { putProperty } from "../edits.ts";
import { badRequest, notFound, Refused } from "../refused.ts";
import {
  type Call,
  enumListParam,
  numberParam,
  type Operation,
  param,
  readJson,
} from "../requests.ts";
import {
  attachedTo,
  type Content,
  type ContentVersion,
  findContent,
  latest,
  type Property,
} from "../world.ts";
import { entity, idParam, page, sorted } from "./envelope.ts";
import {
  accountId,
  attachmentModel,
  bodyModel,
  formatParam,
  listFormats,
  propertyModel,
  versionModel,
} from "./models.ts";
import { contentAt, sortFacts } from "./pages.ts";

const read = [["read:page:confluence"]] as const;
const write = [["read:page:confluence", "write:page:confluence"]] as const;

function labels(call: Call, content: Content) {
  const prefix = call.request.query.get("prefix");
  const wanted = content.labels.filter((label) => prefix === null || label.prefix === prefix);
  const facts = ({ id, name: title }: (typeof wanted)[number]) => ({ id, title });
  return page(call, sorted(call, wanted, facts), (label) => label);
}

function attachments(call: Call, kind: "page" | "blogpost") {
  const { query } = call.request;
  const [name, mediaType] = [query.get("filename"), query.get("mediaType")];
  const asked: string[] = enumListParam(call, "status", ["current", "archived", "trashed"]);
  const statuses = asked.length === 0 ? ["current", "archived"] : asked;
  const found = attachedTo(call.site, contentAt(call, "id", kind).id, "attachment").filter(
    (one) =>
      (name === null || latest(one).title === name) &&
      (mediaType === null || one.file?.mediaType === mediaType) &&
      statuses.includes(one.status),
  );
  return page(call, sorted(call, found, sortFacts), (one) => attachmentModel(call, one));
}

function attachment(call: Call): Content {
  const id = param(call, "id");
  const found = findContent(call.site, call.user, id, "attachment");
  if (found === undefined) throw notFound(`Could not find attachment with id ${id}`);
  return found;
}

function removeAttachment(call: Call) {
  const found = attachment(call);
  const wantsPurge = call.request.query.get("purge") === "true";
  if (wantsPurge && found.status !== "trashed") {
    throw badRequest("Only a trashed attachment can be purged");
  }
  if (wantsPurge) call.site.contents.delete(found.id);
  found.status = "trashed";
  return { status: 204 };
}

function versions(call: Call, kind: "page" | "blogpost") {
  const content = contentAt(call, "id", kind);
  const format = formatParam(call, listFormats);
  const sort = call.request.query.get("sort");
  const ordered = sort === "modified-date" ? content.versions : [...content.versions].reverse();
  return page(call, ordered, (version: ContentVersion) => {
    const body =
      format === undefined ? {} : { body: bodyModel(call, content, version.body, format) };
    const shown = { title: version.title, id: content.id, ...body };
    return { ...versionModel(call.site, version), [kind]: shown };
  });
}

function oneVersion(call: Call) {
  const content = contentAt(call, "page-id", "page");
  const number = Number(idParam(call, "version-number"));
  const version = content.versions.find((known) => known.number === number);
  if (version === undefined) throw notFound(`Could not find version ${number}`);
  const before = content.versions.find((known) => known.number === number - 1);
  const after = content.versions.find((known) => known.number === number + 1);
  const json = {
    ...versionModel(call.site, version),
    contentTypeModified: false,
    collaborators: [accountId(call.site, version.author)],
    ...(before === undefined ? {} : { prevVersion: before.number }),
    ...(after === undefined ? {} : { nextVersion: after.number }),
  };
  return { status: 200, json };
}

function properties(call: Call) {
  const key = call.request.query.get("key");
  const held = contentAt(call, "page-id", "page").properties;
  const wanted = held.filter((property) => key === null || property.key === key);
  return page(call, wanted, (property) => propertyModel(call.site, property));
}

function property(call: Call): { content: Content; found: Property } {
  const content = contentAt(call, "page-id", "page");
  const id = idParam(call, "property-id");
  const found = content.properties.find((held) => held.id === id);
  if (found === undefined) throw notFound(`Could not find property with id ${id}`);
  return { content, found };
}

function answerProperty(call: Call, found: Property) {
  return entity(call, propertyModel(call.site, found));
}

function createProperty(call: Call) {
  const content = contentAt(call, "page-id", "page");
  const given = readJson(call, z.object({ key: z.string().min(1), value: z.unknown() }));
  if (content.properties.some(({ key }) => key === given.key)) {
    throw new Refused(409, `A property with the key ${given.key} exists already`);
  }
  return answerProperty(call, putProperty(call.site, call.user, content, given));
}

function updateProperty(call: Call) {
  const { content, found } = property(call);
  const version = z.object({ number: z.number().int() });
  const given = readJson(call, z.object({ key: z.string(), value: z.unknown(), version }));
  if (given.key !== found.key) throw badRequest("The key of a property cannot be changed");
  if (given.version.number !== found.version.number + 1) {
    throw new Refused(409, `The current version of the property is ${found.version.number}`);
  }
  return answerProperty(call, putProperty(call.site, call.user, content, given));
}

function deleteProperty(call: Call) {
  const { content, found } = property(call);
  content.properties = content.properties.filter(({ id }) => id !== found.id);
  return { status: 204 };
}

function getAttachment(call: Call) {
  const found = attachment(call);
  const number = numberParam(call, "version") ?? latest(found).number;
  if (number !== latest(found).number) throw notFound(`Could not find version ${number}`);
  return entity(call, attachmentModel(call, found));
}

function listsOf(kind: "page" | "blogpost"): Operation[] {
  const at = `/${kind}s/{id}`;
  return [
    {
      method: "GET",
      pattern: `${at}/labels`,
      scopes: read,
      run: (call) => labels(call, contentAt(call, "id", kind)),
    },
    {
      method: "GET",
      pattern: `${at}/attachments`,
      scopes: [["read:attachment:confluence"]],
      run: (call) => attachments(call, kind),
    },
    { method: "GET", pattern: `${at}/versions`, scopes: read, run: (call) => versions(call, kind) },
  ];
}

const onProperties = "/pages/{page-id}/properties";
const oneProperty = `${onProperties}/{property-id}`;

/** What hangs on pages: labels, attachments, versions, properties. */
export const attachedOperations: readonly Operation[] = [
  ...listsOf("page"),
  ...listsOf("blogpost"),
  {
    method: "GET",
    pattern: "/attachments/{id}",
    scopes: [["read:attachment:confluence"]],
    run: getAttachment,
  },
  {
    method: "DELETE",
    pattern: "/attachments/{id}",
    scopes: [["delete:attachment:confluence"]],
    run: removeAttachment,
  },
  {
    method: "GET",
    pattern: "/attachments/{id}/labels",
    scopes: [["read:attachment:confluence"]],
    run: (call) => labels(call, attachment(call)),
  },
  {
    method: "GET",
    pattern: "/pages/{page-id}/versions/{version-number}",
    scopes: read,
    run: oneVersion,
  },
  { method: "GET", pattern: onProperties, scopes: read, run: properties },
  { method: "POST", pattern: onProperties, scopes: write, run: createProperty },
  {
    method: "GET",
    pattern: oneProperty,
    scopes: read,
    run: (call) => answerProperty(call, property(call).found),
  },
  { method: "PUT", pattern: oneProperty, scopes: write, run: updateProperty },
  { method: "DELETE", pattern: oneProperty, scopes: write, run: deleteProperty },
];
