import type { Block, Document, ListItem } from "../tree.ts";
import { tooDeep } from "./block-rules.ts";
import { ContainerStack } from "./containers.ts";
import type { Token } from "./library.ts";
import { readPieces } from "./read-inline.ts";
import { paragraphOf, readHeading, readParagraph } from "./read-paragraph.ts";
import { readPipeTable } from "./read-pipe-table.ts";
import { ALERTS, decode, looseAttributes, parseAttributes } from "./syntax.ts";

type List = Extract<Block, { type: "list" }>;

const TASK = /^\[([ xX])\](?: |$)/;
const ALERT = /^\[!([A-Za-z]+)\]\s*$/;

/** The document that block tokens spell out. */
export function readDocument(tokens: readonly Token[]): Document {
  return { type: "document", children: new BlockReader(tokens).readUntil(undefined) };
}

class BlockReader {
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  #next(): Token | undefined {
    const token = this.#tokens[this.#position];
    this.#position += 1;
    return token;
  }

  /** Blocks up to the closing token, which is consumed too. */
  readUntil(close: string | undefined): Block[] {
    const stack = new ContainerStack(tooDeep);
    for (let token = this.#next(); token !== undefined; token = this.#next()) {
      if (token.type === close) break;
      this.#readInto(stack, token);
    }
    return stack.finish();
  }

  #readInto(stack: ContainerStack, token: Token): void {
    switch (token.type) {
      case "container_line":
        stack.containerLine(token.content, token.tag, token.markup.length, token.info);
        break;
      case "expand_line":
        stack.expandLine(token.content, token.info);
        break;
      case "paragraph_open": {
        const line = this.#next();
        this.#next();
        if (line !== undefined) this.#readLine(stack, line);
        break;
      }
      case "bullet_list_open":
      case "ordered_list_open":
        for (const list of this.#readList(token)) stack.add(list);
        break;
      default:
        for (const block of this.#readBlock(token)) stack.add(block);
    }
  }

  #readLine(stack: ContainerStack, line: Token): void {
    const pieces = readPieces(line.children ?? []);
    if (pieces.some(({ type }) => type === "table-tag") && stack.takesTags(line.info === "table")) {
      stack.tableLine(pieces);
    } else stack.add(paragraphOf(pieces).block);
  }

  #readBlock(token: Token): Block[] {
    switch (token.type) {
      case "heading_open":
        return [this.#readHeading(token)];
      case "code_block":
        return [{ type: "code", text: token.content.replace(/\n$/, "") }];
      case "fence":
        return [readFence(token)];
      case "hr":
        return [{ type: "rule" }];
      case "blockquote_open":
        return [this.#readQuote()];
      case "table_attributes": {
        const open = this.#next();
        return open === undefined ? [] : [this.#readTable(parseAttributes(token.content) ?? {})];
      }
      case "table_open":
        return [this.#readTable({})];
      default:
        return [];
    }
  }

  #readHeading(token: Token): Block {
    const line = this.#next();
    this.#next();
    const level = LEVELS.find((number) => `h${number}` === token.tag) ?? 6;
    return { type: "heading", level, ...readHeading(line?.children ?? []) };
  }

  #readTable(attributes: Record<string, string>): Block {
    const start = this.#position;
    while (this.#tokens[this.#position]?.type !== "table_close") this.#position += 1;
    this.#position += 1;
    return readPipeTable(this.#tokens.slice(start, this.#position), attributes);
  }

  #readQuote(): Block {
    const line = this.#tokens[this.#position + 1];
    const [first, second] = line?.children ?? [];
    const [, word = ""] = (first?.type === "text" && ALERT.exec(first.content)) || [];
    const kind = ALERTS.get(word.toUpperCase());
    const alone = second === undefined || second.type === "softbreak";
    if (kind === undefined || !alone || line?.type !== "inline") {
      return { type: "quote", children: this.readUntil("blockquote_close") };
    }
    line.children?.splice(0, 2);
    if (line.children?.length === 0) this.#position += 3;
    return { type: "panel", kind, children: this.readUntil("blockquote_close") };
  }

  /** One list, or several where tasks and plain items alternate. */
  #readList(open: Token): List[] {
    const ordered = open.type === "ordered_list_open";
    const first = Number(open.attrGet("start") ?? 1);
    const lists: { kind: List["kind"]; start: number; items: ListItem[] }[] = [];
    let number = first;
    for (let token = this.#next(); token?.type === "list_item_open"; token = this.#next()) {
      const item = this.#readItem();
      const plain = ordered ? "ordered" : "bullet";
      const kind = item.task === undefined ? plain : "task";
      const last = lists.at(-1);
      if (last?.kind === kind) last.items.push(item);
      else lists.push({ kind, start: number, items: [item] });
      number += 1;
    }
    return lists.map(({ kind, start, items }) => ({
      type: "list",
      kind,
      items,
      ...(kind === "ordered" && start !== 1 ? { start } : {}),
    }));
  }

  #readItem(): ListItem {
    const line = this.#tokens[this.#position + 1];
    const isLine = this.#tokens[this.#position]?.type === "paragraph_open";
    const task = isLine && line !== undefined ? takeTask(line) : undefined;
    if (task === undefined || line === undefined) {
      return { children: this.readUntil("list_item_close") };
    }
    const { block, id } = readParagraph(line.children ?? []);
    this.#position += 3;
    const rest = this.readUntil("list_item_close");
    const blank = line.children?.length === 0 || isBlankLine(block);
    return {
      children: blank && !isExplicit(line) ? rest : [block, ...rest],
      task: { done: task === "done", ...(id && { id }) },
    };
  }
}

const LEVELS = [1, 2, 3, 4, 5, 6] as const;

function isBlankLine(block: Block): boolean {
  return block.type === "paragraph" && block.children.length === 0 && block.align === undefined;
}

function isExplicit(line: Token): boolean {
  return line.children?.some(({ type }) => type === "empty") === true;
}

/** Takes `[ ]` or `[x]` off the start of a line of tokens. */
function takeTask(line: Token): "done" | "open" | undefined {
  const [first, second] = line.children ?? [];
  const [source, state] = (first?.type === "text" && TASK.exec(first.content)) || [];
  if (first === undefined || source === undefined) return undefined;
  const alone = source.length === first.content.length && !source.endsWith(" ");
  if (alone && second !== undefined && second.type !== "softbreak") return undefined;
  first.content = first.content.slice(source.length);
  if (first.content === "") line.children?.splice(0, second?.type === "softbreak" ? 2 : 1);
  return state === " " ? "open" : "done";
}

function readFence(token: Token): Block {
  const info = token.info.trim();
  const [, word = "", rest = ""] = /^([^\s=]*)(?=\s|$)(.*)$/s.exec(info) ?? [undefined, "", info];
  const { language = decode(word), ...options } = looseAttributes(rest);
  return {
    type: "code",
    text: token.content.replace(/\n$/, ""),
    ...(language === "" ? {} : { language }),
    ...(Object.keys(options).length > 0 ? { options } : {}),
  };
}
