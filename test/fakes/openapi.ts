import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";

/** The published descriptions, with what has to be put before their paths to get those of a site. */
const documents = {
  "jira-cloud-platform-v3": "",
  "jira-cloud-software": "",
  "jira-cloud-service-management": "",
  "jira-dc-10.3.24": "/rest",
  "jira-dc-11.3.8": "/rest",
  "confluence-cloud-v1": "",
  "confluence-cloud-v2": "/wiki/api/v2",
  "confluence-dc-10.2.14": "",
} as const;

export type OpenApiName = keyof typeof documents;

/** How to read an answer whose description is known to be wrong. */
export interface ResponseFix {
  /**
   * The description names the item where a list is answered: check each element of the body (`""`), or of the array
   * in this member (`values`, `issues`).
   */
  readonly each?: string | undefined;
  /** Problems to leave out; matched against `pointer message`. */
  readonly ignore?: readonly RegExp[] | undefined;
}

/** One operation of a description. The `check…` functions return problems as `pointer message`, empty when all is well. */
export interface OpenApiOperation {
  /** Method and template, e.g. `GET /rest/api/3/issue/{issueIdOrKey}`. */
  readonly name: string;
  readonly deprecated: boolean;
  /** Names of the path parameters, in order. */
  readonly pathNames: readonly string[];
  readonly queryNames: readonly string[];
  /** Media types that a body may have, without parameters. */
  readonly bodyTypes: readonly string[];
  /** Scope sets that open the operation; any one suffices. Empty where none are declared. */
  readonly scopes: readonly (readonly string[])[];
  /** Unknown, missing or unsuitable query parameters, wrong body. `body`: parsed JSON, `undefined` for none. */
  checkRequest(request: { query?: URLSearchParams | undefined; body?: unknown }): string[];
  /** Undeclared status, wrong body. `body`: parsed JSON, `undefined` for none. */
  checkResponse(status: number, body: unknown, fix?: ResponseFix): string[];
}

export interface OpenApi {
  readonly operations: readonly string[];
  /** By method and a concrete or templated path of the site, without query and context path. */
  find(method: string, path: string): OpenApiOperation | undefined;
}

type Json = Readonly<Record<string, unknown>>;

const cache = new Map<OpenApiName, OpenApi | undefined>();

/** Reads a published description kept beside the repository; `undefined` where there is none (skip such tests). */
export function loadOpenApi(name: OpenApiName): OpenApi | undefined {
  if (!cache.has(name)) cache.set(name, read(name));
  return cache.get(name);
}

function read(name: OpenApiName): OpenApi | undefined {
  const file = fileURLToPath(new URL(`../../../shared/openapi/${name}.json`, import.meta.url));
  if (!existsSync(file)) return undefined;
  const document = asObject(JSON.parse(readFileSync(file, "utf8")));
  const ajv = createAjv();
  ajv.addSchema({ $id: name, components: convert(document.components, name) });
  const operations: {
    method: string;
    template: string;
    raw: Json;
    inherited: readonly unknown[];
  }[] = [];
  for (const [path, item] of Object.entries(asObject(document.paths))) {
    const entry = asObject(item);
    for (const method of ["get", "post", "put", "delete"]) {
      if (entry[method] === undefined) continue;
      operations.push({
        method: method.toUpperCase(),
        template: documents[name] + path,
        raw: asObject(entry[method]),
        inherited: asArray(entry.parameters),
      });
    }
  }
  const found = new Map<string, OpenApiOperation>();
  return {
    operations: operations.map(({ method, template }) => `${method} ${template}`),
    find(method, path) {
      const best = operations
        .filter((candidate) => candidate.method === method && fits(candidate.template, path))
        .sort((a, b) => variables(a.template) - variables(b.template))[0];
      if (best === undefined) return undefined;
      const key = `${method} ${best.template}`;
      const known = found.get(key);
      if (known !== undefined) return known;
      const made = createOperation(ajv, name, key, best.raw, best.inherited, document);
      found.set(key, made);
      return made;
    },
  };
}

function createAjv(): Ajv {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true });
  addFormats.default(ajv);
  // Jira writes offsets without a colon; Confluence dates may lack the milliseconds.
  ajv.addFormat("date-time", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/);
  for (const open of ["uri", "url", "duration", "binary", "byte", "string"])
    ajv.addFormat(open, true);
  return ajv;
}

function createOperation(
  ajv: Ajv,
  document: OpenApiName,
  name: string,
  raw: Json,
  inherited: readonly unknown[],
  root: Json,
): OpenApiOperation {
  const parameters = [...inherited, ...asArray(raw.parameters)].map((entry) =>
    resolve(root, asObject(entry)),
  );
  const named = (place: string) => parameters.filter((entry) => entry.in === place);
  const names = (entries: readonly Json[]) => entries.map((entry) => String(entry.name));
  const compile = lazily(
    (schema: Json): ValidateFunction => ajv.compile(asObject(convert(schema, document))),
  );
  const requestBody = resolve(root, asObject(raw.requestBody));
  const bodySchema = schemaOf(requestBody);
  const responses = asObject(raw.responses);
  return {
    name,
    deprecated: raw.deprecated === true,
    pathNames: names(named("path")),
    queryNames: names(named("query")),
    bodyTypes: Object.keys(asObject(requestBody.content)),
    scopes: scopesOf(raw),
    checkRequest({ query, body }) {
      const known = new Set(names(named("query")));
      const problems = [...new Set(query?.keys() ?? [])]
        .filter((key) => !known.has(key))
        .map((key) => `query ${key} is not declared`);
      for (const entry of named("query")) {
        if (entry.required === true && query?.has(String(entry.name)) !== true) {
          problems.push(`query ${String(entry.name)} is required`);
        }
        const value = query && queryValue(entry, query, root);
        if (value === undefined) continue;
        const at = `query ${String(entry.name)}`;
        problems.push(...validate(compile(asObject(entry.schema)), value, at));
      }
      if (body === undefined) return problems;
      if (bodySchema === undefined) return [...problems, "body is not declared"];
      return [...problems, ...validate(compile(bodySchema), body, "body")];
    },
    checkResponse(status, body, fix = {}) {
      const declared = responses[String(status)] ?? responses.default;
      if (declared === undefined) return keep([`status ${status} is not declared`], fix);
      const schema = schemaOf(resolve(root, asObject(declared)));
      if (schema === undefined || body === undefined) return [];
      const check = compile(schema);
      if (fix.each === undefined) return keep(validate(check, body, ""), fix);
      const list = fix.each === "" ? body : asObject(body)[fix.each];
      const at = fix.each === "" ? "" : `/${fix.each}`;
      if (!Array.isArray(list)) return [`${at} is not an array`];
      return keep(
        list.flatMap((item, index) => validate(check, item, `${at}/${index}`)),
        fix,
      );
    },
  };
}

/** What the texts of a query stand for by the schema of a parameter; `undefined` where it is not given. */
function queryValue(parameter: Json, query: URLSearchParams, root: Json): unknown {
  const given = query.getAll(String(parameter.name));
  const schema = resolve(root, asObject(parameter.schema));
  const items = resolve(root, asObject(schema.items));
  const [first] = given;
  if (first === undefined || schema.type === undefined) return undefined;
  // Some documents describe texts as objects without members, which says nothing.
  if (schema.type === "object" || items.type === "object") return undefined;
  if (schema.type !== "array") return given.length > 1 ? given : parsed(schema, first);
  const texts = parameter.explode === false ? first.split(",") : given;
  return texts.map((text) => parsed(items, text));
}

function parsed({ type }: Json, text: string): unknown {
  if ((type === "integer" || type === "number") && /^-?\d+$/.test(text)) return Number(text);
  return type === "boolean" && /^(true|false)$/.test(text) ? text === "true" : text;
}

function keep(problems: readonly string[], fix: ResponseFix): string[] {
  return problems.filter((problem) => fix.ignore?.some((rule) => rule.test(problem)) !== true);
}

function validate(check: ValidateFunction, value: unknown, at: string): string[] {
  if (check(value)) return [];
  return (check.errors ?? []).map((error) => `${at}${error.instancePath} ${tell(error)}`);
}

function tell(error: ErrorObject): string {
  const extra: unknown =
    error.params.additionalProperty ?? error.params.allowedValues ?? error.params.format;
  return `${error.message ?? error.keyword}${extra === undefined ? "" : ` (${String(extra)})`}`;
}

function schemaOf(holder: Json): Json | undefined {
  const content = asObject(holder.content);
  const media = content["application/json"] ?? Object.values(content)[0];
  const schema = asObject(media).schema;
  return schema === undefined ? undefined : asObject(schema);
}

function scopesOf(raw: Json): string[][] {
  const byState = asArray(raw["x-atlassian-oauth2-scopes"])
    .map((entry) => asArray(asObject(entry).scopes).map(String))
    .filter((set) => set.length > 0);
  if (byState.length > 0) return byState;
  return asArray(raw.security)
    .flatMap((entry) => Object.values(asObject(entry)))
    .map((set) => asArray(set).map(String))
    .filter((set) => set.length > 0);
}

/** OpenAPI 3.0 to JSON schema: `nullable`, references into the named document, no annotations, `oneOf` as `anyOf`. */
function convert(value: unknown, document: string): unknown {
  if (Array.isArray(value)) return value.map((item) => convert(item, document));
  if (typeof value !== "object" || value === null) return value;
  const source = asObject(value);
  const reference = source.$ref;
  if (typeof reference === "string") {
    const target = { $ref: `${document}${reference}` };
    return source.nullable === true ? { anyOf: [target, { type: "null" }] } : target;
  }
  const out: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(source)) {
    if (key.startsWith("x-") || dropped.has(key)) continue;
    if (key === "properties") {
      // A property may be called `example` or `description`: its name is not a keyword.
      const members = Object.entries(asObject(item)).map(([name, member]) => [
        name,
        convert(member, document),
      ]);
      out[key] = Object.fromEntries(members);
    } else if (key === "enum" || key === "required") out[key] = item;
    else out[key === "oneOf" ? "anyOf" : key] = convert(item, document);
  }
  // Written beside a composition it would forbid what the parts declare.
  if (out.allOf !== undefined || out.anyOf !== undefined) delete out.additionalProperties;
  if (source.nullable !== true) return out;
  if (Array.isArray(out.enum)) out.enum = [...out.enum, null];
  return out.type === undefined ? { anyOf: [out, { type: "null" }] } : { ...out, nullable: true };
}

const dropped = new Set([
  "nullable",
  "example",
  "examples",
  "discriminator",
  "description",
  "title",
  "default",
  "deprecated",
  "readOnly",
  "writeOnly",
  "externalDocs",
  "xml",
]);

function fits(template: string, path: string): boolean {
  const wanted = template.split("/");
  const given = path.split("/");
  return (
    wanted.length === given.length &&
    wanted.every((part, index) => part === given[index] || part.startsWith("{"))
  );
}

function variables(template: string): number {
  return template.split("{").length;
}

function resolve(root: Json, holder: Json): Json {
  const reference = holder.$ref;
  if (typeof reference !== "string") return holder;
  return reference
    .slice(2)
    .split("/")
    .reduce((at, part) => asObject(at[part]), root);
}

function lazily<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const made = new WeakMap<K, V>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    made.set(key, value);
    return value;
  };
}

function asObject(value: unknown): Json {
  // Documents are data files of a known shape; a missing member reads as empty.
  return typeof value === "object" && value !== null ? (value as Json) : {};
}

function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
