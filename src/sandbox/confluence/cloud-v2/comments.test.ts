import { beforeEach, describe, expect, it } from "vitest";
import { type TestSites, testSites } from "../testing.ts";
import { type Content, latest } from "../world.ts";

let sites: TestSites;
beforeEach(() => {
  sites = testSites();
});

const api = "/wiki/api/v2";
const body = { representation: "storage", value: "<p>said</p>" };
const id = (title: string): string => sites.titled(title).id;

function comment(matches: (one: Content) => boolean): Content {
  const found = [...sites.world.cloud.contents.values()].find(
    (one) => one.kind === "comment" && matches(one),
  );
  if (found === undefined) throw new Error("no such comment in the seed");
  return found;
}
const question = () =>
  comment(({ inline, parentId }) => inline === undefined && parentId === undefined);
const anchored = (resolution: string) =>
  comment(({ inline, parentId }) => inline?.resolution === resolution && parentId === undefined);

describe("comments of a page", () => {
  it("are the top ones, footer and inline apart", async () => {
    const at = `GET ${api}/pages/${id("Checkout API")}`;
    const footer = await sites.cloud(`${at}/footer-comments?body-format=storage`);
    expect(footer.results).toHaveLength(2);
    expect(footer.results[0]).toMatchObject({ pageId: id("Checkout API"), version: { number: 1 } });
    const inline = await sites.cloud(`${at}/inline-comments`);
    expect(inline.results).toMatchObject([
      {
        resolutionStatus: "resolved",
        properties: { inlineOriginalSelection: "immutable once paid" },
      },
    ]);
    const open = await sites.cloud(`${at}/inline-comments?resolution-status=open`);
    expect(open.results).toEqual([]);
  });

  it("have their replies one level at a time", async () => {
    const first = await sites.cloud(`GET ${api}/footer-comments/${question().id}/children`);
    expect(first.results).toHaveLength(1);
    const second = await sites.cloud(
      `GET ${api}/footer-comments/${first.results[0]?.id}/children?body-format=storage`,
    );
    expect(second.results).toMatchObject([{ parentCommentId: first.results[0]?.id }]);
  });

  it("are not found under the other kind, nor by people who may not see the page", async () => {
    const inline = anchored("open").id;
    expect((await sites.cloud(`GET ${api}/inline-comments/${inline}`)).status).toBe(200);
    expect((await sites.cloud(`GET ${api}/footer-comments/${inline}`)).status).toBe(404);
    const pageId = id("Hiring plan");
    const secret = await sites.cloud(`POST ${api}/footer-comments`, { pageId, body });
    const as = sites.world.cloud.users[1];
    const path = `GET ${api}/footer-comments/${secret.json.id}`;
    expect((await sites.cloud(path)).status).toBe(200);
    expect((await sites.cloud(path, undefined, { as })).status).toBe(404);
  });
});

describe("adding a comment", () => {
  it("answers 201 and hangs a reply on the same page", async () => {
    const reply = await sites.cloud(`POST ${api}/footer-comments?body-format=storage`, {
      parentCommentId: question().id,
      body: { storage: body },
    });
    expect(reply.status).toBe(201);
    expect(reply.json).toMatchObject({
      pageId: id("Checkout API"),
      parentCommentId: question().id,
      body: { storage: { value: "<p>said</p>" } },
    });
  });

  it.each<[string, () => object, number]>([
    ["no place", () => ({ body }), 400],
    ["two places", () => ({ pageId: id("Decisions"), parentCommentId: question().id, body }), 400],
    ["an unknown page", () => ({ pageId: "1", body }), 404],
    ["a folder", () => ({ pageId: id("Runbooks"), body }), 404],
    [
      "an inline comment as parent of a footer one",
      () => ({ parentCommentId: anchored("open").id, body }),
      404,
    ],
    ["no body", () => ({ pageId: id("Decisions") }), 400],
    ["broken markup", () => ({ pageId: id("Decisions"), body: { ...body, value: "<p>" } }), 400],
  ])("refuses %s", async (_name, given, status) => {
    expect((await sites.cloud(`POST ${api}/footer-comments`, given())).status).toBe(status);
  });

  it("marks the selected text in the page without a new version", async () => {
    const pageId = id("Restore a backup");
    const inlineCommentProperties = {
      textSelection: "Replay",
      textSelectionMatchCount: 2,
      textSelectionMatchIndex: 1,
    };
    const made = await sites.cloud(`POST ${api}/inline-comments`, {
      pageId,
      body,
      inlineCommentProperties,
    });
    expect([made.status, made.json.resolutionStatus]).toEqual([201, "open"]);
    const page = await sites.cloud(`GET ${api}/pages/${pageId}?body-format=storage`);
    const ref = made.json.properties?.inlineMarkerRef;
    expect(page.json.body?.storage?.value).toContain(
      `<p><ac:inline-comment-marker ac:ref="${ref}">Replay</ac:inline-comment-marker>ing twice`,
    );
    expect(page.json.version?.number).toBe(1);
  });

  it.each([
    ["is not on the page", { textSelection: "Nowhere" }],
    ["is a tag", { textSelection: "li" }],
    ["is there more often than said", { textSelection: "Replay", textSelectionMatchCount: 1 }],
    ["is empty", { textSelection: "" }],
    ["is missing", undefined],
  ])("refuses an inline comment whose text %s", async (_name, inlineCommentProperties) => {
    const pageId = id("Restore a backup");
    const made = await sites.cloud(`POST ${api}/inline-comments`, {
      pageId,
      body,
      inlineCommentProperties,
    });
    expect(made.status).toBe(400);
    expect(latest(sites.titled("Restore a backup")).body.value).not.toContain("marker");
  });
});

describe("changing a comment", () => {
  it("needs the next version", async () => {
    const path = `PUT ${api}/footer-comments/${question().id}`;
    expect((await sites.cloud(path, { version: { number: 1 }, body })).status).toBe(409);
    const changed = await sites.cloud(path, { version: { number: 2 }, body });
    expect(changed.json).toMatchObject({ version: { number: 2 } });
    expect((await sites.cloud(path, { version: { number: 3 } })).status).toBe(400);
  });

  it("resolves and reopens the first comment of an inline thread", async () => {
    const [open, done] = [anchored("open"), anchored("resolved")];
    const put = (one: Content, resolved: boolean) =>
      sites.cloud(`PUT ${api}/inline-comments/${one.id}`, { version: { number: 2 }, resolved });
    expect((await put(open, true)).json).toMatchObject({
      resolutionStatus: "resolved",
      resolutionLastModifierId: sites.world.cloud.users[0]?.accountId,
    });
    expect((await put(done, false)).json.resolutionStatus).toBe("reopened");
    const reply = comment(({ inline, parentId }) => inline !== undefined && parentId !== undefined);
    expect((await put(reply, true)).status).toBe(400);
  });

  it("deletes it with its replies", async () => {
    const [first, before] = [question(), sites.world.cloud.contents.size];
    expect((await sites.cloud(`DELETE ${api}/footer-comments/${first.id}`)).status).toBe(204);
    expect((await sites.cloud(`GET ${api}/footer-comments/${first.id}`)).status).toBe(404);
    expect(before - sites.world.cloud.contents.size).toBe(3);
  });
});
