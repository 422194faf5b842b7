import {
  createCipheriv,
  createDecipheriv,
  hkdfSync,
  randomBytes,
  type ScryptOptions,
  scrypt,
} from "node:crypto";
import { emptyKey } from "./problems.ts";

/** What opening a sealed record came to. */
export type Opened =
  | { readonly kind: "text"; readonly text: string }
  /** Sealed with a key that is not among ours. */
  | { readonly kind: "unknown-key" }
  /** Cut, changed, or sealed under another name. */
  | { readonly kind: "damaged" };

/** Encrypts and authenticates records. */
export interface Sealer {
  /** Id of the key that encrypts; tells keys apart and nothing more. */
  readonly keyId: string;
  /** The sealed form opens under the same name only: records cannot be swapped. */
  seal(name: string, text: string): Buffer;
  open(name: string, sealed: Buffer): Opened;
}

const magic = Buffer.from("AMS1");
const idBytes = 8;
const ivBytes = 12;
const tagBytes = 16;
const headerBytes = magic.length + idBytes;
const keyBytes = 32;

interface SealKey {
  readonly id: Buffer;
  readonly key: Buffer;
}

/** A sealer with these keys of 32 bytes: the first encrypts, all decrypt. */
export function createSealer(keys: readonly [Buffer, ...Buffer[]]): Sealer {
  const [first, ...others] = keys;
  const current = sealKey(first);
  const all = [current, ...others.map(sealKey)];
  return {
    keyId: current.id.toString("hex"),
    seal(name, text) {
      const header = Buffer.concat([magic, current.id]);
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv("aes-256-gcm", current.key, iv);
      cipher.setAAD(aad(header, name));
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return Buffer.concat([header, iv, body, cipher.getAuthTag()]);
    },
    open(name, sealed) {
      if (sealed.length < headerBytes + ivBytes + tagBytes) return { kind: "damaged" };
      if (!sealed.subarray(0, magic.length).equals(magic)) return { kind: "damaged" };
      const id = sealed.subarray(magic.length, headerBytes);
      const found = all.find((each) => each.id.equals(id));
      return found === undefined ? { kind: "unknown-key" } : decrypt(found.key, name, sealed);
    },
  };
}

/** Id of a key as {@link Sealer.keyId} gives it. */
export function keyIdOf(key: Buffer): string {
  return sealKey(key).id.toString("hex");
}

/**
 * The key that a text stands for. 32 bytes in base64 or hex are used as they are, which costs nothing; anything else is
 * a passphrase and takes about 0.1 s.
 *
 * @throws AtlassianMcpError `config` for an empty text.
 */
export async function keyFromText(text: string, salt: Buffer): Promise<Buffer> {
  const trimmed = text.trim();
  if (trimmed === "") throw emptyKey();
  return rawKey(trimmed) ?? (await stretch(trimmed.normalize("NFKC"), salt));
}

function rawKey(text: string): Buffer | undefined {
  if (/^[\da-f]{64}$/i.test(text)) return Buffer.from(text, "hex");
  if (!/^[\w+/-]{43}=?$/.test(text)) return undefined;
  const bytes = Buffer.from(text, "base64");
  return bytes.length === keyBytes ? bytes : undefined;
}

// N = 2^15 with r = 8 needs a little over 32 MiB, which is Node's limit.
const cost: ScryptOptions = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };

function stretch(passphrase: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase, salt, keyBytes, cost, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

function sealKey(key: Buffer): SealKey {
  return { key: expand(key, "record key", keyBytes), id: expand(key, "key id", idBytes) };
}

function expand(key: Buffer, use: string, length: number): Buffer {
  return Buffer.from(hkdfSync("sha256", key, "", `mcp-atlassian store: ${use}`, length));
}

function aad(header: Buffer, name: string): Buffer {
  return Buffer.concat([header, Buffer.from(name, "utf8")]);
}

function decrypt(key: Buffer, name: string, sealed: Buffer): Opened {
  const bodyStart = headerBytes + ivBytes;
  const bodyEnd = sealed.length - tagBytes;
  const iv = sealed.subarray(headerBytes, bodyStart);
  const decipher = createDecipheriv("aes-256-gcm", key, iv, { authTagLength: tagBytes });
  decipher.setAAD(aad(sealed.subarray(0, headerBytes), name));
  decipher.setAuthTag(sealed.subarray(bodyEnd));
  try {
    const parts = [decipher.update(sealed.subarray(bodyStart, bodyEnd)), decipher.final()];
    return { kind: "text", text: Buffer.concat(parts).toString("utf8") };
  } catch {
    return { kind: "damaged" };
  }
}
