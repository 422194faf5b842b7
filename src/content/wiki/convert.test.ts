import { describe, expect, it } from "vitest";
import { markdownToWiki, wikiToMarkdown } from "./convert.ts";

// Made up: an issue as people write it.
const issue = `h2. Steps
# Open [the page|https://x.y/a_b] as [~joe]
#* with {{admin_user}}
# Click *Save*
{code:java|title=Log}
x[0] = "{y}"; // *not bold*
{code}

{panel:title=Seen|bgColor=#ffebe6}
It _fails_ with C++ code, -5 to -3.
{panel}
{anchor:end}
||Browser||State||
|Firefox|{color:#006644}[ OK ]{color}|
|Safari|a \\| b|

!screen shot.png|thumbnail!`;

describe("wikiToMarkdown", () => {
  it("shows an issue in plain Markdown", () => {
    expect(wikiToMarkdown(issue).markdown).toMatchInlineSnapshot(`
      "## Steps

      1. Open [the page](https://x.y/a_b) as @[joe](user:joe)
         - with \`admin_user\`

      2. Click **Save**

         \`\`\`java title=Log
         x[0] = "{y}"; // *not bold*
         \`\`\`

      :::error Seen
      It *fails* with C++ code, -5 to -3.
      :::

      {opaque:dv020v3f macro anchor end}

      | Browser | State |
      | --- | --- |
      | Firefox | {status:OK\\|green} |
      | Safari | a \\| b |

      ![](attachment:screen%20shot.png){thumbnail=true}"
    `);
  });
});

describe("markdownToWiki", () => {
  it("changes only what was edited", () => {
    const { markdown, originals } = wikiToMarkdown(issue);
    const before = markdownToWiki(markdown, { originals });
    const after = markdownToWiki(markdown.replace("Steps", "How_to *go*"), { originals });
    expect(after).toBe(before.replace("h2. Steps", "h2. How_to _go_"));
  });

  it("writes Markdown of a person", () => {
    const markdown =
      "# A `b`\n\n1. c\n   - [x] d *e* **f**\n\n> g\n> h\n\n~~i~~ {j} [k] 2*3*4 snake_case <https://x.y/z_>\n\n| l |\n|---|\n| m\\|n |\n\n```c++\no\n```";
    expect(markdownToWiki(markdown)).toMatchInlineSnapshot(`
      "h1. A {{b}}

      # c
      #* [x] d _e_ *f*

      bq. g h

      -i- \\{j} [k] 2{_}3{_}4 snake_case [https://x.y/z\\_|https://x.y/z_]

      ||l||
      |m\\|n|

      {code:c++}
      o
      {code}"
    `);
  });
});
