/** Colours: text keeps a contrast of 4.5:1 and more, in both schemes. */
const colours = `
:root {
  color-scheme: light dark;
  --back: #f4f5f7; --card: #fff; --text: #1c2733; --soft: #505f73; --line: #cfd5de;
  --accent: #0b5cd5; --on-accent: #fff;
  --good: #e3f6ea; --good-line: #1d7f48; --warn: #fff4d6; --warn-line: #b97a00;
  --bad: #fdecea; --bad-line: #c5301c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #12171d; --card: #1b222b; --text: #e4e9f0; --soft: #a9b5c5; --line: #3b4756;
    --accent: #7db2ff; --on-accent: #0b1a30;
    --good: #15301f; --good-line: #5fc78b; --warn: #332a12; --warn-line: #d9a441;
    --bad: #3a1d1a; --bad-line: #f08a7b;
  }
}
`;

const frame = `
* { box-sizing: border-box; }
body {
  margin: 0; padding-bottom: 2rem; background: var(--back); color: var(--text); overflow-wrap: anywhere;
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
header, main, footer { max-width: 36rem; margin: 0 auto; padding: 0 1rem; }
header {
  display: flex; gap: .5rem; align-items: center; padding-top: 2rem; padding-bottom: .75rem;
  color: var(--soft); font-weight: 600;
}
header svg { flex: none; fill: var(--accent); }
main > section {
  padding: 1.5rem; background: var(--card); border: 1px solid var(--line); border-radius: .5rem;
}
footer { padding-top: 1rem; color: var(--soft); font-size: .875rem; }
`;

const text = `
h1 { margin: 0 0 .75rem; font-size: 1.5rem; line-height: 1.25; }
h2 { margin: 1.5rem 0 .5rem; font-size: 1rem; }
p, ul { margin: 0 0 .75rem; }
ul { padding-left: 1.25rem; }
li { margin: .25rem 0; }
dl {
  display: grid; grid-template-columns: minmax(6rem, auto) 1fr; gap: .25rem 1rem; margin: 0 0 .75rem;
}
dt { color: var(--soft); }
dd { margin: 0; }
code { font: .875em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
summary { padding: .25rem 0; cursor: pointer; }
.soft { color: var(--soft); font-size: .875rem; }
`;

const boxes = `
.box { margin: 0 0 1rem; padding: .75rem 1rem; border: 1px solid var(--line); border-radius: .375rem; }
.box > :last-child { margin-bottom: 0; }
.name { display: block; margin-bottom: .25rem; font-size: 1.125rem; font-weight: 600; }
.tag {
  display: inline-block; padding: 0 .5rem; border: 1px solid; border-radius: .75rem;
  font-size: .875rem; font-weight: 600;
}
.good { background: var(--good); border-color: var(--good-line); }
.warn { background: var(--warn); border-color: var(--warn-line); }
.bad { background: var(--bad); border-color: var(--bad-line); }
.clients { margin: 0; padding: 0; list-style: none; }
.clients > li, .end { margin: 0; padding: 1rem 0; border-top: 1px solid var(--line); }
.clients h2 { margin: 0 0 .25rem; font-size: 1.125rem; }
.end:last-child { padding-bottom: 0; }
`;

const forms = `
.buttons { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.25rem; }
button {
  min-height: 2.75rem; padding: .5rem 1.25rem; border: 1px solid var(--soft); border-radius: .375rem;
  background: var(--card); color: var(--text); font: inherit; font-weight: 600; cursor: pointer;
}
button.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
button:hover { text-decoration: underline; }
:focus-visible { outline: .1875rem solid var(--accent); outline-offset: .1875rem; }
fieldset { min-width: 0; margin: 0; padding: 0; border: 0; }
legend { padding: 0; }
.choice {
  display: flex; gap: .75rem; margin: .5rem 0; padding: .75rem 1rem;
  border: 1px solid var(--soft); border-radius: .375rem; cursor: pointer;
}
.choice:has(:checked) { border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent); }
.choice input {
  flex: none; width: 1.125rem; height: 1.125rem; margin: .1875rem 0 0; accent-color: var(--accent);
}
`;

const circumstances = `
@media (max-width: 26rem) {
  main > section { padding: 1rem; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .5rem; }
  .buttons button { flex: 1 1 100%; }
}
@media (forced-colors: active) { .choice:has(:checked) { outline: .125rem solid; } }
`;

/**
 * The one stylesheet. It stands in each page, and its hash in each page's headers. Nothing in it moves, so there is
 * nothing to reduce for readers who want less motion.
 */
export const stylesheet = [colours, frame, text, boxes, forms, circumstances]
  .join("")
  .replace(/\s*\n\s*/g, "");
