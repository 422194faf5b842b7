import { escapeAttribute } from "./entities.ts";
import { elements, type XmlElement } from "./xml.ts";

const USERS = [
  ["accountid", "ri:account-id"],
  ["userkey", "ri:userkey"],
  ["user", "ri:username"],
] as const;

const PASSIVE = new Set(["ri:version-at-save", "ri:local-id", "ac:local-id"]);

/** A link target inside Confluence. */
export interface Target {
  /** `page:SPACE/Title#anchor`, `page:/Title` (same space), `page:123`, `blog:SPACE/2026/11/23/Title`,
   * `attachment:name`, `anchor:name`, `space:KEY`, or `accountid:`, `user:`, `userkey:` with an id. */
  readonly href: string;
  /** Text that Confluence shows where the link has none. */
  readonly text: string;
}

/** Where an `ac:link` leads, or `undefined` where only its source text can say it. */
export function readTarget(link: XmlElement): Target | undefined {
  const anchor = link.attributes["ac:anchor"];
  const hash = anchor === undefined ? "" : `#${encode(anchor)}`;
  const references = elements(link).filter((one) => one.name.startsWith("ri:"));
  const [reference] = references;
  if (reference === undefined) {
    return anchor === undefined ? undefined : { href: `anchor:${encode(anchor)}`, text: anchor };
  }
  if (references.length > 1 || reference.children.length > 0) return undefined;
  const target = readReference(reference);
  if (target === undefined || hash === "") return target;
  return /^(page|blog):/.test(target.href) ? { ...target, href: target.href + hash } : undefined;
}

function readReference({ name, attributes }: XmlElement): Target | undefined {
  const given = new Map(Object.entries(attributes).filter(([key]) => !PASSIVE.has(key)));
  const take = (key: string) => {
    const value = given.get(key);
    given.delete(key);
    return value;
  };
  const title = take("ri:content-title");
  const space = take("ri:space-key") ?? "";
  const day = take("ri:posting-day");
  const id = take("ri:content-id");
  const file = take("ri:filename");
  const user = USERS.map(([by, key]) => [by, take(key)] as const).find(([, value]) => value);
  if (given.size > 0) return undefined;
  if (name === "ri:page" && title !== undefined && day === undefined) {
    return { href: `page:${space}/${encode(title)}`, text: title };
  }
  if (name === "ri:blog-post" && title !== undefined && day !== undefined) {
    return { href: `blog:${space}/${day}/${encode(title)}`, text: title };
  }
  if (name === "ri:content-entity" && id !== undefined && /^\d+$/.test(id)) {
    return { href: `page:${id}`, text: id };
  }
  if (name === "ri:attachment" && file !== undefined) {
    return { href: `attachment:${encode(file)}`, text: file };
  }
  if (name === "ri:space" && space !== "") return { href: `space:${space}`, text: space };
  if (name === "ri:user" && user?.[1] !== undefined) {
    return { href: `${user[0]}:${user[1]}`, text: user[1] };
  }
  return undefined;
}

/** The reference element and `ac:link` attributes for a target, or `undefined` for a web address. */
export function writeTarget(
  href: string,
): { attributes: string; reference: string; text: string } | undefined {
  const colon = href.indexOf(":");
  const kind = href.slice(0, Math.max(0, colon));
  const [path = "", anchor] = split(href.slice(colon + 1));
  const text = decode(path);
  if (kind === "anchor") return { attributes: attribute("ac:anchor", text), reference: "", text };
  const named = reference(kind, path);
  if (named === undefined) return undefined;
  const attributes = anchor === undefined ? "" : attribute("ac:anchor", decode(anchor));
  return { attributes, ...named };
}

function reference(kind: string, path: string): { reference: string; text: string } | undefined {
  const text = decode(path);
  const user = USERS.find(([by]) => by === kind);
  if (user !== undefined) return { reference: empty("ri:user", [[user[1], text]]), text };
  if (kind === "space") return { reference: empty("ri:space", [["ri:space-key", text]]), text };
  if (kind === "attachment") {
    return { reference: empty("ri:attachment", [["ri:filename", text]]), text };
  }
  if (kind === "blog") {
    const post = /^([^/]*)\/(\d+\/\d+\/\d+)\/(.*)$/s.exec(path);
    if (post === null) return undefined;
    const [, space = "", day = "", title = ""] = post.map(decode);
    return { reference: empty("ri:blog-post", titled(title, space, day)), text: title };
  }
  if (kind !== "page") return undefined;
  if (/^\d+$/.test(path)) {
    return { reference: empty("ri:content-entity", [["ri:content-id", path]]), text: path };
  }
  const slash = path.indexOf("/");
  const title = decode(path.slice(slash + 1));
  const space = decode(path.slice(0, Math.max(0, slash)));
  return { reference: empty("ri:page", titled(title, space)), text: title };
}

function titled(title: string, space: string, day?: string): [string, string][] {
  const all: [string, string | undefined][] = [
    ["ri:space-key", space || undefined],
    ["ri:content-title", title],
    ["ri:posting-day", day],
  ];
  return all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}

/** One attribute with the blank before it. */
export function attribute(name: string, value: string): string {
  return ` ${name}="${escapeAttribute(value)}"`;
}

/** An element without content. */
export function empty(name: string, attributes: readonly (readonly [string, string])[]): string {
  return `<${name}${attributes.map(([key, value]) => attribute(key, value)).join("")} />`;
}

function split(path: string): string[] {
  const hash = path.indexOf("#");
  return hash < 0 ? [path] : [path.slice(0, hash), path.slice(hash + 1)];
}

function encode(name: string): string {
  return name.replace(/[%#]/g, (sign) => encodeURIComponent(sign));
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
