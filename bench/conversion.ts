import { adfToMarkdown, markdownToAdf } from "../src/content/adf/convert.ts";
import { markdownToStorage, storageToMarkdown } from "../src/content/storage/convert.ts";
import { markdownToWiki, wikiToMarkdown } from "../src/content/wiki/convert.ts";
import { median, print, timed } from "./figures.ts";

const sample = `# Release 4.2

The **checkout** service moves to \`v2\` of the API; see [the plan](https://example.com/plan "Plan").
Soft-wrapped text goes on, with *emphasis*, ~~old words~~ and snake_case_names.

- [x] Freeze the branch
- [ ] Tell @[Ada Lovelace](accountid:5b10a2844c20165700ede21g)
  1. first
  2. second

| Step | Owner | State |
|---|---|---|
| Build | ada | {status:DONE|green} |
| Ship \\| watch | bob | {status:OPEN|blue} |

:::warning Careful
Migrations run **before** the deploy, on {date:2026-11-30}.
:::

\`\`\`ts
export const answer = (x: number) => x * 42;
\`\`\`

> A quote of some length that stands for itself.

`;

/** Megabytes of text per second, in and out of each format, on a document of about 200 KB. */
export async function benchConversion(rounds = 7): Promise<void> {
  const markdown = sample.repeat(Math.ceil(200_000 / sample.length));
  const adf = markdownToAdf(markdown);
  const storage = markdownToStorage(markdown);
  const wiki = markdownToWiki(markdown);
  const cases = [
    ["markdown to ADF", markdown.length, () => markdownToAdf(markdown)],
    ["ADF to markdown", markdown.length, () => adfToMarkdown(adf)],
    ["markdown to storage", markdown.length, () => markdownToStorage(markdown)],
    ["storage to markdown", markdown.length, () => storageToMarkdown(storage)],
    ["markdown to wiki", markdown.length, () => markdownToWiki(markdown)],
    ["wiki to markdown", markdown.length, () => wikiToMarkdown(wiki)],
  ] as const;
  for (const [conversion, characters, convert] of cases) {
    const times: number[] = [];
    for (let round = -2; round < rounds; round++) {
      const ms = await timed(async () => convert());
      if (round >= 0) times.push(ms);
    }
    const ms = median(times);
    print("conversion", {
      conversion,
      markdownKb: characters / 1000,
      ms,
      mbPerSecond: characters / 1000 / ms,
    });
  }
}
