import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { openGrantStore } from "../../src/auth/oauth/grant-store.ts";
import type { Grant, OAuthApp } from "../../src/auth/oauth/types.ts";
import { silentLogger } from "../../src/log.ts";
import { openStore } from "../../src/store/open.ts";
import { newStoreKey } from "../fakes/store-key.ts";
import type { Env } from "./harness.ts";

/** What the sandbox gives out for a login. */
interface Tokens {
  readonly accessToken: string;
  readonly refreshToken?: string | undefined;
  readonly expiresInSeconds?: number | undefined;
}

/** A folder of its own for the program's tokens, as settings. */
export function freshStore(): { readonly env: Env; readonly url: URL; readonly key: string } {
  const url = pathToFileURL(mkdtempSync(join(tmpdir(), "mcp-atlassian-store-")));
  const key = newStoreKey();
  return { env: { ATLASSIAN_STORE_URL: url.href, ATLASSIAN_STORE_KEY: key }, url, key };
}

/** Stores tokens as if somebody had signed in. */
export async function storeLogin(
  { url, key }: Pick<ReturnType<typeof freshStore>, "url" | "key">,
  app: OAuthApp,
  tokens: Tokens,
  more: Partial<Grant> = {},
): Promise<void> {
  const store = openStore({ url, keys: [key], defaultFolder: "" });
  const now = Date.now();
  await openGrantStore({ app, store, log: silentLogger }).save({
    version: 1,
    accessToken: tokens.accessToken,
    refreshToken: tokens.refreshToken,
    expiresAt: now + (tokens.expiresInSeconds ?? 3600) * 1000,
    scopes: [],
    signedInAt: now,
    ...more,
  });
  await store.close();
}
