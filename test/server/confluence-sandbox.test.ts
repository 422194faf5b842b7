import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { basicCredentials, bearerToken } from "../../src/auth/credentials.ts";
import { createConfluenceClient } from "../../src/confluence/client.ts";
import { createApiClient } from "../../src/http/client.ts";
import { createHttpPool, type HttpPool } from "../../src/http/pool.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { parseArguments } from "../../src/tools/arguments.ts";
import { confluenceTools } from "../../src/tools/confluence/index.ts";

let sandbox: Sandbox;
let pool: HttpPool;

beforeAll(async () => {
  sandbox = await startSandbox();
  pool = createHttpPool();
});

afterAll(async () => {
  await pool.close({ force: true });
  await sandbox.close();
});

type Place = "cloud" | "datacenter" | "gateway";

/** Calls tools by name as the first user, through the classic address or, with a scoped OAuth token, the gateway. */
function connect(place: Place, spaces?: readonly string[]) {
  const [user] = sandbox.users;
  const { cloud, confluenceDataCenter, gateway } = sandbox.urls;
  const browseBase = place === "datacenter" ? confluenceDataCenter : `${cloud}/wiki`;
  const viaGateway = `${gateway}/ex/confluence/${sandbox.cloudId}/wiki`;
  const credentials = {
    cloud: basicCredentials(user.email, user.apiToken),
    datacenter: bearerToken(user.personalToken),
    gateway: bearerToken(sandbox.tokens.oauth.value),
  }[place];
  const api = createApiClient({
    product: "confluence",
    apiBase: new URL(place === "gateway" ? viaGateway : browseBase),
    credentials,
    pool,
    timeoutMs: 10_000,
    userAgent: "mcp-atlassian/test",
  });
  const deployment = place === "datacenter" ? place : "cloud";
  const site = { product: "confluence", deployment, browseBase } as const;
  const client = createConfluenceClient({ api, site, policy: { spaces } });
  return async (name: string, args: object): Promise<Loose> => {
    const tool = confluenceTools.find((each) => each.name === name);
    if (tool === undefined) throw new Error(`no tool ${name}`);
    const context = { client, signal: new AbortController().signal, progress: () => {} };
    return (await tool.run(parseArguments(tool, args), context)) as Loose;
  };
}

/** A result whose parts a test looks into. */
interface Loose {
  readonly [key: string]: Loose;
  readonly [index: number]: Loose;
}

describe.each(["cloud", "datacenter", "gateway"] as const)("Confluence tools on %s", (place) => {
  beforeEach(() => sandbox.reset());

  const find = async (call: ReturnType<typeof connect>, title: string, space_key = "ENG") =>
    (await call("confluence_get_page", { title, space_key })).metadata ?? {};

  it("search page by page and link to the site, never to the gateway", async () => {
    const call = connect(place);
    const first = await call("confluence_search", { query: "checkout", limit: 3 });
    const cursor = first["next_cursor"];
    const second = await call("confluence_search", { query: "checkout", limit: 3, cursor });
    const ids = [first, second].flatMap(({ results }) =>
      (results as unknown as { id: string }[]).map(({ id }) => id),
    );
    expect(new Set(ids).size).toBe(6);
    expect(JSON.stringify([first, second])).not.toContain("/ex/confluence/");
  });

  it("read a page with people, labels and ancestors", async () => {
    const page = await find(connect(place), "Checkout API");
    expect(page).toMatchObject({
      space: { key: "ENG", name: "Engineering" },
      author: "Ben Okafor",
      version: 3,
      labels: ["api", "checkout"],
      // The sandbox's OAuth grant leaves folders out.
      ancestors: [
        { title: "Engineering Home" },
        place === "gateway" ? { type: "folder" } : { title: "Architecture" },
      ],
      attachments: [
        { title: "checkout-flow.pdf", media_type: "application/pdf", version_number: 1 },
      ],
      content: { value: expect.stringContaining("@[Ben Okafor](") },
    });
    expect(page["attachments"]?.[0]?.["download_url"]).toMatch(/\/download\/attachments\//);
    expect(JSON.stringify(page)).not.toContain("/ex/confluence/");
  });

  it("write Markdown back without losing macros, marks and mentions", async () => {
    const call = connect(place);
    const page = await find(call, "Checkout API");
    const raw = { page_id: page["id"], include_metadata: false, convert_to_markdown: false };
    const before = await call("confluence_get_page", raw);
    const markdown = String(page["content"]?.["value"]);
    await call("confluence_update_page", {
      page_id: page["id"],
      title: "Checkout API",
      content: markdown.replace("20 requests", "30 requests"),
      expected_version: page["version"],
      version_comment: "New limit",
    });
    const after = String((await call("confluence_get_page", raw))["content"]?.["value"]);
    expect(after).toContain("30 requests");
    const originals = String(before["content"]?.["value"]).match(
      /<ac:(inline-comment-marker|structured-macro ac:name="jira").*?<\/ac:(inline-comment-marker|structured-macro)>/g,
    );
    expect(originals).toHaveLength(3);
    for (const original of originals ?? []) expect(after).toContain(original);
    expect(await find(call, "Checkout API")).toMatchObject({ version: 4 });
  });

  it("refuse to destroy macros and to overwrite another's version", async () => {
    const call = connect(place);
    const { id } = await find(call, "Checkout API");
    const update = { page_id: id, title: "Checkout API", content: "Gone" };
    await expect(call("confluence_update_page", update)).rejects.toMatchObject({ code: "input" });
    await expect(
      call("confluence_update_page", { ...update, expected_version: 1 }),
    ).rejects.toMatchObject({ code: "conflict" });
  });

  it("create, list, label, rename and delete a page", async () => {
    const call = connect(place);
    const { id: parent_id } = await find(call, "Decisions");
    const wanted = { space_key: "ENG", title: "ADR 3: Queues", content: "# Why\n\n- [ ] decide" };
    const { page } = await call("confluence_create_page", { ...wanted, parent_id, emoji: "🚀" });
    await expect(call("confluence_create_page", wanted)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining(String(page?.["id"])),
    });
    const children = await call("confluence_get_page_children", {
      parent_id,
      include_content: true,
    });
    expect(children["results"]).toContainEqual(
      expect.objectContaining({ id: page?.["id"], content: expect.anything() }),
    );
    const page_id = page?.["id"];
    const labelled = await call("confluence_add_label", { page_id, name: "ADR" });
    expect(labelled["labels"]).toMatchObject([{ name: "adr" }]);
    expect(await call("confluence_get_labels", { page_id })).toMatchObject({
      labels: [{ name: "adr" }],
    });
    await call("confluence_update_page", { page_id, title: "ADR 3: No queues" });
    expect(await find(call, "ADR 3: No queues")).toMatchObject({ version: 2 });
    await call("confluence_delete_page", { page_id });
    await expect(find(call, "ADR 3: No queues")).rejects.toMatchObject({ code: "not_found" });
  });

  it("read comments and answer them in their place", async () => {
    const call = connect(place);
    const { id: page_id } = await find(call, "Checkout API");
    const { comment } = await call("confluence_add_comment", {
      page_id,
      body: "Is this **final**?",
    });
    await call("confluence_reply_to_comment", { comment_id: comment?.["id"], body: "Yes" });
    const { comments } = await call("confluence_get_comments", { page_id });
    const all = comments as unknown as Record<string, string>[];
    expect(all).toHaveLength(7);
    expect(all.find(({ body }) => body === "Yes")).toMatchObject({
      parent_comment_id: comment?.["id"],
      author: "Ada Moreno",
    });
    const inline = all.find(({ location }) => location === "inline");
    expect(inline).toMatchObject({ resolution: "resolved", text_selection: "immutable once paid" });
    await call("confluence_reply_to_comment", { comment_id: inline?.["id"], body: "Also here" });
    const again = await call("confluence_get_comments", { page_id });
    expect(again["comments"]).toContainEqual(
      expect.objectContaining({ body: "Also here", location: "inline" }),
    );
  });

  it("find people, or say which scope that takes", async () => {
    const search = connect(place)("confluence_search_user", { query: "chloe" });
    if (place === "gateway") return expect(search).rejects.toMatchObject({ code: "scope" });
    return expect(search).resolves.toMatchObject({
      results: [{ title: "Chloe Martin" }, { title: "Chloe Martinez" }],
    });
  });

  it("stay within the operator's spaces", async () => {
    const open = connect(place);
    const { id: page_id } = await find(open, "Checkout API");
    const call = connect(place, ["SHOP"]);
    for (const [name, args] of [
      ["confluence_get_page", { page_id }],
      ["confluence_get_page_children", { parent_id: page_id }],
      ["confluence_get_comments", { page_id }],
      ["confluence_add_comment", { page_id, body: "x" }],
      ["confluence_get_labels", { page_id }],
      ["confluence_add_label", { page_id, name: "x" }],
      ["confluence_update_page", { page_id, title: "x", content: "x" }],
      ["confluence_delete_page", { page_id }],
      ["confluence_create_page", { space_key: "ENG", title: "x", content: "x" }],
      [
        "confluence_create_page",
        { space_key: "SHOP", title: "x", content: "x", parent_id: page_id },
      ],
    ] as const) {
      await expect(call(name, args), name).rejects.toMatchObject({ code: "forbidden" });
    }
    const { results } = await call("confluence_search", { query: "checkout" });
    const hits = results as unknown as { space: { key: string } }[];
    expect(new Set(hits.map(({ space }) => space.key))).toEqual(new Set(["SHOP"]));
  });
});
