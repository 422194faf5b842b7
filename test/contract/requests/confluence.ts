import { join } from "node:path";
import { testSites } from "../../../src/sandbox/confluence/testing.ts";
import type { Script, Stage } from "./connect.ts";

// The same seed as that of the running sandbox, so the ids are the same.
const seeded = testSites();
const policy = { spaces: ["ENG"] };
const filesRoot = join(import.meta.dirname, "../../../docs/decisions");

/** Calls that reach each branch of the Confluence tools that changes a request. */
export const confluenceScripts: Readonly<Record<string, Script>> = {
  "searching content": searchContent,
  "reading pages": readPages,
  "listing child pages": readChildren,
  "reading comments": readComments,
  "writing comments": writeComments,
  labels: useLabels,
  "creating pages": createPages,
  "changing pages": updatePages,
  "looks of pages": changeLooks,
  "deleting pages": deletePages,
  "searching people": searchPeople,
};

function idOf({ cloud }: Stage, title: string): string {
  return seeded.titled(title, cloud ? "cloud" : "datacenter").id;
}

/** Below the deployment's address, as the sandbox sees it. */
function v1({ cloud }: Stage, path: string): string {
  return `${cloud ? "/wiki" : ""}/rest/api${path}`;
}

/** Lets the next list of this path have a second page. */
function inTwoPages({ answer }: Stage, path: string): void {
  answer(`GET ${path}`, 200, { results: [], _links: { next: `${path}?cursor=more` } });
  answer(`GET ${path}`, 200, { results: [], _links: {} });
}

/** The sandbox has blog posts of Cloud to read only. */
function answerBlogPost(stage: Stage, method: "PUT" | "DELETE"): void {
  const { answer, cloud } = stage;
  const id = idOf(stage, "Ready for the winter sale");
  if (cloud) answer(`${method} /wiki/api/v2/blogposts/${id}`, 200, { id, title: "Ready" });
}

async function searchContent(stage: Stage): Promise<void> {
  const { call, answer } = stage;
  const first = await call("confluence_search", { query: "checkout", limit: 3 });
  const cursor = first["next_cursor"];
  await call("confluence_search", { query: "checkout", limit: 3, cursor });
  const cql = 'type = page AND title ~ "API" ORDER BY lastmodified DESC';
  await call("confluence_search", { query: cql, spaces_filter: "ENG,SHOP" });
  await call("confluence_search", { query: cql }, { policy: { ...policy, maxResults: 2 } });
  answer(`GET ${v1(stage, "/search")}`, 400, { message: "No field exists with name: siteSearch" });
  await call("confluence_search", { query: "checkout" });
}

async function readPages(stage: Stage): Promise<void> {
  const { call, cloud, sandbox } = stage;
  const page_id = idOf(stage, "Checkout API");
  await call("confluence_get_page", { page_id, max_characters: 40, offset: 5 });
  await call("confluence_get_page", { page_id, include_metadata: false });
  await call("confluence_get_page", { page_id, convert_to_markdown: false }, { policy });
  await call("confluence_get_page", { title: "Checkout API", space_key: "ENG" }, { policy });
  const base = cloud ? `${sandbox.urls.cloud}/wiki` : sandbox.urls.confluenceDataCenter;
  const code = Buffer.from(new BigUint64Array([BigInt(page_id)]).buffer)
    .toString("base64")
    .replace(/A*=*$/, "")
    .replaceAll("/", "-")
    .replaceAll("+", "_");
  const addresses = [
    `${base}/x/${code}`,
    `${base}/spaces/ENG/pages/${page_id}/Checkout+API`,
    `${base}/pages/viewpage.action?pageId=${page_id}`,
    `${base}/display/ENG/Checkout+API`,
  ];
  for (const address of addresses) await call("confluence_get_page", { page_id: address });
  await call("confluence_get_page", { page_id: idOf(stage, "Ready for the winter sale") });
  await call("confluence_get_page", { page_id: idOf(stage, "Payment provider comparison") });
  const file = { page_id: idOf(stage, "service-map.png") };
  await call("confluence_get_page", file, { fails: "not_found" });
}

async function readChildren(stage: Stage): Promise<void> {
  const { call, cloud } = stage;
  const parent_id = idOf(stage, "Engineering Home");
  await call("confluence_get_page_children", { parent_id });
  await call("confluence_get_page_children", {
    parent_id,
    start: 1,
    limit: 2,
    expand: "",
    include_folders: false,
  });
  const bodies = { parent_id, include_content: true, convert_to_markdown: false };
  await call("confluence_get_page_children", bodies, { policy });
  const folder = { parent_id: idOf(stage, "Architecture"), include_content: true };
  await call("confluence_get_page_children", folder);
  if (!cloud) return;
  inTwoPages(stage, `/wiki/api/v2/pages/${parent_id}/direct-children`);
  await call("confluence_get_page_children", { parent_id });
}

async function readComments(stage: Stage): Promise<void> {
  const { call, cloud } = stage;
  const page_id = idOf(stage, "Checkout API");
  await call("confluence_get_comments", { page_id }, { policy });
  for (let cursor: unknown = "", left = 9; cursor !== undefined && left > 0; left -= 1) {
    const args = { page_id, limit: 1, ...(cursor === "" ? {} : { cursor }) };
    cursor = (await call("confluence_get_comments", args))["next_cursor"];
  }
  await call("confluence_get_comments", { page_id: idOf(stage, "Ready for the winter sale") });
  if (!cloud) return;
  const { comments } = await call("confluence_get_comments", { page_id });
  const id = String(comments?.[0]?.["id"]);
  inTwoPages(stage, `/wiki/api/v2/footer-comments/${id}/children`);
  await call("confluence_get_comments", { page_id });
}

async function writeComments(stage: Stage): Promise<void> {
  const { call } = stage;
  const page_id = idOf(stage, "Checkout API");
  const added = await call(
    "confluence_add_comment",
    { page_id, body: "Is it **so**?" },
    { policy },
  );
  const blog = idOf(stage, "Ready for the winter sale");
  await call("confluence_add_comment", { page_id: blog, body: "<p>Good</p>" });
  const reply = { comment_id: added["comment"]?.["id"], body: "Yes" };
  const { comment } = await call("confluence_reply_to_comment", reply, { policy });
  await call("confluence_reply_to_comment", { comment_id: comment?.["id"], body: "Really" });
  const { comments } = await call("confluence_get_comments", { page_id });
  const all = comments as unknown as Record<string, string>[];
  const inline = all.find(({ location }) => location === "inline");
  await call("confluence_reply_to_comment", { comment_id: inline?.["id"], body: "There" });
}

async function useLabels(stage: Stage): Promise<void> {
  const { call, cloud } = stage;
  for (const title of ["Checkout API", "Ready for the winter sale", "service-map.png"]) {
    const page_id = idOf(stage, title);
    await call("confluence_add_label", { page_id, name: "Fresh" });
    await call("confluence_get_labels", { page_id });
  }
  const page_id = idOf(stage, "Checkout API");
  await call("confluence_add_label", { page_id, name: "fresh" }, { policy });
  await call("confluence_get_labels", { page_id: idOf(stage, "service-map.png") }, { policy });
  if (!cloud) return;
  inTwoPages(stage, `/wiki/api/v2/pages/${page_id}/labels`);
  await call("confluence_get_labels", { page_id });
}

async function createPages(stage: Stage): Promise<void> {
  const { call, cloud, place } = stage;
  const page = { space_key: "ENG", title: "ADR 3" };
  await call("confluence_create_page", {
    ...page,
    parent_id: idOf(stage, "Decisions"),
    content: "# Why\n\n- [ ] decide\n\n| a | b |\n|---|---|\n| 1 | 2 |",
    enable_heading_anchors: true,
    table_layout: "wide",
    include_content: true,
    emoji: "🚀",
    page_width: "full-width",
  });
  await call("confluence_create_page", { ...page, content: "Again" }, { fails: "conflict" });
  const wiki = { content: "h1. Title\n\n* item", content_format: "wiki" };
  await call("confluence_create_page", { ...page, title: "ADR 4", ...wiki });
  const storage = { content: "<p>Text</p>", content_format: "xhtml" };
  const below = { ...page, title: "ADR 5", parent_id: idOf(stage, "Architecture"), ...storage };
  // The sandbox's OAuth grant leaves folders out.
  await call(
    "confluence_create_page",
    below,
    place === "gateway" ? { policy, fails: "scope" } : { policy },
  );
  await call("confluence_create_page", { ...below, title: "ADR 8" });
  const file = { ...page, title: "ADR 6", content_file: "002-low-level-server.md" };
  await call("confluence_create_page", file, { policy: { filesRoot } });
  const live = { ...page, title: "ADR 7", content: "x", subtype: "live" };
  await call("confluence_create_page", live, { fails: cloud ? undefined : "unsupported" });
}

async function updatePages(stage: Stage): Promise<void> {
  const { call, cloud } = stage;
  const page_id = idOf(stage, "Search index");
  const lossy = { page_id, allow_content_loss: true };
  await call("confluence_update_page", { page_id, title: "Search indexes" });
  await call(
    "confluence_update_page",
    {
      ...lossy,
      title: "Search index",
      content: "## New\n\n|a|\n|-|\n|1|",
      enable_heading_anchors: true,
      table_layout: "full-width",
      include_content: true,
      is_minor_edit: true,
      version_comment: "Why",
      expected_version: 2,
      parent_id: idOf(stage, "Decisions"),
    },
    { policy, warns: cloud },
  );
  const taken = { page_id, title: "Checkout API" };
  await call("confluence_update_page", taken, { fails: "conflict" });
  const wiki = { content: "h1. Title", content_format: "wiki" };
  await call("confluence_update_page", { ...lossy, title: "Search index", ...wiki });
  const storage = { content: "<p>Text</p>", content_format: "storage" };
  answerBlogPost(stage, "PUT");
  const blog = { page_id: idOf(stage, "Ready for the winter sale"), title: "Ready" };
  await call("confluence_update_page", { ...blog, ...storage });
  const file = { ...lossy, title: "Search index", content_file: "002-low-level-server.md" };
  await call("confluence_update_page", file, { policy: { filesRoot } });
  const draft = { page_id: idOf(stage, "Payment provider comparison"), title: "Quotes" };
  await call("confluence_update_page", { ...draft, content: "Done" });
}

async function changeLooks(stage: Stage): Promise<void> {
  const { call } = stage;
  const page = { page_id: idOf(stage, "Search index"), title: "Search index" };
  await call("confluence_update_page", { ...page, emoji: "🔎", page_width: "max" });
  await call("confluence_update_page", { ...page, emoji: "🚀", page_width: "default" });
  await call("confluence_update_page", { ...page, emoji: "", page_width: "" });
}

async function deletePages(stage: Stage): Promise<void> {
  const { call } = stage;
  await call("confluence_delete_page", { page_id: idOf(stage, "Release 2026.10") }, { policy });
  answerBlogPost(stage, "DELETE");
  await call("confluence_delete_page", { page_id: idOf(stage, "Ready for the winter sale") });
}

async function searchPeople(stage: Stage): Promise<void> {
  const { call, answer, place, sandbox } = stage;
  const fails = place === "gateway" ? "scope" : undefined;
  const group_name = "confluence-administrators";
  await call("confluence_search_user", { query: "chloe", limit: 1 }, { fails });
  await call("confluence_search_user", { query: 'user.fullname ~ "Ben"', group_name }, { fails });
  if (place !== "datacenter") return;
  await call("confluence_search_user", { query: sandbox.users[1].key });
  const [, { name }] = sandbox.users;
  answer(`GET /rest/api/group/${group_name}/member`, 200, {
    results: [{ type: "known", username: name, displayName: "Ben" }],
    _links: { next: `/rest/api/group/${group_name}/member?start=1` },
  });
  await call("confluence_search_user", { query: "zoe", group_name });
}
