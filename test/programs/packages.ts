import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** Package name → exact version. */
export type Packages = Readonly<Record<string, string>>;

/** The registry did not give what was asked of it. */
export class InstallError extends Error {}

/** For programs that need a newer Node than ours. */
const newerNode = "24.21.0";
const newerNodeMajor = 24;

/**
 * Installs programs of others below `build/programs`, without their install scripts; what is there already stays.
 *
 * @returns the folder whose `node_modules` holds them.
 * @throws InstallError
 */
export async function installPackages(name: string, packages: Packages): Promise<string> {
  const folder = resolve("build/programs", name);
  const modules = join(folder, "node_modules");
  const missing = Object.entries(packages).filter(
    ([each, version]) => installedVersion(modules, each) !== version,
  );
  if (missing.length === 0) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  const specifiers = Object.entries(packages).map(([each, version]) => `${each}@${version}`);
  let text = "";
  for (const waitMs of [0, 3000, 10_000]) {
    await pause(waitMs);
    const { code, output } = await npmInstall(folder, specifiers);
    if (code === 0) return folder;
    text = output;
  }
  throw new InstallError(`cannot install ${specifiers.join(", ")}: ${text.slice(-1000)}`);
}

async function npmInstall(folder: string, specifiers: readonly string[]) {
  const options = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
  // npm would be patient for minutes; who waits longer here is the caller.
  options.push(
    "--fetch-retries=1",
    "--fetch-retry-mintimeout=1000",
    "--fetch-retry-maxtimeout=2000",
  );
  const child = spawn("npm", ["install", ...options, ...specifiers], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 180_000,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
    });
  }
  const [code] = await once(child, "close");
  return { code, output };
}

function installedVersion(modules: string, name: string): string | undefined {
  const file = join(modules, name, "package.json");
  if (!existsSync(file)) return undefined;
  return (JSON.parse(readFileSync(file, "utf8")) as { version?: string }).version;
}

/**
 * A Node that is new enough for the programs of others: the one that runs this, else one from the registry.
 *
 * @throws InstallError
 */
export async function newNode(): Promise<string> {
  if (Number(process.versions.node.split(".")[0]) >= newerNodeMajor) return process.execPath;
  const name = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const folder = await installPackages("node", { [name]: newerNode });
  const file = process.platform === "win32" ? "node.exe" : "node";
  return join(folder, "node_modules", name, "bin", file);
}
