import { describe, expect, it } from "vitest";
import { isOurs } from "../../errors.ts";
import type { Block, Inline } from "../tree.ts";
import { parseMarkdown } from "./parse.ts";

/** Phrases as a short text: marks in front of their text, other phrases by their kind. */
function phrase(inline: Inline): string {
  switch (inline.type) {
    case "text": {
      const marks = inline.marks.map((mark) => {
        if (mark.kind === "link") return `link=${mark.href}${mark.title ? ` ${mark.title}` : ""}`;
        return "value" in mark ? `${mark.kind}=${mark.value}` : mark.kind;
      });
      return marks.length === 0 ? inline.text : `<${marks.join(" ")}>${inline.text}</>`;
    }
    case "mention":
      return `@${inline.by}:${inline.id}:${inline.name ?? ""}`;
    case "break":
      return "/";
    case "image":
      return `!${JSON.stringify(inline.source)}`;
    default:
      return JSON.stringify(inline);
  }
}

function line(children: readonly Inline[] = []): string {
  return children.map(phrase).join("");
}

function shape(blocks: readonly Block[]): string {
  return blocks.map(blockShape).join(" ");
}

function blockShape(block: Block): string {
  switch (block.type) {
    case "paragraph":
      return `p(${line(block.children)})`;
    case "heading":
      return `h${block.level}(${line(block.children)})`;
    case "code":
      return `code[${block.language ?? ""}](${block.text})`;
    case "list": {
      const items = block.items.map(({ task, children }) => {
        return `${task ? (task.done ? "x:" : "o:") : ""}${shape(children)}`;
      });
      return `${block.kind}${block.start ?? ""}[${items.join(", ")}]`;
    }
    case "table":
      return `table[${block.rows.map((row) => row.map((cell) => `${cell.header ? "#" : ""}${shape(cell.children)}`).join(", ")).join("; ")}]`;
    case "panel":
      return `${block.kind}${block.title ? `"${block.title}"` : ""}(${shape(block.children)})`;
    case "expand":
      return `expand"${block.title ?? ""}"(${shape(block.children)})`;
    case "layout":
      return `layout[${block.columns.map((column) => shape(column.children)).join(" | ")}]`;
    case "quote":
    case "frame":
      return `${block.type}(${shape(block.children)})`;
    default:
      return block.type;
  }
}

const parsed = (text: string) => shape(parseMarkdown(text).children);

describe("CommonMark", () => {
  it.each([
    ["a\nb", "p(a b)"],
    ["a  \nb\\\nc<br>d", "p(a/b/c/d)"],
    ["Title\n===\n\nSub\n---\n\n### T ###", "h1(Title) h2(Sub) h3(T)"],
    [
      "***b i*** _e_ __s__ `` ` `` ~~x~~",
      "p(<strong em>b i</> <em>e</> <strong>s</> <code>`</> <strike>x</>)",
    ],
    ["snake_case_name 2 * 3 \\*x\\* &copy; &#33;", "p(snake_case_name 2 * 3 *x* © !)"],
    [
      '[a](<b c> "t") [r] [r][]\n\n[r]: http://x.y',
      "p(<link=b c t>a</> <link=http://x.y>r</> <link=http://x.y>r</>)",
    ],
    ["~~~js\nx\n~~~\n\n    y", "code[js](x) code[](y)"],
    ["- ```ts\n  x\n  ```", "bullet[code[ts](x)]"],
    ["- a\n  - b\n    1. c\n       * d", "bullet[p(a) bullet[p(b) ordered[p(c) bullet[p(d)]]]]"],
    ["3) a\n4) b", "ordered3[p(a), p(b)]"],
    ["> a\n> > b\n> - c", "quote(p(a) quote(p(b)) bullet[p(c)])"],
    ["a\r\nb\r\n\r\nc", "p(a b) p(c)"],
    ["***", "rule"],
    ["<div>x</div> <T>", "p(<div>x</div> <T>)"],
  ])("reads %j", (text, expected) => {
    expect(parsed(text)).toBe(expected);
  });

  it("links bare addresses without what surrounds them", () => {
    expect(
      parsed("see https://x.y/a_b?c=(d), (http://z.w) **https://q.r** www.no xhttps://no"),
    ).toBe(
      "p(see <link=https://x.y/a_b?c=(d)>https://x.y/a_b?c=(d)</>, (<link=http://z.w>http://z.w</>) " +
        "<link=https://q.r strong>https://q.r</> www.no xhttps://no)",
    );
    expect(parsed("`https://x.y` [https://x.y](z)")).toBe(
      "p(<code>https://x.y</> <link=z>https://x.y</>)",
    );
  });

  it("never makes links that run code", () => {
    expect(parsed("[x](javascript:a) <javascript:a> ![x](data:text/html,a)")).not.toContain("link");
  });
});

describe("tables and tasks", () => {
  it("reads pipe tables with escapes and alignment", () => {
    const [table] = parseMarkdown("a | b\n:-: | -\n`x\\|y` |\n").children;
    expect(table && shape([table])).toBe("table[#p(a), #p(b); p(<code>x|y</>), ]");
    expect(table?.type === "table" && table.rows[1]?.[0]?.children).toMatchObject([
      { align: "center" },
    ]);
  });

  it("reads the attribute line in front of a pipe table", () => {
    const [table] = parseMarkdown(
      "{headers=column widths=10,20 layout=wide}\n| a | b |\n| - | - |",
    ).children;
    expect(table).toMatchObject({
      options: { layout: "wide" },
      rows: [
        [
          { header: true, widths: [10] },
          { header: false, widths: [20] },
        ],
      ],
    });
  });

  it("reads tables of tags, lenient about lines", () => {
    expect(
      parsed(
        "<table>\n<tr><th>a</th>\n<td colspan=2>\n\n- l\n</td></tr>\n<tr><td>b\nc</td></table>\nafter",
      ),
    ).toBe("table[#p(a), bullet[p(l)]; p(b) p(c)] p(after)");
    expect(parsed("a </td> <td>")).toBe("p(a </td> <td>)");
  });

  it("splits lists where tasks and plain items alternate, and keeps their order", () => {
    expect(parsed("- [ ] a\n  - [X] b\n- c\n- [x]\n- [ ]x")).toBe(
      "task[o:p(a) task[x:p(b)]] bullet[p(c)] task[x:] bullet[p([ ]x)]",
    );
    expect(parsed("1. a\n2. [ ] b\n3. c")).toBe("ordered[p(a)] task[o:p(b)] ordered3[p(c)]");
  });
});

describe("our notations", () => {
  it("reads mentions in three notations", () => {
    expect(parsed("@[Ann](accountid:5:a) @[](userkey:k%20) [~accountid:5:a] [~joe] [~a](b)")).toBe(
      "p(@accountid:5:a:Ann @userkey:k : @accountid:5:a: @user:joe: <link=b>~a</>)",
    );
  });

  it("reads tokens, and leaves what only looks like one", () => {
    expect(parsed("{status:IN PROGRESS|blue} {date:2026-01-31} :smile:")).toBe(
      'p({"type":"status","text":"IN PROGRESS","color":"blue"} {"type":"date","date":"2026-01-31"} {"type":"emoji","shortName":":smile:"})',
    );
    for (const text of [
      "{status:}",
      "{date:soon}",
      "{date:2026-13-45}",
      "{date:2026-02-30}",
      "std::a::b",
      "10:30:45",
      "{json: 1}",
      "{a=b}",
    ]) {
      expect(parsed(text)).toBe(`p(${text})`);
    }
  });

  it("reads inline tags that have a partner, in any order with other marks", () => {
    expect(
      parsed('<u>a **b</u> c** <sub>d</sub> <span style="color: red;">e</span> <mark>f</mark> <u>'),
    ).toBe(
      "p(<underline>a </><strong underline>b</><strong> c</> <sub>d</> <color=red>e</> <background=#f8e6a0>f</> <u>)",
    );
  });

  it("pairs containers by length, by nesting, and ends open ones with the text", () => {
    expect(parsed("::::info A\n:::note\na\n:::\nb\n::::\nc")).toBe('info"A"(note(p(a)) p(b)) p(c)');
    expect(parsed(":::info\n:::tip\na\n:::\nb\n:::\nc")).toBe("info(tip(p(a)) p(b)) p(c)");
    expect(parsed(":::info\n```\n:::\n```\n- x\n:::\ny")).toBe(
      "info(code[](:::) bullet[p(x)]) p(y)",
    );
    expect(parsed("- :::info\n  a\n  :::\n- b")).toBe("bullet[info(p(a)), p(b)]");
    expect(parsed(":::error\na")).toBe("error(p(a))");
    expect(parsed(":::other\na")).toBe("p(:::other a)");
    expect(parsed("a\n\n:::")).toBe("p(a) p(:::)");
  });

  it("reads expands in both notations and layouts with loose content", () => {
    expect(parsed("{expand:A}\nx\n{expand:B}\ny\n{expand}\nz\n{expand}\n:::expand C\n:::")).toBe(
      'expand"A"(p(x) expand"B"(p(y)) p(z)) expand"C"()',
    );
    expect(parsed("::::layout\nx\n:::column {width=50}\ny\n:::\n::::")).toBe("layout[p(x) | p(y)]");
  });

  it("reads GitHub alerts as panels", () => {
    expect(parsed("> [!WARNING]\n> a\n> - b")).toBe("warning(p(a) bullet[p(b)])");
    expect(parsed("> [!TIP]\n>\n> a")).toBe("tip(p(a))");
    expect(parsed("> [!NOTE] a")).toBe("quote(p([!NOTE] a))");
  });

  it("reads images with their attributes, caption and link", () => {
    const [block, path, linked] = parseMarkdown(
      '![a *b*](attachment:c%20d.png "t"){width=300 layout=wide}\n{caption} e **f**\n\n![](img/x%20y.png)\n\n[![](media:1)](http://x.y)',
    ).children;
    expect(block).toMatchObject({
      type: "image-block",
      image: {
        alt: "a b",
        title: "t",
        width: 300,
        extra: { layout: "wide" },
        source: { filename: "c d.png" },
      },
      caption: [{ text: "e " }, { text: "f" }],
    });
    expect(path).toMatchObject({ image: { source: { kind: "attachment", filename: "x y.png" } } });
    expect(linked).toMatchObject({ image: { source: { id: "1" }, extra: { link: "http://x.y" } } });
  });

  it("reads cards alone and in a line, and links to pages and anchors", () => {
    expect(parseMarkdown('[x](http://a.b "card:embed"){width=80}').children).toEqual([
      { type: "card-block", url: "http://a.b", kind: "embed", options: { width: "80" } },
    ]);
    expect(parsed('a [x](http://a.b "card:block")')).toContain(
      '{"type":"card","url":"http://a.b"}',
    );
    expect(parsed("[a](page:DS/My%20Page) [b](#top%21) [c](attachment:100%.png)")).toBe(
      "p(<link=page:DS/My Page>a</> <link=anchor:top!>b</> <link=attachment:100%.png>c</>)",
    );
  });

  it("reads code settings beside the language", () => {
    expect(
      parseMarkdown('```c++ title="a b.h" firstline=3\nx\n```\n\n```title=y\n```').children,
    ).toEqual([
      { type: "code", language: "c++", text: "x", options: { title: "a b.h", firstline: "3" } },
      { type: "code", text: "", options: { title: "y" } },
    ]);
  });
});

describe("hostile input", () => {
  it.each(["- ", "> ", ":::info\n", "{expand:x}\n", "<table>\n"])(
    "refuses endless nesting of %j",
    (unit) => {
      let code: string | undefined;
      try {
        const depth = unit === "- " ? 1 : 2000;
        parsed(
          unit === "- "
            ? Array.from({ length: 200 }, (_, i) => `${"  ".repeat(i)}- a`).join("\n")
            : unit.repeat(depth),
        );
      } catch (error) {
        code = isOurs(error) ? error.code : "other";
      }
      expect(code).toBe("input");
    },
  );

  it("reads long runs of one notation in time that grows with their length", () => {
    const units = [
      "[",
      "![",
      "*",
      "*a **a ",
      "_",
      "`a``",
      "<",
      "<u>",
      "</u>",
      "{",
      '{a="',
      "{mark:a}",
      ":",
      "@[",
      "[~",
      "&#",
      "https://",
      "http://((",
      "](",
      "<span style=",
      "|",
      "a\n:::\n",
    ];
    for (const unit of units) {
      // Cost that grew with the square would run into the test's time limit.
      expect(parseMarkdown(unit.repeat(40_000 / unit.length)).type, unit).toBe("document");
    }
  });
});
