import type { ConnectionOptions } from "node:tls";
import type { Settings } from "../config/product.ts";
import { defaultStoreFolder } from "../store/folders.ts";
import { type Keychain, systemKeychain } from "../store/keychain.ts";
import { openStore } from "../store/open.ts";
import type { Store } from "../store/types.ts";

/** Where tokens are kept, as the settings say. Nothing is touched before the first use. */
export function openTokenStore(
  settings: Settings,
  { useKeychain = false }: { readonly useKeychain?: boolean | undefined } = {},
): Store {
  const { store, machine } = settings;
  return openStore({
    ...store,
    defaultFolder: defaultStoreFolder(machine),
    keychain: keychainOf(settings),
    useKeychain,
    tls: () => trustOf(settings),
  });
}

/** The certificate authorities that requests to Atlassian trust too. */
async function trustOf({ outbound }: Settings): Promise<ConnectionOptions> {
  const { createTrustStore } = await import("../http/trust.ts");
  const { files: caFiles, useSystem } = outbound.trust;
  const trust = { prefix: "ATLASSIAN_STORE", verify: true, caFiles, useSystem };
  return { secureContext: await createTrustStore().contextFor(trust) };
}

/** The keychain of the operating system; `undefined` where there is none. */
export function keychainOf({ machine }: Settings): Keychain | undefined {
  return systemKeychain({
    platform: machine.platform,
    sessionBus: machine.env["DBUS_SESSION_BUS_ADDRESS"],
  });
}
