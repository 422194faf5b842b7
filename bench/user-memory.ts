import { request } from "undici";
import { openStore } from "../src/store/open.ts";
import { modernCall } from "../test/server/harness.ts";
import { print } from "./figures.ts";
import { forEach } from "./lanes.ts";
import { end, memoryOf } from "./process.ts";
import type { RemoteSite, StorePlace } from "./remote-site.ts";
import { storeUsers } from "./stored-users.ts";
import { seedingAt } from "./verifications.ts";

/**
 * Memory of a server with many stored users: when it has started, after many calls of one of them, and after a call of
 * each of a number of others, so that what a user costs can be told from what running costs.
 */
export async function benchUserMemory(
  site: RemoteSite,
  place: StorePlace,
  { tool, args }: { readonly tool: string; readonly args: object },
  callers = 1000,
): Promise<void> {
  const store = openStore({ url: place.url, keys: [place.key], defaultFolder: "" });
  const tokens = await storeUsers(store, seedingAt(site), site.logins);
  await store.close();
  const { child, url, pid } = await site.start(place);
  const { headers, body } = modernCall(tool, args);
  const callAs = async (token: string) => {
    const authorization = `Bearer ${token}`;
    const answer = await request(url, {
      method: "POST",
      headers: { ...headers, authorization },
      body,
    });
    const text = await answer.body.text();
    if (answer.statusCode !== 200 || text.includes('"isError":true')) throw new Error(text);
  };
  try {
    const atStart = memoryOf(pid);
    const one = Array.from({ length: 4 * callers }, () => tokens.at(-1) ?? "");
    await forEach(one, 16, callAs);
    const afterOne = memoryOf(pid);
    await forEach(tokens.slice(0, callers), 16, callAs);
    const afterMany = memoryOf(pid);
    print("memory_with_stored_users", {
      store: place.name,
      storedUsers: tokens.length,
      atStartRssMb: atStart.rssMb,
      callers,
      afterCallsOfOneRssMb: afterOne.rssMb,
      afterCallsOfAllRssMb: afterMany.rssMb,
      peakMb: afterMany.peakMb,
    });
  } finally {
    await end(child);
  }
}
