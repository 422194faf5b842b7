import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Settings } from "../../config/product.ts";
import { openTokenStore } from "../../server/token-store.ts";
import { defaultStoreFolder } from "../../store/folders.ts";
import { keySourceOf } from "../../store/key-source.ts";
import { folderOf } from "../../store/open.ts";
import { within } from "./deadline.ts";
import { type Finding, failed, ok, problem, type Section, warning } from "./report.ts";

/** Where tokens are kept and whether that works; nothing where no setting needs a store. Creates nothing. */
export async function examineStore(settings: Settings, limitMs: number): Promise<Section[]> {
  const { products, store, machine } = settings;
  const isUsed = Object.values(products).some((product) => product?.oauth !== undefined);
  if (!isUsed && store.url === undefined && store.keys.length === 0) return [];
  const title = "Store";
  if (store.url?.protocol === "memory:") {
    const text = "memory: logins are forgotten when the process ends";
    const remedy = "Use a folder (ATLASSIAN_STORE_URL=file:///path) to stay signed in.";
    return [
      { title, findings: [warning("store", text, remedy, { setting: "ATLASSIAN_STORE_URL" })] },
    ];
  }
  try {
    const folder = store.url === undefined ? defaultStoreFolder(machine) : folderOf(store.url);
    return [{ title, findings: await within(limitMs, () => examineFolder(folder, settings)) }];
  } catch (error) {
    return [{ title, findings: [failed("store", error)] }];
  }
}

async function examineFolder(folder: string, settings: Settings): Promise<Finding[]> {
  const isThere = await exists(folder);
  const place = isThere ? folder : await nearest(folder);
  const text = isThere ? folder : `${folder}, which is made at the first login`;
  const facts = { folder, exists: isThere };
  if (!(await isWritable(place))) {
    return [
      problem(
        "store",
        `${text}; ${place} is not writable for this user`,
        "Give this user the right to write there, or name another folder in ATLASSIAN_STORE_URL.",
        { setting: "ATLASSIAN_STORE_URL", facts },
      ),
    ];
  }
  return [ok("store", `${text}; writable`, { facts }), await examineKey(folder, settings)];
}

const keyTitles = {
  operator: "ATLASSIAN_STORE_KEY",
  keychain: "the keychain of the operating system",
  file: "a generated file beside the data, which only this user may read",
} as const;

async function examineKey(folder: string, settings: Settings): Promise<Finding> {
  const known = await keySourceOf(folder);
  const isOperator = settings.store.keys.length > 0;
  if (known === undefined) {
    const text = isOperator ? keyTitles.operator : "generated at the first login";
    return ok("store_key", text);
  }
  const store = openTokenStore(settings);
  try {
    // Reading anything needs the right key.
    await store.get("doctor");
    const source = isOperator ? "operator" : known;
    return ok("store_key", keyTitles[source], { facts: { source } });
  } catch (error) {
    return failed("store_key", error);
  } finally {
    await store.close();
  }
}

async function nearest(folder: string): Promise<string> {
  const parent = dirname(folder);
  return parent === folder || (await exists(parent)) ? parent : nearest(parent);
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function isWritable(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
}
