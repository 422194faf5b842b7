import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { ensureFolder, readIfThere, removeIfThere, writeAtomically } from "./disk.ts";
import { type FileLockOptions, withFileLock } from "./file-lock.ts";
import type { Keychain } from "./keychain.ts";
import {
  damagedHeader,
  keychainProblem,
  missingOperatorKey,
  unusableKeyFile,
  wrongKey,
} from "./problems.ts";
import { createSealer, keyFromText, keyIdOf, type Sealer } from "./seal.ts";

/** Where the encryption key comes from: `ATLASSIAN_STORE_KEY`, the system's keychain, or a file beside the data. */
export type KeySource = "operator" | "keychain" | "file";

export interface KeyOptions {
  readonly folder: string;
  /** `ATLASSIAN_STORE_KEY`: the first encrypts, all decrypt. Empty: a key is generated. */
  readonly keys: readonly string[];
  /** Asked when the key is kept in it. */
  readonly keychain?: Keychain | undefined;
  /** Keeps the generated key in the keychain from now on. Only for a keychain that was proven to work. */
  readonly useKeychain?: boolean | undefined;
  readonly lock?: FileLockOptions | undefined;
}

/** `store.json`: what other processes must know before they can read anything. Holds no secret. */
interface Header {
  readonly version: 1;
  readonly keySource: KeySource;
  /** Of the key that encrypts. */
  readonly keyId: string;
  /** Hex. For keys made of passphrases, and to tell the folders apart in the keychain. */
  readonly salt: string;
}

/**
 * The sealer for a folder, whose key is generated at the first use. Of several processes that come first at once, one
 * generates and the others use what it made.
 *
 * @throws AtlassianMcpError `config` when the right key is not to be had.
 */
export async function openKeys(options: KeyOptions): Promise<Sealer> {
  const known = await readHeader(options.folder);
  if (known !== undefined && !mustChange(known, options)) return sealerFor(known, options);
  await ensureFolder(options.folder);
  return withFileLock(
    headerFile(options.folder),
    async () => {
      const header = (await readHeader(options.folder)) ?? (await firstHeader(options));
      return mustChange(header, options)
        ? moveToKeychain(header, options)
        : sealerFor(header, options, true);
    },
    options.lock,
  );
}

/** Where the key of a folder is kept; `undefined` before the first use. */
export async function keySourceOf(folder: string): Promise<KeySource | undefined> {
  return (await readHeader(folder))?.keySource;
}

function mustChange(header: Header, { keys, useKeychain }: KeyOptions): boolean {
  return header.keySource === "file" && keys.length === 0 && useKeychain === true;
}

async function sealerFor(header: Header, options: KeyOptions, isLocked = false): Promise<Sealer> {
  const { folder } = options;
  const keys = await keysFor(header, options);
  if (!keys.some((key) => keyIdOf(key) === header.keyId)) throw wrongKey(`The state in ${folder}`);
  const sealer = createSealer(keys);
  const keySource = options.keys.length > 0 ? "operator" : header.keySource;
  if (sealer.keyId === header.keyId && keySource === header.keySource) return sealer;
  const update = () => writeHeader(folder, { ...header, keySource, keyId: sealer.keyId });
  await (isLocked ? update() : withFileLock(headerFile(folder), update, options.lock));
  return sealer;
}

/** All keys at hand, the one that encrypts first. */
async function keysFor(header: Header, options: KeyOptions): Promise<[Buffer, ...Buffer[]]> {
  const { folder, keychain } = options;
  if (options.keys.length > 0) return withEarlierKey(header, options);
  switch (header.keySource) {
    case "operator":
      throw missingOperatorKey(folder);
    case "keychain":
      return [await keyFromKeychain(header, keychain)];
    case "file": {
      const key = await readKeyFile(folder);
      if (key === undefined) throw unusableKeyFile(keyFile(folder), "missing");
      return [key];
    }
  }
}

/** The operator's keys, and the generated one of the time before the operator gave any. */
async function withEarlierKey(
  header: Header,
  { folder, keys, keychain }: KeyOptions,
): Promise<[Buffer, ...Buffer[]]> {
  const salt = Buffer.from(header.salt, "hex");
  const [first = "", ...rest] = keys;
  const own: [Buffer, ...Buffer[]] = [await keyFromText(first, salt)];
  for (const text of rest) own.push(await keyFromText(text, salt));
  const generated = await readKeyFile(folder);
  if (generated !== undefined) own.push(generated);
  if (header.keySource !== "keychain") return own;
  return [...own, await keyFromKeychain(header, keychain)];
}

async function firstHeader(options: KeyOptions): Promise<Header> {
  const { folder, keys, keychain, useKeychain } = options;
  const salt = randomBytes(16);
  const inHex = salt.toString("hex");
  if (keys.length > 0) {
    const keyId = keyIdOf(await keyFromText(keys[0] ?? "", salt));
    return writeHeader(folder, { version: 1, keySource: "operator", keyId, salt: inHex });
  }
  // One may be left from a process that died between the two files, or by whoever deleted `store.json`.
  const key = (await readKeyFile(folder)) ?? randomBytes(32);
  const header = { version: 1, keyId: keyIdOf(key), salt: inHex } as const;
  if (keychain !== undefined && useKeychain === true) {
    await keychain.write(accountOf(header), key.toString("base64"));
    await removeIfThere(keyFile(folder));
    return writeHeader(folder, { ...header, keySource: "keychain" });
  }
  await writeAtomically(keyFile(folder), `${key.toString("base64")}\n`);
  return writeHeader(folder, { ...header, keySource: "file" });
}

/** The key file goes last: wherever this is interrupted, the key is where the header says. */
async function moveToKeychain(header: Header, options: KeyOptions): Promise<Sealer> {
  const { folder, keychain } = options;
  const key = await readKeyFile(folder);
  if (key === undefined) throw unusableKeyFile(keyFile(folder), "missing");
  if (keychain === undefined) throw keychainProblem("absent");
  await keychain.write(accountOf(header), key.toString("base64"));
  const moved = await writeHeader(folder, { ...header, keySource: "keychain" });
  const sealer = await sealerFor(moved, options, true);
  await removeIfThere(keyFile(folder));
  return sealer;
}

async function keyFromKeychain(header: Header, keychain: Keychain | undefined): Promise<Buffer> {
  if (keychain === undefined) throw keychainProblem("absent");
  const text = await keychain.read(accountOf(header));
  if (text === undefined) throw keychainProblem("empty");
  return Buffer.from(text, "base64");
}

function accountOf({ salt }: Pick<Header, "salt">): string {
  return `store-${salt.slice(0, 16)}`;
}

async function readKeyFile(folder: string): Promise<Buffer | undefined> {
  const bytes = await readIfThere(keyFile(folder));
  if (bytes === undefined) return undefined;
  const key = Buffer.from(bytes.toString("latin1").trim(), "base64");
  if (key.length !== 32) throw unusableKeyFile(keyFile(folder), "damaged");
  return key;
}

function keyFile(folder: string): string {
  return join(folder, "store.key");
}

function headerFile(folder: string): string {
  return join(folder, "store.json");
}

async function writeHeader(folder: string, header: Header): Promise<Header> {
  await writeAtomically(headerFile(folder), `${JSON.stringify(header, undefined, 2)}\n`);
  return header;
}

async function readHeader(folder: string): Promise<Header | undefined> {
  const bytes = await readIfThere(headerFile(folder));
  if (bytes === undefined) return undefined;
  const header = parseHeader(bytes.toString("utf8"));
  if (header === undefined) throw damagedHeader(headerFile(folder));
  return header;
}

function parseHeader(text: string): Header | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof parsed !== "object" || parsed === null) return undefined;
  const { version, keySource, keyId, salt }: Partial<Record<keyof Header, unknown>> = parsed;
  if (version !== 1 || typeof keyId !== "string" || typeof salt !== "string") return undefined;
  if (keySource !== "operator" && keySource !== "keychain" && keySource !== "file")
    return undefined;
  return { version, keySource, keyId, salt };
}
