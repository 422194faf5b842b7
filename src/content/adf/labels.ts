import type { AdfMark, AdfNode } from "./types.ts";
import { textAttribute } from "./types.ts";

const MAX_PARAMETERS = 5;

/** What a node is, for a reader: its kind, its name and the text it shows. */
export function labelOf(node: AdfNode): string {
  if (textAttribute(node, "extensionKey") !== undefined) return extensionLabel(node);
  const size = node.type === "mediaGroup" ? `${node.content?.length ?? 0} files` : "";
  const address = textAttribute(node, "url") ?? addressOf(node.attrs?.data);
  return [node.type, size, address, textOf(node)].filter(Boolean).join(" ");
}

function extensionLabel(node: AdfNode): string {
  const key = textAttribute(node, "extensionKey") ?? "";
  const macro = textAttribute(node, "extensionType")?.endsWith(".macro.core") === true;
  const name = key.split("/").at(-1) ?? key;
  const parts = [macro ? "macro" : "extension", name, textAttribute(node, "text") ?? ""];
  return [...parts, ...parameters(node.attrs?.parameters)].filter(Boolean).join(" ");
}

function parameters(value: unknown): string[] {
  const macro = member(value, "macroParams");
  if (typeof macro !== "object" || macro === null) return [];
  return Object.entries(macro)
    .flatMap(([name, parameter]) => {
      const text = member(parameter, "value");
      return typeof text === "string" && text !== "" ? [`${name || "default"}=${text}`] : [];
    })
    .slice(0, MAX_PARAMETERS);
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

function addressOf(data: unknown): string {
  const url = member(data, "url");
  return typeof url === "string" ? url : "";
}

/** All text in a node, for labels. */
function textOf(node: AdfNode): string {
  const own = node.text ?? textAttribute(node, "text") ?? textAttribute(node, "alt") ?? "";
  return [own, ...(node.content ?? []).map(textOf)].filter(Boolean).join(" ");
}

/** What marks on a block do, for a reader. */
export function marksLabel(marks: readonly AdfMark[]): string {
  return marks
    .map(({ type, attrs = {} }) => {
      const values = Object.values(attrs).filter(
        (value) => typeof value === "string" || typeof value === "number",
      );
      return [type, ...values].join(" ");
    })
    .join(", ");
}
