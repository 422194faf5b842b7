import { z } from "zod";
import { putProperty } from "../edits.ts";
import { notFound, Refused } from "../refused.ts";
import { type Call, type Operation, param, readJson } from "../requests.ts";
import { contentAt } from "../v1/content.ts";
import { linkBase, list } from "../v1/envelope.ts";
import { personModel } from "../v1/people.ts";
import type { Content, Property } from "../world.ts";

function model(call: Call, content: Content, { id, key, value, version }: Property): object {
  const self = `${linkBase(call).base}/rest/api/content/${content.id}/property/${encodeURIComponent(key)}`;
  const { number, createdAt: when, author } = version;
  return {
    id,
    key,
    value,
    version: { by: personModel(call, author), when, number, minorEdit: false, message: "" },
    _links: { self },
    _expandable: { content: `/rest/api/content/${content.id}` },
  };
}

function find(content: Content, key: string): Property | undefined {
  return content.properties.find((property) => property.key === key);
}

function all(call: Call) {
  const content = contentAt(call, "id");
  return list(call, content.properties, (property) => model(call, content, property));
}

function get(call: Call) {
  const content = contentAt(call, "id");
  const found = find(content, param(call, "key"));
  if (found === undefined) throw notFound(`No property found with key ${param(call, "key")}`);
  return { status: 200, json: model(call, content, found) };
}

function create(call: Call) {
  const content = contentAt(call, "id");
  const given = readJson(call, z.object({ key: z.string().min(1), value: z.unknown() }));
  if (find(content, given.key)) throw new Refused(409, `Property ${given.key} exists already`);
  const property = putProperty(call.site, call.user, content, given);
  return { status: 200, json: model(call, content, property) };
}

/** Creates the property when its version is 1 and it is not there yet. */
function update(call: Call) {
  const content = contentAt(call, "id");
  const key = param(call, "key");
  const version = z.object({ number: z.number().int() });
  const { value, version: next } = readJson(call, z.object({ value: z.unknown(), version }));
  const current = find(content, key)?.version.number ?? 0;
  if (next.number !== current + 1) {
    throw new Refused(409, `The current version of the property is ${current}`);
  }
  const property = putProperty(call.site, call.user, content, { key, value });
  return { status: 200, json: model(call, content, property) };
}

function remove(call: Call) {
  const content = contentAt(call, "id");
  const found = find(content, param(call, "key"));
  if (found === undefined) throw notFound(`No property found with key ${param(call, "key")}`);
  content.properties = content.properties.filter(({ id }) => id !== found.id);
  return { status: 204 };
}

const one = "/content/{id}/property/{key}";

/** Content properties by key. */
export const propertyOperations: readonly Operation[] = [
  { method: "GET", pattern: "/content/{id}/property", run: all },
  { method: "POST", pattern: "/content/{id}/property", run: create },
  { method: "GET", pattern: one, run: get },
  { method: "PUT", pattern: one, run: update },
  { method: "DELETE", pattern: one, run: remove },
];
