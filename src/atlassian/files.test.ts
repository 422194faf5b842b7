import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findFile, requireFilesRoot } from "./files.ts";

let outside = "";
let root = "";

beforeAll(async () => {
  outside = await mkdtemp(join(tmpdir(), "files-"));
  root = join(outside, "work");
  await mkdir(join(root, "docs"), { recursive: true });
  await writeFile(join(root, "docs", "plan.txt"), "grüße");
  await writeFile(join(root, "..notes"), "dots");
  await writeFile(join(outside, "secret.txt"), "secret");
  await symlink(join(outside, "secret.txt"), join(root, "link.txt"));
  await mkdir(join(root, ".git"));
  await writeFile(join(root, ".git", "config"), "key");
  await writeFile(join(root, ".env"), "TOKEN=secret");
  await symlink(join(root, ".env"), join(root, "env-link.txt"));
  await symlink(outside, join(root, "up"));
  await symlink(join(root, "docs", "plan.txt"), join(root, "alias.txt"));
  await symlink(root, join(outside, "work-link"));
});

afterAll(() => rm(outside, { recursive: true }));

describe("findFile", () => {
  it.each(["docs/plan.txt", "./docs/../docs/plan.txt"])("finds %s", async (path) => {
    expect(await findFile(path, root)).toMatchObject({ bytes: expect.any(Number) });
  });

  it("takes absolute paths, and a root that is itself a link", async () => {
    const path = join(await realpath(root), "docs", "plan.txt");
    const found = { path, name: "plan.txt", bytes: 7 };
    expect(await findFile(path, root)).toEqual(found);
    expect(await findFile("docs/plan.txt", join(outside, "work-link"))).toEqual(found);
  });

  it("keeps the name that was given when a link stays inside", async () => {
    expect(await findFile("alias.txt", root)).toMatchObject({ name: "alias.txt" });
  });

  it.each([
    ["../secret.txt", /outside/],
    ["link.txt", /outside/],
    ["up/secret.txt", /outside/],
    [".", /outside/],
    ["", /outside/],
    ["docs", /not a file/],
    ["..notes", /hidden/],
    [".env", /hidden/],
    [".git/config", /hidden/],
    ["env-link.txt", /hidden/],
    ["missing.txt", /does not exist/],
    ["nul\0byte", /does not exist/],
  ])("refuses %j", async (path, problem) => {
    expect(await findFile(path, root)).toEqual({ problem: expect.stringMatching(problem) });
  });

  // The superuser may read everything; runs as any other user.
  it.skipIf(process.getuid?.() === 0)("refuses a file without permission to read", async () => {
    const path = join(root, "locked.txt");
    await writeFile(path, "x");
    await chmod(path, 0);
    expect(await findFile(path, root)).toEqual({ problem: "cannot be read" });
  });
});

it("says what else to do where no files can be read", () => {
  const refusal = expect.objectContaining({
    code: "unsupported",
    details: { next: "Paste the text." },
  });
  expect(() => requireFilesRoot(undefined, "Paste the text.")).toThrow(refusal);
  expect(requireFilesRoot("/srv", "")).toBe("/srv");
  for (const root of ["/", homedir()]) {
    expect(() => requireFilesRoot(root, "")).toThrow(
      expect.objectContaining({ code: "unsupported" }),
    );
  }
});
