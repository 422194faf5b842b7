import { randomBytes } from "node:crypto";

/** A key for a store that is used as it is; to stretch a passphrase costs each process a tenth of a second. */
export function newStoreKey(): string {
  return randomBytes(32).toString("base64");
}
