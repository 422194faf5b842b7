// Made up after Atlassian's schema: one document for each node and mark, and its Markdown.

export const text = (value: string, ...marks: object[]) => ({
  type: "text",
  text: value,
  ...(marks.length > 0 && { marks }),
});
export const p = (...content: object[]) => ({ type: "paragraph", content });
export const word = p(text("word"));
const cell = (type: string, attrs: object | undefined, ...content: object[]) => ({
  type,
  ...(attrs && { attrs }),
  content,
});
const media = (attrs: object) => ({
  type: "media",
  attrs: { type: "file", id: "m-1", collection: "c", ...attrs },
});

/** Nodes with a notation, by name. */
export const notated: Record<string, [object | object[], string]> = {
  paragraph: [word, "word"],
  "empty paragraph between others": [[word, { type: "paragraph" }, word], "word\n\n<p/>\n\nword"],
  "hard break": [p(text("a"), { type: "hardBreak" }, text("b")), "a\\\nb"],
  heading: [{ type: "heading", attrs: { level: 3 }, content: [text("Title")] }, "### Title"],
  rule: [{ type: "rule" }, "---"],
  "code block": [
    { type: "codeBlock", attrs: { language: "c++" }, content: [text("a < b;\n\n  c")] },
    "```c++\na < b;\n\n  c\n```",
  ],
  "code block with settings": [
    { type: "codeBlock", attrs: { wrap: true, hideLineNumbers: true }, content: [text("x")] },
    "```linenumbers=false wrap=true\nx\n```",
  ],
  "empty code block": [{ type: "codeBlock" }, "```\n```"],
  quote: [{ type: "blockquote", content: [word, word] }, "> word\n>\n> word"],
  "nested lists": [
    {
      type: "bulletList",
      content: [
        {
          type: "listItem",
          content: [
            word,
            {
              type: "orderedList",
              attrs: { order: 3 },
              content: [{ type: "listItem", content: [word] }],
            },
          ],
        },
      ],
    },
    "- word\n\n  3. word",
  ],
  "an item that is a list": [
    {
      type: "bulletList",
      content: [
        {
          type: "listItem",
          content: [
            { type: "paragraph" },
            { type: "bulletList", content: [{ type: "listItem", content: [word] }] },
          ],
        },
      ],
    },
    "- * word",
  ],
  "task list": [
    {
      type: "taskList",
      attrs: { localId: "-" },
      content: [
        { type: "taskItem", attrs: { localId: "t1", state: "DONE" }, content: [text("done")] },
        {
          type: "taskList",
          attrs: { localId: "-" },
          content: [
            { type: "taskItem", attrs: { localId: "t2", state: "TODO" }, content: [text("open")] },
          ],
        },
      ],
    },
    "- [x] done {id=t1}\n  - [ ] open {id=t2}",
  ],
  "task of several paragraphs": [
    {
      type: "taskList",
      attrs: { localId: "-" },
      content: [
        { type: "blockTaskItem", attrs: { localId: "t1", state: "TODO" }, content: [word, word] },
      ],
    },
    "- [ ] word {id=t1}\n\n  word",
  ],
  "simple table": [
    {
      type: "table",
      attrs: { layout: "wide", localId: "tab", isNumberColumnEnabled: true },
      content: [
        {
          type: "tableRow",
          content: [
            cell("tableHeader", { colwidth: [100] }, word),
            cell("tableHeader", { colwidth: [200] }, p(text("a|b"))),
          ],
        },
        {
          type: "tableRow",
          content: [
            cell("tableCell", { colwidth: [100] }, word),
            cell("tableCell", { colwidth: [200] }, { type: "paragraph" }),
          ],
        },
      ],
    },
    "{layout=wide numbered=true localId=tab widths=100,200}\n| word | a\\|b |\n| --- | --- |\n| word |  |",
  ],
  "table with spans and blocks": [
    {
      type: "table",
      content: [
        {
          type: "tableRow",
          content: [
            cell("tableHeader", { colspan: 2, background: "#ffffff", valign: "top" }, word),
          ],
        },
        {
          type: "tableRow",
          content: [
            cell("tableCell", { rowspan: 2 }, word),
            cell("tableCell", undefined, {
              type: "nestedExpand",
              attrs: { title: "More" },
              content: [word],
            }),
          ],
        },
        { type: "tableRow", content: [cell("tableCell", undefined, word)] },
      ],
    },
    '<table>\n<tr><th colspan="2" background="#ffffff" valign="top">word</th></tr>\n<tr><td rowspan="2">word</td><td>\n\n:::expand More\nword\n:::\n\n</td></tr>\n<tr><td>word</td></tr>\n</table>',
  ],
  "header column": [
    {
      type: "table",
      content: ["a", "b"].map((name) => ({
        type: "tableRow",
        content: [
          cell("tableHeader", undefined, p(text(name))),
          cell("tableCell", undefined, word),
        ],
      })),
    },
    "{headers=column}\n| a | word |\n| --- | --- |\n| b | word |",
  ],
  panel: [
    {
      type: "panel",
      attrs: { panelType: "custom", panelIcon: ":rainbow:", panelColor: "#ff0000" },
      content: [word],
    },
    ":::custom {icon=:rainbow: color=#ff0000}\nword\n:::",
  ],
  "expand in an expand": [
    {
      type: "expand",
      attrs: { title: "Outer" },
      content: [{ type: "nestedExpand", attrs: { title: "Inner" }, content: [word] }],
    },
    "::::expand Outer\n:::expand Inner\nword\n:::\n::::",
  ],
  layout: [
    {
      type: "layoutSection",
      content: [
        { type: "layoutColumn", attrs: { width: 66.66 }, content: [word] },
        { type: "layoutColumn", attrs: { width: 33.33, valign: "middle" }, content: [word] },
      ],
    },
    "::::layout\n:::column {width=66.66}\nword\n:::\n:::column {width=33.33 valign=middle}\nword\n:::\n::::",
  ],
  "plain marks": [
    p(
      text("b", { type: "strong" }),
      text("i", { type: "em" }),
      text("s", { type: "strike" }),
      text("c", { type: "code" }),
      text("u", { type: "underline" }),
      text("x", { type: "subsup", attrs: { type: "sub" } }),
      text("y", { type: "subsup", attrs: { type: "sup" } }),
    ),
    "<b>b</b>*i*~~s~~`c`<u>u</u><sub>x</sub><sup>y</sup>",
  ],
  colours: [
    p(
      text("r", { type: "textColor", attrs: { color: "#ff0000" } }),
      text("y", { type: "backgroundColor", attrs: { color: "#f8e6a0" } }),
    ),
    '<span style="color:#ff0000">r</span><mark style="background:#f8e6a0">y</mark>',
  ],
  links: [
    p(
      text("a", { type: "link", attrs: { href: "https://a.b/(c)", title: "T" } }),
      text(" "),
      text("https://a.b/c_d", { type: "link", attrs: { href: "https://a.b/c_d" } }),
      text(" and "),
      text("f", { type: "link", attrs: { href: "#top" } }, { type: "code" }),
    ),
    '[a](<https://a.b/(c)> "T") https://a.b/c_d and [`f`](#top)',
  ],
  alignment: [
    [
      { ...word, marks: [{ type: "alignment", attrs: { align: "center" } }] },
      {
        type: "heading",
        attrs: { level: 1 },
        content: [text("H")],
        marks: [{ type: "alignment", attrs: { align: "end" } }],
      },
    ],
    "word {align=center}\n\n# H {align=right}",
  ],
  mentions: [
    p({ type: "mention", attrs: { id: "557058:1", text: "@Ann [x]" } }, text(" "), {
      type: "mention",
      attrs: { id: "all", text: "@all", accessLevel: "CONTAINER", userType: "SPECIAL" },
    }),
    "@[Ann &#91;x&#93;](accountid:557058:1) @[all](accountid:all){accessLevel=CONTAINER userType=SPECIAL}",
  ],
  emoji: [
    p(
      { type: "emoji", attrs: { shortName: ":smile:", id: "1f604", text: "😄" } },
      { type: "emoji", attrs: { shortName: ":acme:", id: "uuid", text: ":acme:" } },
      { type: "emoji", attrs: { shortName: ":plain:" } },
    ),
    "{emoji:smile|😄}{emoji:acme|:acme:|uuid}:plain:",
  ],
  status: [
    p({ type: "status", attrs: { text: "IN PROGRESS", color: "blue" } }),
    "{status:IN PROGRESS|blue}",
  ],
  date: [p({ type: "date", attrs: { timestamp: "1769817600000" } }), "{date:2026-01-31}"],
  cards: [
    [
      p(text("see "), { type: "inlineCard", attrs: { url: "https://a.b/x_y" } }),
      { type: "blockCard", attrs: { url: "https://a.b" } },
      { type: "embedCard", attrs: { url: "https://a.b", layout: "wide", width: 80 } },
    ],
    'see [https://a.b/x_y](https://a.b/x_y "card:inline")\n\n[https://a.b](https://a.b "card:block")\n\n[https://a.b](https://a.b "card:embed"){layout=wide width=80}',
  ],
  "stored image": [
    {
      type: "mediaSingle",
      attrs: { layout: "wrap-right", width: 300, widthType: "pixel" },
      content: [
        media({ alt: "A cat", width: 800, height: 600 }),
        { type: "caption", content: [text("Cap")] },
      ],
    },
    "![A cat](media:m-1?collection=c){width=300 layout=wrap-right mediaWidth=800 mediaHeight=600}\n{caption} Cap",
  ],
  "image of a relative width with a link": [
    {
      type: "mediaSingle",
      attrs: { layout: "center", width: 50 },
      content: [{ ...media({}), marks: [{ type: "link", attrs: { href: "https://a.b" } }] }],
    },
    "![](media:m-1?collection=c){percent=50 link=https://a.b}",
  ],
  "external image": [
    {
      type: "mediaSingle",
      attrs: { layout: "center" },
      content: [{ type: "media", attrs: { type: "external", url: "https://a.b/c.png", alt: "x" } }],
    },
    "![x](https://a.b/c.png)",
  ],
  "image in a line": [
    p({ type: "mediaInline", attrs: { type: "file", id: "m-1", collection: "c", alt: "x" } }),
    "![x](media:m-1?collection=c){inline}",
  ],
};

const macro = {
  extensionType: "com.atlassian.confluence.macro.core",
  extensionKey: "toc",
  parameters: { macroParams: { maxLevel: { value: "3" } } },
};
const extension = { type: "extension", attrs: macro };

/** Nodes without a notation, and what their Markdown looks like. */
export const kept: Record<string, [object, RegExp]> = {
  extension: [extension, /^\{opaque:\w{8} macro toc maxLevel=3\}$/],
  "inline extension": [
    p(text("a "), { type: "inlineExtension", attrs: { ...macro, text: "shown" } }),
    /^a \{opaque:\w{8} macro toc shown maxLevel=3\}$/,
  ],
  "bodied extension": [
    { type: "bodiedExtension", attrs: macro, content: [word] },
    /^:::frame \w{8} macro toc maxLevel=3\nword\n:::$/,
  ],
  "decision list": [
    {
      type: "decisionList",
      attrs: { localId: "d" },
      content: [
        {
          type: "decisionItem",
          attrs: { localId: "d1", state: "DECIDED" },
          content: [text("yes")],
        },
      ],
    },
    /^:::frame \w{8} decisions\nyes\n:::$/,
  ],
  "media group": [
    { type: "mediaGroup", content: [media({ alt: "a.pdf" }), media({})] },
    /^\{opaque:\w{8} mediaGroup 2 files a\.pdf\}$/,
  ],
  placeholder: [
    p({ type: "placeholder", attrs: { text: "Type here" } }),
    /^\{opaque:\w{8} placeholder Type here\}\{inline\}$/,
  ],
  "card with data": [
    p(text("a "), { type: "inlineCard", attrs: { data: { url: "https://a.b" } } }),
    /^a \{opaque:\w{8} inlineCard https:\/\/a\.b\}$/,
  ],
  "sync block": [
    { type: "syncBlock", attrs: { resourceId: "r", localId: "l" } },
    /^\{opaque:\w{8} syncBlock\}$/,
  ],
  "bodied sync block": [
    { type: "bodiedSyncBlock", attrs: { resourceId: "r", localId: "l" }, content: [word] },
    /^:::frame \w{8} bodiedSyncBlock\nword\n:::$/,
  ],
  breakout: [
    {
      type: "codeBlock",
      content: [text("x")],
      marks: [{ type: "breakout", attrs: { mode: "wide" } }],
    },
    /^:::frame \w{8} breakout wide\n```\nx\n```\n:::$/,
  ],
  indentation: [
    { ...word, marks: [{ type: "indentation", attrs: { level: 2 } }] },
    /^:::frame \w{8} indentation 2\nword\n:::$/,
  ],
  annotation: [
    p(
      text("a"),
      text(
        "b",
        { type: "strong" },
        { type: "annotation", attrs: { id: "1", annotationType: "inlineComment" } },
      ),
    ),
    /^a\{mark:\w{8}\}\*\*b\*\*\{\/mark\}$/,
  ],
};
