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
  });
}

/** The keychain of the operating system; `undefined` where there is none. */
export function keychainOf({ machine }: Settings): Keychain | undefined {
  return systemKeychain({
    platform: machine.platform,
    sessionBus: machine.env["DBUS_SESSION_BUS_ADDRESS"],
  });
}
