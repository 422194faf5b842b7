import { describe, expect, it } from "vitest";
import { markdownToStorage, storageToMarkdown } from "./convert.ts";

// Made up: a page as Cloud's editor saves it, ids included.
const page = `<p local-id="1">Owner: <ac:link><ri:user ri:account-id="5b:1" ri:local-id="2" /></ac:link>, due <time datetime="2026-12-01" /> <ac:structured-macro ac:name="status" ac:schema-version="1" ac:macro-id="3"><ac:parameter ac:name="title">ON TRACK</ac:parameter><ac:parameter ac:name="colour">Green</ac:parameter></ac:structured-macro></p>
<ac:structured-macro ac:name="toc" ac:schema-version="1" ac:macro-id="4"><ac:parameter ac:name="maxLevel">2</ac:parameter></ac:structured-macro>
<h2 local-id="5">Plan</h2>
<p>See <ac:link><ri:page ri:space-key="DEV" ri:content-title="Release plan" ri:version-at-save="7" /><ac:link-body>the plan</ac:link-body></ac:link>; <ac:inline-comment-marker ac:ref="6">not <strong>final</strong></ac:inline-comment-marker>.</p>
<ac:structured-macro ac:name="excerpt" ac:schema-version="1"><ac:parameter ac:name="hidden">true</ac:parameter><ac:rich-text-body><p>In short.</p></ac:rich-text-body></ac:structured-macro>
<ac:structured-macro ac:name="code" ac:schema-version="1"><ac:parameter ac:name="language">bash</ac:parameter><ac:plain-text-body><![CDATA[echo "<a&b>"]]></ac:plain-text-body></ac:structured-macro>
<table data-layout="default" ac:local-id="7"><tbody><tr><th><p>a</p></th><th><p>b</p></th></tr><tr><td><p>1 | 2</p></td><td><p>3</p></td></tr></tbody></table>
<ac:image ac:layout="center" ac:width="400"><ri:attachment ri:filename="arch v2.png" ri:version-at-save="1" /></ac:image>`;

describe("storageToMarkdown", () => {
  it("shows a page in plain Markdown, the rest as placeholders", () => {
    expect(storageToMarkdown(page).markdown).toMatchInlineSnapshot(`
      "Owner: @[](accountid:5b:1), due {date:2026-12-01} {status:ON TRACK|green}

      {opaque:2dz0juh7 macro toc maxLevel=2}

      ## Plan

      See [the plan](page:DEV/Release%20plan); {mark:beub5n9t}not **final**{/mark}.

      :::frame 3v728w0u macro excerpt hidden=true
      In short.
      :::

      \`\`\`bash
      echo "<a&b>"
      \`\`\`

      | a | b |
      | --- | --- |
      | 1 \\| 2 | 3 |

      ![](attachment:arch%20v2.png){width=400 layout=center}"
    `);
  });

  it("gives the originals that a write needs, and only those that are shown", () => {
    const { markdown, originals } = storageToMarkdown(page);
    expect([...originals.values()].map(({ label }) => label)).toEqual([
      "macro toc maxLevel=2",
      "inline-comment-marker",
      "macro excerpt hidden=true",
    ]);
    expect([...originals.keys()].every((id) => markdown.includes(id))).toBe(true);
  });
});

describe("markdownToStorage", () => {
  it("changes only what was edited", () => {
    const { markdown, originals } = storageToMarkdown(page);
    const edited = markdown.replace("## Plan", "## Our plan").replace("In short.", "In *short*.");
    const before = markdownToStorage(markdown, { originals });
    const after = markdownToStorage(edited, { originals });
    expect(after).toBe(
      before.replace("<h2>Plan", "<h2>Our plan").replace("In short.", "In <em>short</em>."),
    );
    expect(before).toContain('ac:name="toc" ac:schema-version="1" ac:macro-id="4"');
  });

  it("writes Markdown of a person", () => {
    expect(
      markdownToStorage(
        "# A\n\n1. b\n   - [x] c\n\n> d\n\n```js\ne\n```\n\n![f](attachment:g.png)",
      ),
    ).toMatchInlineSnapshot(
      `"<h1>A</h1><ol><li><p>b</p><ac:task-list><ac:task><ac:task-status>complete</ac:task-status><ac:task-body>c</ac:task-body></ac:task></ac:task-list></li></ol><blockquote><p>d</p></blockquote><ac:structured-macro ac:name="code" ac:schema-version="1"><ac:parameter ac:name="language">js</ac:parameter><ac:plain-text-body><![CDATA[e]]></ac:plain-text-body></ac:structured-macro><ac:image ac:alt="f"><ri:attachment ri:filename="g.png" /></ac:image>"`,
    );
  });
});
