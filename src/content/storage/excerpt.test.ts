import { describe, expect, it } from "vitest";
import { excerptToMarkdown, htmlToText } from "./excerpt.ts";

// Made up after search results and rendered pages of both deployments.
const rendered =
  '<div class="wiki-content"><h2 id="a">Title</h2><p>One @@@hl@@@two@@@endhl@@@ <b>three</b> &amp; <a class="external-link" href="https://x.y" rel="nofollow">four</a></p><script>no()</script>' +
  "<ul><li>a<li>b</ul><table class='confluenceTable'><tr><th>h<td>c</table><pre>x = 1\ny</pre></div>";

describe("excerptToMarkdown", () => {
  it("reads rendered HTML and drops highlights, scripts and unknown elements", () => {
    expect(excerptToMarkdown(rendered)).toMatchInlineSnapshot(`
      "## Title

      One two **three** & [four](https://x.y)

      - a
      - b

      <table>
      <tr><th>h</th><td>c</td></tr>
      </table>

      \`\`\`
      x = 1
      y
      \`\`\`"
    `);
  });

  it.each([
    ["plain text & more", "plain text & more"],
    ["a @@@hl@@@b@@@endhl@@@c", "a bc"],
    ["", ""],
    ["<p>open <i>a", "open *a*"],
    ['<img src="https://x.y/z.png" alt="A">', "![A](https://x.y/z.png)"],
    [
      '<ac:structured-macro ac:name="info"><ac:rich-text-body>in</ac:rich-text-body>',
      ":::info\nin\n:::",
    ],
    [
      "<table><caption>c</caption><tr><td>a</td></tr><tfoot><tr><td>b</td></tr></tfoot></table>",
      "{headers=none}\n| a |\n| --- |\n| b |",
    ],
    [
      "<table><tr><form></form><td>a</td></tr></table><table></table>",
      "{headers=none}\n| a |\n| --- |",
    ],
    ["<details><summary>s</summary>t</details>", "s\n\nt"],
  ])("reads %j", (html, markdown) => {
    expect(excerptToMarkdown(html)).toBe(markdown);
  });

  it("stays flat where the HTML is nested without end", () => {
    expect(excerptToMarkdown(`${"<div>".repeat(50_000)}deep`)).toBe("deep");
  });
});

describe("htmlToText", () => {
  it("gives a line per block", () => {
    expect(htmlToText(rendered)).toBe("Title\nOne two three & four\na\nb\nh c\nx = 1 y");
  });

  it.each([
    ["a &lt;b&gt; &eacute;", "a <b> é"],
    ["a<br>b<br/><br/>c", "a\nb\nc"],
    ["<style>x</style> a <title>y</title>", "a"],
  ])("reads %j", (html, text) => {
    expect(htmlToText(html)).toBe(text);
  });
});
