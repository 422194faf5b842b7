import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readContentFile } from "./content-file.ts";

let root = "";

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "content-"));
  await writeFile(join(root, "page.md"), "# Ü\n");
  await writeFile(join(root, "latin1.md"), Buffer.from([0xe4, 0xf6]));
  await writeFile(join(root, "huge.md"), "");
  await truncate(join(root, "huge.md"), 5 * 1024 * 1024 + 1);
});

afterAll(() => rm(root, { recursive: true }));

describe("readContentFile", () => {
  it("reads a file below the root", async () => {
    expect(await readContentFile("page.md", root)).toBe("# Ü\n");
  });

  it.each([
    ["../page.md", /exist|outside/],
    ["missing.md", /exist/],
    ["latin1.md", /UTF-8/],
    ["huge.md", /5 MB/],
  ])("refuses %s", async (path, problem) => {
    await expect(readContentFile(path, root)).rejects.toMatchObject({
      code: "input",
      message: expect.stringContaining(`"${path}"`),
      details: { fields: { content_file: expect.stringMatching(problem) } },
    });
  });

  it("is unsupported without a root", async () => {
    await expect(readContentFile("page.md", undefined)).rejects.toMatchObject({
      code: "unsupported",
    });
  });
});
