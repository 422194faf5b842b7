import type { Block, ListItem } from "../tree.ts";
import { retagged } from "./read-macro.ts";
import { keep, type Reading, telling } from "./reading.ts";
import { child, elements, isBlank, textOf, type XmlElement } from "./xml.ts";

/** Reads `ul` and `ol`. A nested list that stands beside the items belongs to the item before it. */
export function readList(node: XmlElement, reading: Reading): Block {
  const items: ListItem[] = [];
  for (const one of node.children) {
    if (isBlank(one)) continue;
    if (one.kind !== "element" || !/^(li|ul|ol)$/.test(one.name)) {
      if (reading.lenient) continue;
      return keep(node, reading);
    }
    if (one.name === "li") items.push({ children: reading.blocks(one.children) });
    else attach(items, readList(one, reading));
  }
  const attributes = telling(node);
  const start = node.name === "ol" ? Number(attributes.get("start") ?? 1) : 1;
  if (Number.isInteger(start)) attributes.delete("start");
  const block: Block = {
    type: "list",
    kind: node.name === "ol" ? "ordered" : "bullet",
    start: start !== 1 && Number.isInteger(start) ? start : undefined,
    items,
  };
  return attributes.size === 0 || reading.lenient ? block : retagged(node, block, reading);
}

/** Reads `ac:task-list`. The id of an item is the task's id, with its UUID behind a slash. */
export function readTaskList(node: XmlElement, reading: Reading): Block {
  const items: ListItem[] = [];
  for (const one of node.children) {
    if (isBlank(one)) continue;
    const task = one.kind === "element" ? readTask(one, reading) : undefined;
    if (task !== undefined) items.push(task);
    else if (one.kind === "element" && one.name === "ac:task-list") {
      attach(items, readTaskList(one, reading));
    } else return keep(node, reading);
  }
  return { type: "list", kind: "task", items };
}

function readTask(node: XmlElement, reading: Reading): ListItem | undefined {
  if (node.name !== "ac:task") return undefined;
  const known = ["ac:task-id", "ac:task-uuid", "ac:task-status", "ac:task-body"];
  if (elements(node).some((one) => !known.includes(one.name))) return undefined;
  const [id = "", uuid = "", status] = known.map((name) => {
    const one = child(node, name);
    return one === undefined ? undefined : textOf(one).trim();
  });
  const done = status === "complete";
  return {
    children: reading.blocks(child(node, "ac:task-body")?.children ?? []),
    task: { done, id: [id, uuid].filter(Boolean).join("/") || undefined },
  };
}

function attach(items: ListItem[], list: Block): void {
  const last = items.pop() ?? { children: [] };
  items.push({ ...last, children: [...last.children, list] });
}
