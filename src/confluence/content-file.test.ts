import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readContentFile } from "./content-file.ts";

let root = "";
let outside = "";

beforeAll(async () => {
  outside = await mkdtemp(join(tmpdir(), "content-"));
  root = join(outside, "work");
  await mkdir(join(root, "docs"), { recursive: true });
  await writeFile(join(root, "docs", "page.md"), "# Ü\n");
  await writeFile(join(root, "..notes.md"), "dots");
  await writeFile(join(root, "latin1.md"), Buffer.from([0xe4, 0xf6]));
  await writeFile(join(outside, "secret.md"), "secret");
  await symlink(join(outside, "secret.md"), join(root, "link.md"));
  await symlink(outside, join(root, "up"));
});

afterAll(() => rm(outside, { recursive: true }));

describe("readContentFile", () => {
  it.each(["docs/page.md", "./docs/../docs/page.md"])("reads %s", async (path) => {
    expect(await readContentFile(path, root)).toBe("# Ü\n");
  });

  it("reads absolute paths below the root and names that begin with dots", async () => {
    expect(await readContentFile(join(root, "docs", "page.md"), root)).toBe("# Ü\n");
    expect(await readContentFile("..notes.md", root)).toBe("dots");
  });

  it.each(["../secret.md", "link.md", "up/secret.md", "latin1.md", "docs", ".", "missing.md"])(
    "refuses %s",
    async (path) => {
      await expect(readContentFile(path, root)).rejects.toMatchObject({ code: "input" });
    },
  );

  it("is unsupported without a root", async () => {
    await expect(readContentFile("docs/page.md", undefined)).rejects.toMatchObject({
      code: "unsupported",
    });
  });
});
