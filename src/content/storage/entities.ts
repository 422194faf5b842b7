import { Parser } from "htmlparser2";

const known = new Map<string, string | undefined>();

/** Text of a named HTML entity (`nbsp`, `eacute`), or `undefined` where HTML does not know the name. */
export function entityText(name: string): string | undefined {
  if (!known.has(name)) known.set(name, decode(name));
  return known.get(name);
}

function decode(name: string): string | undefined {
  const source = `&${name};`;
  let text = "";
  const ontext = (part: string) => {
    text += part;
  };
  new Parser({ ontext }, { decodeEntities: true }).end(source);
  return text.startsWith("&") && text.endsWith(";") ? undefined : text;
}

/** Escapes character data of XML; characters that XML cannot hold are left out. */
export function escapeText(text: string): string {
  return legal(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("\u00a0", "&nbsp;");
}

/** Escapes the value of a double-quoted XML attribute. */
export function escapeAttribute(value: string): string {
  return escapeText(value)
    .replaceAll('"', "&quot;")
    .replace(/[\t\n\r]/g, (blank) => `&#${blank.charCodeAt(0)};`);
}

/** A CDATA section; `]]>` inside is divided over two sections. */
export function cdata(text: string): string {
  return `<![CDATA[${legal(text).replaceAll("]]>", "]]]]><![CDATA[>")}]]>`;
}

function legal(text: string): string {
  // XML 1.0 §2.2 excludes lone surrogates and most control characters, even as references.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to remove
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu, "");
}
