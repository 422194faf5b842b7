import { elements, isForeign, parseXml, storageFault, type XmlElement } from "./xml.ts";

const NAMED = new Set(["ac:structured-macro", "ac:macro", "ac:parameter"]);

/**
 * Checks storage format that a caller wrote, before it is sent.
 * Throws `input` with line, column and what is wrong.
 */
export function checkStorage(xml: string): void {
  const source = xml.replaceAll("\r\n", "\n");
  visit(parseXml(source, "input"), source, false);
}

function visit(parent: XmlElement, source: string, foreign: boolean): void {
  for (const node of elements(parent)) {
    const names = [node.name, ...Object.keys(node.attributes)];
    const declares = foreign || names.some((name) => name.startsWith("xmlns:"));
    const stray = declares ? undefined : names.find(isForeign);
    if (stray !== undefined) {
      const what = `\`${stray}\` has a prefix that storage format does not know`;
      throw storageFault(source, "input", what, node.start);
    }
    if (NAMED.has(node.name) && node.attributes["ac:name"] === undefined) {
      const what = `\`<${node.name}>\` needs the attribute \`ac:name\``;
      throw storageFault(source, "input", what, node.start);
    }
    visit(node, source, declares);
  }
}
