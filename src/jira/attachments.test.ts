import { mkdtemp, realpath, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { failWith } from "../../test/fakes/fake-site.ts";
import { fakeJira, fieldList, jiraSites, siteError } from "../../test/fakes/jira.ts";

let filesRoot = "";

beforeAll(async () => {
  filesRoot = await realpath(await mkdtemp(join(tmpdir(), "attachments-")));
  await writeFile(join(filesRoot, "a.txt"), "first");
  await writeFile(join(filesRoot, "b.txt"), "second");
  await writeFile(join(filesRoot, "big.bin"), "");
  await truncate(join(filesRoot, "big.bin"), 12 * 1024 * 1024);
});

afterAll(() => rm(filesRoot, { recursive: true }));

describe.each(jiraSites)("attaching files on $deployment", ({ deployment }) => {
  const attached = [{ id: "1", filename: "a.txt" }];
  function site(more: Record<string, unknown> = {}, policy = {}) {
    const routes = {
      "GET {root}/field": fieldList,
      "GET {root}/issue/{}": { id: "1", key: "PROJ-1", fields: {} },
      "POST {root}/issue/{}/attachments": attached,
      "POST {root}/issue/{}/comment": { id: "5" },
      "GET {root}/attachment/meta": { enabled: true, uploadLimit: 10 * 1024 * 1024 },
      ...more,
    };
    return fakeJira(deployment, routes, { filesRoot, ...policy });
  }
  const ask = { key: "PROJ-1", fields: {}, returnFields: ["attachment"] };
  const writes = (sent: readonly string[]) => sent.filter((line) => line.startsWith("POST"));

  it("sends each file once, on its own, before the other steps", async () => {
    const { jira, requests, sent } = site();
    const attachments = ["./a.txt", join(filesRoot, "b.txt"), "./a.txt"];
    const result = await jira.issues.update({ ...ask, attachments, comment: "See files" });
    expect(result.operations_performed).toEqual([
      "attachment: ./a.txt",
      `attachment: ${join(filesRoot, "b.txt")}`,
      "comment",
    ]);
    expect(writes(sent())).toEqual([
      "POST {root}/issue/PROJ-1/attachments",
      "POST {root}/issue/PROJ-1/attachments",
      "POST {root}/issue/PROJ-1/comment",
    ]);
    expect(requests.slice(0, 2)).toMatchObject([
      { files: [{ name: "a.txt", path: join(filesRoot, "a.txt") }], order: "PROJ-1" },
      { files: [{ name: "b.txt", path: join(filesRoot, "b.txt") }], order: "PROJ-1" },
    ]);
    expect(requests[0]?.idempotent).toBeUndefined();
  });

  it("names every path that cannot be used before anything is asked or written", async () => {
    const { jira, requests } = site();
    const attachments = ["a.txt", "gone.txt", ".", "../x.txt"];
    const change = { ...ask, attachments, comment: "Hi" };
    await expect(jira.issues.update(change)).rejects.toMatchObject({
      code: "input",
      message: expect.stringMatching(/"gone\.txt".*"\.".*"\.\.\/x\.txt"/),
      details: { fields: { attachments: expect.not.stringContaining("a.txt") } },
    });
    expect(requests).toEqual([]);
  });

  it("is unsupported on a server that cannot see the caller's files", async () => {
    const { jira, requests } = site({}, { filesRoot: undefined });
    const change = { ...ask, attachments: ["a.txt"], comment: "Hi" };
    await expect(jira.issues.update(change)).rejects.toMatchObject({
      code: "unsupported",
      details: { next: expect.stringContaining("stdio") },
    });
    expect(requests).toEqual([]);
  });

  it("goes on after a file that the site does not take", async () => {
    const { jira } = site({
      "POST {root}/issue/{}/attachments": ({ files }: { files: readonly { name: string }[] }) =>
        files[0]?.name === "a.txt" ? siteError("forbidden", "No permission.") : attached,
    });
    const result = await jira.issues.update({ ...ask, attachments: ["a.txt", "b.txt"] });
    expect(result).toMatchObject({
      operations_performed: ["attachment: b.txt"],
      operations_failed: [
        { operation: "attachment: a.txt", code: "forbidden", error: "No permission." },
      ],
    });
  });

  it.each([
    ["413", failWith(413, "<html><title>Too large</title></html>"), "invalid"],
    ["a lost connection", siteError("network"), "invalid"],
  ])("explains %s with the site's limit", async (_, answer, code) => {
    const { jira } = site({ "POST {root}/issue/{}/attachments": answer });
    const change = jira.issues.update({ ...ask, attachments: ["big.bin"] });
    await expect(change).rejects.toMatchObject({
      code,
      message: expect.stringMatching(/12 MB.*10 MB/),
    });
  });

  it("keeps the site's words when the limit does not explain them, or is not told", async () => {
    const answers = {
      "POST {root}/issue/{}/attachments": failWith(413, "Too large"),
      "GET {root}/attachment/meta": siteError("forbidden"),
    };
    const hidden = site(answers).jira.issues.update({ ...ask, attachments: ["big.bin"] });
    await expect(hidden).rejects.toThrow(/Too large/);
    const lost = { "POST {root}/issue/{}/attachments": siteError("network", "Hung up.") };
    const small = site(lost).jira.issues.update({ ...ask, attachments: ["a.txt"] });
    await expect(small).rejects.toMatchObject({ code: "network", message: "Hung up." });
  });

  it("names the file that changed while it was sent", async () => {
    const changed = siteError("input", "The file changed.");
    const { jira } = site({ "POST {root}/issue/{}/attachments": changed });
    const result = await jira.issues.update({ ...ask, attachments: ["a.txt"], comment: "Hi" });
    expect(result.operations_failed).toEqual([
      { operation: "attachment: a.txt", code: "input", error: '"a.txt": The file changed.' },
    ]);
  });

  it("does not take an empty answer for success", async () => {
    const { jira } = site({ "POST {root}/issue/{}/attachments": [] });
    const change = jira.issues.update({ ...ask, attachments: ["a.txt"] });
    await expect(change).rejects.toMatchObject({ code: "shape" });
  });

  it("sends nothing to issues outside the allowed projects", async () => {
    const { jira, requests } = site({}, { projects: ["OPS"] });
    const change = jira.issues.update({ ...ask, attachments: ["a.txt"] });
    await expect(change).rejects.toMatchObject({ code: "forbidden" });
    expect(requests).toEqual([]);
  });
});
