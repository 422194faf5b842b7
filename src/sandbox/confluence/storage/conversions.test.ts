import { describe, expect, it } from "vitest";
import { Refused } from "../refused.ts";
import { type AdfNode, type BodyContext, parseAdf } from "./adf.ts";
import { bodyAs, readBody, textOfBody } from "./body.ts";
import { adfToStorage } from "./from-adf.ts";
import { wikiToStorage } from "./from-wiki.ts";
import { storageToAdf } from "./to-adf.ts";
import { storageToText, storageToView } from "./to-view.ts";
import { parseStorage } from "./xml.ts";

const context: BodyContext = {
  containerId: "7",
  files: [{ name: "a.png", mediaId: "media-1" }],
  nameOf: (id) => (id === "acc-1" ? "Ada" : undefined),
};

const text = (value: string, ...marks: AdfNode["marks"] & object): AdfNode =>
  marks.length === 0 ? { type: "text", text: value } : { type: "text", text: value, marks };
const paragraph = (...content: AdfNode[]): AdfNode => ({ type: "paragraph", content });

function toAdf(storage: string): readonly AdfNode[] {
  return storageToAdf(parseStorage(storage), context).content;
}

function toStorage(...content: AdfNode[]): string {
  return adfToStorage({ type: "doc", version: 1, content }, context);
}

const macro = (name: string, inner = ""): string =>
  `<ac:structured-macro ac:name="${name}" ac:schema-version="1">${inner}</ac:structured-macro>`;
const parameter = (name: string, value: string): string =>
  `<ac:parameter ac:name="${name}">${value}</ac:parameter>`;
const rich = (inner: string): string => `<ac:rich-text-body>${inner}</ac:rich-text-body>`;

/** Storage format and ADF that stand for each other in both directions. */
const pairs: readonly [name: string, storage: string, adf: AdfNode][] = [
  [
    "a paragraph with a break",
    "<p>a<br/>b</p>",
    paragraph(text("a"), { type: "hardBreak" }, text("b")),
  ],
  ["a heading", "<h3>T</h3>", { type: "heading", attrs: { level: 3 }, content: [text("T")] }],
  ["a rule", "<hr/>", { type: "rule" }],
  [
    "nested marks",
    "<p><strong>a</strong><strong><em>b</em></strong></p>",
    paragraph(text("a", { type: "strong" }), text("b", { type: "strong" }, { type: "em" })),
  ],
  [
    "a coloured word",
    '<p><span style="color: #ff0000;">a</span></p>',
    paragraph(text("a", { type: "textColor", attrs: { color: "#ff0000" } })),
  ],
  [
    "a subscript",
    "<p>H<sub>2</sub></p>",
    paragraph(text("H"), text("2", { type: "subsup", attrs: { type: "sub" } })),
  ],
  [
    "a link",
    '<p><a href="https://x.example/?a=1&amp;b=2">t</a></p>',
    paragraph(text("t", { type: "link", attrs: { href: "https://x.example/?a=1&b=2" } })),
  ],
  [
    "a card",
    '<p><a href="https://x.example" data-card-appearance="inline">https://x.example</a></p>',
    paragraph({ type: "inlineCard", attrs: { url: "https://x.example" } }),
  ],
  [
    "a mention",
    '<p><ac:link><ri:user ri:account-id="acc-1"/></ac:link></p>',
    paragraph({ type: "mention", attrs: { id: "acc-1", text: "@Ada" } }),
  ],
  [
    "a date",
    '<p><time datetime="2026-11-23"/></p>',
    paragraph({ type: "date", attrs: { timestamp: "1795392000000" } }),
  ],
  [
    "an inline comment",
    '<p><ac:inline-comment-marker ac:ref="r">a</ac:inline-comment-marker></p>',
    paragraph(
      text("a", { type: "annotation", attrs: { id: "r", annotationType: "inlineComment" } }),
    ),
  ],
  [
    "a quote",
    "<blockquote><p>a</p></blockquote>",
    { type: "blockquote", content: [paragraph(text("a"))] },
  ],
  [
    "nested lists",
    '<ul><li><p>a</p><ol start="3"><li><p>b</p></li></ol></li></ul>',
    {
      type: "bulletList",
      content: [
        {
          type: "listItem",
          content: [
            paragraph(text("a")),
            {
              type: "orderedList",
              attrs: { order: 3 },
              content: [{ type: "listItem", content: [paragraph(text("b"))] }],
            },
          ],
        },
      ],
    },
  ],
  [
    "code",
    macro(
      "code",
      `${parameter("language", "ts")}<ac:plain-text-body><![CDATA[a <b> ]]]]><![CDATA[> c]]></ac:plain-text-body>`,
    ),
    { type: "codeBlock", attrs: { language: "ts" }, content: [text("a <b> ]]> c")] },
  ],
  [
    "a yellow panel",
    macro("note", rich("<p>a</p>")),
    { type: "panel", attrs: { panelType: "warning" }, content: [paragraph(text("a"))] },
  ],
  [
    "a red panel",
    macro("warning", rich("<p>a</p>")),
    { type: "panel", attrs: { panelType: "error" }, content: [paragraph(text("a"))] },
  ],
  [
    "a panel without a macro",
    '<ac:adf-extension><ac:adf-node type="panel"><ac:adf-attribute key="panel-type">note</ac:adf-attribute><ac:adf-content><p>a</p></ac:adf-content></ac:adf-node></ac:adf-extension>',
    { type: "panel", attrs: { panelType: "note" }, content: [paragraph(text("a"))] },
  ],
  [
    "an expand",
    macro("expand", parameter("title", "T") + rich("<p>a</p>")),
    { type: "expand", attrs: { title: "T" }, content: [paragraph(text("a"))] },
  ],
  [
    "a file",
    '<ac:image ac:alt="pic"><ri:attachment ri:filename="a.png"/></ac:image>',
    {
      type: "mediaSingle",
      attrs: { layout: "center" },
      content: [
        {
          type: "media",
          attrs: { type: "file", id: "media-1", collection: "contentId-7", alt: "pic" },
        },
      ],
    },
  ],
  [
    "a picture elsewhere",
    '<ac:image ac:alt=""><ri:url ri:value="https://x.example/p.png"/></ac:image>',
    {
      type: "mediaSingle",
      attrs: { layout: "center" },
      content: [
        { type: "media", attrs: { type: "external", url: "https://x.example/p.png", alt: "" } },
      ],
    },
  ],
  [
    "tasks",
    "<ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>complete</ac:task-status><ac:task-body>a</ac:task-body></ac:task></ac:task-list>",
    {
      type: "taskList",
      attrs: { localId: "" },
      content: [{ type: "taskItem", attrs: { localId: "1", state: "DONE" }, content: [text("a")] }],
    },
  ],
  [
    "a table with spans",
    '<table><tbody><tr><th><p>h</p></th></tr><tr><td colspan="2" rowspan="3"><p>c</p></td></tr></tbody></table>',
    {
      type: "table",
      attrs: { isNumberColumnEnabled: false, layout: "default" },
      content: [
        {
          type: "tableRow",
          content: [{ type: "tableHeader", attrs: {}, content: [paragraph(text("h"))] }],
        },
        {
          type: "tableRow",
          content: [
            {
              type: "tableCell",
              attrs: { colspan: 2, rowspan: 3 },
              content: [paragraph(text("c"))],
            },
          ],
        },
      ],
    },
  ],
  [
    "a layout",
    '<ac:layout><ac:layout-section ac:type="two_left_sidebar"><ac:layout-cell><p>a</p></ac:layout-cell><ac:layout-cell><p>b</p></ac:layout-cell></ac:layout-section></ac:layout>',
    {
      type: "layoutSection",
      content: [
        { type: "layoutColumn", attrs: { width: 33.33 }, content: [paragraph(text("a"))] },
        { type: "layoutColumn", attrs: { width: 66.66 }, content: [paragraph(text("b"))] },
      ],
    },
  ],
];

describe("storage format and ADF", () => {
  it.each(pairs)("give each other: %s", (_name, storage, adf) => {
    expect(toAdf(storage)).toEqual([adf]);
    expect(toStorage(adf)).toBe(storage);
  });

  it("carry other macros with parameters and bodies through", () => {
    const all = [
      macro("toc", parameter("maxLevel", "3")),
      macro("excerpt", rich("<p>a</p>")),
      macro("noformat", "<ac:plain-text-body><![CDATA[x]]></ac:plain-text-body>"),
    ].join("");
    expect(toAdf(all).map(({ type }) => type)).toEqual([
      "extension",
      "bodiedExtension",
      "extension",
    ]);
    expect(toStorage(...toAdf(all))).toBe(all);
  });

  it("keep a status and a jira macro inside the line", () => {
    const line = `<p>a ${macro("status", parameter("title", "OK") + parameter("colour", "Green"))} ${macro("jira", parameter("key", "A-1"))}</p>`;
    expect(toAdf(line)[0]?.content?.map(({ type }) => type)).toEqual([
      "text",
      "status",
      "text",
      "inlineExtension",
    ]);
    expect(toStorage(...toAdf(line))).toBe(line);
  });

  it("let code exclude other marks but links", () => {
    const [only] = toAdf('<p><strong><a href="x"><code>a</code></a></strong></p>');
    expect(only?.content?.[0]?.marks?.map(({ type }) => type)).toEqual(["link", "code"]);
  });

  it("make paragraphs of text that stands alone, and lift pictures out of them", () => {
    const image = '<ac:image ac:alt="x"><ri:attachment ri:filename="a.png"/></ac:image>';
    expect(toAdf(` a <b>b</b> <p>c${image}</p>`).map(({ type }) => type)).toEqual([
      "paragraph",
      "paragraph",
      "mediaSingle",
    ]);
  });
});

describe("a body", () => {
  it.each([
    ["storage", "<p>"],
    ["atlas_doc_format", "{}"],
    ["atlas_doc_format", "not json"],
    ["atlas_doc_format", '{"type":"doc","content":[]}'],
    ["atlas_doc_format", '{"type":"doc","version":1,"content":[{"type":"text"}]}'],
    ["view", "<p>a</p>"],
    ["markdown", "a"],
  ])("is refused as %s: %s", (representation, value) => {
    expect(() => readBody(representation, value)).toThrow(Refused);
  });

  it("is given back to the letter in the format it was written in", () => {
    const storage = '<p class="x">a&nbsp;b</p>';
    expect(bodyAs(readBody("storage", storage), "storage", context)).toBe(storage);
    const adf = JSON.stringify({ version: 1, type: "doc", content: [] });
    expect(bodyAs(readBody("atlas_doc_format", adf), "atlas_doc_format", context)).toBe(adf);
  });

  it("written as ADF reads as storage format, HTML and words", () => {
    const body = readBody(
      "atlas_doc_format",
      JSON.stringify({ type: "doc", version: 1, content: [paragraph(text("a & b"))] }),
    );
    expect(bodyAs(body, "storage", context)).toBe("<p>a &amp; b</p>");
    expect(bodyAs(body, "view", context)).toBe("<p>a &amp; b</p>");
    expect(textOfBody(body, context)).toBe("a & b");
    expect(parseAdf(bodyAs(body, "atlas_doc_format", context)).content).toHaveLength(1);
  });
});

describe("the rendered view", () => {
  it("draws macros, people and pictures as HTML", () => {
    const view = storageToView(
      parseStorage(
        '<p><ac:link><ri:user ri:account-id="acc-1"/></ac:link></p>' +
          macro("info", rich("<p>i</p>")) +
          macro("code", "<ac:plain-text-body><![CDATA[a<b]]></ac:plain-text-body>") +
          '<ac:image><ri:attachment ri:filename="a.png"/></ac:image>' +
          macro("status", parameter("title", "OK")) +
          macro("jira", parameter("key", "A-1")),
      ),
      context,
    );
    expect(view).not.toContain("ac:");
    expect(view).toMatchInlineSnapshot(
      `"<p><a class="confluence-userlink user-mention" data-account-id="acc-1">Ada</a></p><div class="confluence-information-macro confluence-information-macro-information"><div class="confluence-information-macro-body"><p>i</p></div></div><div class="code panel pdl"><pre class="syntaxhighlighter-pre" data-syntaxhighlighter-params="brush: text">a&lt;b</pre></div><img class="confluence-embedded-image" src="/download/attachments/7/a.png" alt="a.png"/><span class="status-macro aui-lozenge">OK</span><span class="jira-issue" data-jira-key="A-1">A-1</span>"`,
    );
  });

  it("leaves only words for the index", () => {
    const nodes = parseStorage(
      `<h1>T</h1><p>a${macro("status", parameter("title", "OK"))}</p>${macro("jira", parameter("key", "A-1"))}<ul><li>x</li><li>y</li></ul>`,
    );
    expect(storageToText(nodes)).toBe("T aOK x y");
  });
});

describe("wiki markup", () => {
  it.each([
    [
      "h2. Title\ntext *bold* and _em_",
      "<h2>Title</h2><p>text <strong>bold</strong> and <em>em</em></p>",
    ],
    ["a\nb\n\nc", "<p>a<br/>b</p><p>c</p>"],
    ["* a\n** b\n* c", "<ul><li><p>a</p><ul><li><p>b</p></li></ul></li><li><p>c</p></li></ul>"],
    ["# a\n# b", "<ol><li><p>a</p></li><li><p>b</p></li></ol>"],
    [
      "||h||\n|c|",
      "<table><tbody><tr><th><p>h</p></th></tr><tr><td><p>c</p></td></tr></tbody></table>",
    ],
    ["----", "<hr/>"],
    [
      "[t|https://x.example/?a=1&b=2] {{c}}",
      '<p><a href="https://x.example/?a=1&amp;b=2">t</a> <code>c</code></p>',
    ],
    ["snake_case_name 2*3*4 <b>", "<p>snake_case_name 2*3*4 &lt;b&gt;</p>"],
    [
      "{code:js}\na < b\n{code}\nafter",
      `${macro("code", `${parameter("language", "js")}<ac:plain-text-body><![CDATA[a < b]]></ac:plain-text-body>`)}<p>after</p>`,
    ],
  ])("%j becomes storage format", (wiki, storage) => {
    expect(wikiToStorage(wiki)).toBe(storage);
    expect(() => parseStorage(wikiToStorage(wiki))).not.toThrow();
  });
});
