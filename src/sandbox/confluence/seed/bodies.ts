/** How the texts of the seed name a person; differs by deployment. */
export type Mention = (person: number) => string;

export const openMarker = "6c8c1b1e-6a52-4b59-9c0e-1f1e3f0c7a11";
export const resolvedMarker = "0f9a7d52-93a4-4d8b-8a57-2f4f6b1c9d22";

const status = (title: string, colour: string): string =>
  `<ac:structured-macro ac:name="status" ac:schema-version="1"><ac:parameter ac:name="title">${title}</ac:parameter><ac:parameter ac:name="colour">${colour}</ac:parameter></ac:structured-macro>`;

const panel = (name: string, inner: string): string =>
  `<ac:structured-macro ac:name="${name}" ac:schema-version="1"><ac:rich-text-body>${inner}</ac:rich-text-body></ac:structured-macro>`;

const code = (language: string, text: string): string =>
  `<ac:structured-macro ac:name="code" ac:schema-version="1"><ac:parameter ac:name="language">${language}</ac:parameter><ac:plain-text-body><![CDATA[${text}]]></ac:plain-text-body></ac:structured-macro>`;

const tasks = (...items: readonly [state: string, body: string][]): string => {
  const written = items.map(
    ([state, body], index) =>
      `<ac:task><ac:task-id>${index + 1}</ac:task-id><ac:task-status>${state}</ac:task-status><ac:task-body>${body}</ac:task-body></ac:task>`,
  );
  return `<ac:task-list>${written.join("")}</ac:task-list>`;
};

const pageLink = (title: string): string =>
  `<ac:link><ri:page ri:content-title="${title}"/></ac:link>`;

export const childrenMacro = '<ac:structured-macro ac:name="children" ac:schema-version="2"/>';

export function home(name: string, purpose: string): string {
  return `<h1>${name}</h1><p>${purpose}</p>${panel("info", "<p>New here? Start with the pages below.</p>")}${childrenMacro}`;
}

export const serviceMap =
  '<ac:layout><ac:layout-section ac:type="two_equal"><ac:layout-cell>' +
  "<h2>Overview</h2><p>Five services, one queue. Orders flow from the <strong>shop</strong> through " +
  "<em>checkout</em> into the warehouse.</p></ac:layout-cell><ac:layout-cell>" +
  '<ac:image ac:alt="Service map"><ri:attachment ri:filename="service-map.png"/></ac:image>' +
  "</ac:layout-cell></ac:layout-section></ac:layout>";

export function checkoutApi(mention: Mention): string {
  return (
    `<p>Owner: ${mention(1)}&nbsp;&mdash; state ${status("In review", "Yellow")}</p>` +
    "<h2>Endpoints</h2><table><tbody><tr><th><p>Method</p></th><th><p>Path</p></th><th><p>Purpose</p></th></tr>" +
    "<tr><td><p>POST</p></td><td><p><code>/carts/{id}/checkout</code></p></td><td><p>Turns a cart into an order</p></td></tr>" +
    "<tr><td><p>GET</p></td><td><p><code>/orders/{id}</code></p></td><td><p>Reads an order</p></td></tr></tbody></table>" +
    `<p>An order is <ac:inline-comment-marker ac:ref="${resolvedMarker}">immutable once paid</ac:inline-comment-marker>.</p>` +
    code("json", '{\n  "cart": 42,\n  "payment": { "method": "card" }\n}') +
    '<p>Open work: <ac:structured-macro ac:name="jira" ac:schema-version="1"><ac:parameter ac:name="key">SHOP-1</ac:parameter></ac:structured-macro></p>' +
    '<ac:structured-macro ac:name="jira" ac:schema-version="1"><ac:parameter ac:name="jqlQuery">project = SHOP AND status != Done</ac:parameter></ac:structured-macro>'
  );
}

export const searchIndex =
  `<p>${status("Live", "Green")} The index is rebuilt every night.</p>` +
  '<ac:structured-macro ac:name="expand" ac:schema-version="1"><ac:parameter ac:name="title">Why not on every write?</ac:parameter><ac:rich-text-body><p>Rebuilding takes forty minutes &ndash; longer than the pause between two price updates.</p></ac:rich-text-body></ac:structured-macro>' +
  "<ol><li><p>Export the catalogue</p></li><li><p>Build the index</p><ul><li><p>per language</p></li><li><p>per region</p></li></ul></li><li><p>Swap the alias</p></li></ol>";

export function deploy(mention: Mention): string {
  return (
    panel("warning", "<p>Never deploy on the day of a sale.</p>") +
    `<p>Wait until <ac:inline-comment-marker ac:ref="${openMarker}">all checks are green</ac:inline-comment-marker>, then run:</p>` +
    code("bash", "make release VERSION=$1\nkubectl rollout status deploy/shop") +
    "<h2>Checklist</h2>" +
    tasks(
      ["complete", "Freeze the main branch"],
      ["incomplete", `${mention(2)} announces the window`],
      ["incomplete", 'Deploy before <time datetime="2026-12-01"/>'],
    ) +
    `<p>When it fails: ${pageLink("Restore a backup")}</p>`
  );
}

export const restore =
  "<p>Backups are kept for 35&nbsp;days.</p><ol><li><p>Stop the writers</p></li><li><p>Restore the snapshot</p></li><li><p>Replay the queue</p></li></ol>" +
  panel("note", "<p>Replaying twice is safe: every event carries an id.</p>");

export function onCall(mention: Mention): string {
  return (
    `<p>This week: ${mention(4)}, second line ${mention(5)}.</p>` +
    "<blockquote><p>Wake people up early rather than late.</p></blockquote><hr/>" +
    '<p>Escalate by phone, see the <a href="https://status.harbourpine.example/?view=all&amp;lang=en">status page</a>. H<sub>2</sub>O and E=mc<sup>2</sup> are not on the rota.</p>'
  );
}

export function decision(what: string, why: string): string {
  return `<p>${status("Accepted", "Green")}</p><h2>Context</h2><p>${why}</p><h2>Decision</h2><p>${what}</p>${panel("tip", "<p>Supersede this page instead of editing it.</p>")}`;
}

export function roadmap(mention: Mention): string {
  return (
    '<table><tbody><tr><th><p>Quarter</p></th><th><p>Theme</p></th><th><p>Lead</p></th></tr><tr><td rowspan="2"><p>Q1</p></td><td><p>Checkout redesign</p></td>' +
    `<td><p>${mention(2)}</p></td></tr><tr><td><p>Gift cards</p></td><td><p>${mention(3)}</p></td></tr><tr><td><p>Q2</p></td><td colspan="2"><p>Trail Tent 2 &amp; accessories</p></td></tr></tbody></table>` +
    "<p>The order of themes may change&hellip;</p>"
  );
}

export function meeting(mention: Mention, topic: string): string {
  return (
    `<h2>Present</h2><p>${mention(0)}, ${mention(2)}</p><h2>Notes</h2><ul><li><p>${topic}</p></li><li><p>Budget stays as it is</p></li></ul><h2>Actions</h2>` +
    tasks(["incomplete", `${mention(2)} writes the summary`], ["complete", "Book a room"])
  );
}

export function plain(...paragraphs: readonly string[]): string {
  return paragraphs.map((text) => `<p>${text}</p>`).join("");
}
