import { cpus, loadavg } from "node:os";
import { print } from "./figures.ts";
import { benchLogins } from "./logins.ts";
import { fileStorePlace, type RemoteSite, redisPlace, startRemoteSite } from "./remote-site.ts";
import { benchReplicas } from "./replicas.ts";
import { benchUserMemory } from "./user-memory.ts";
import { benchVerifications } from "./verifications.ts";

const storedUsers = 10_000;
const call = {
  tool: "jira_get_issue",
  args: { issue_key: "SHOP-1", fields: "summary,status,assignee,priority", comment_limit: 0 },
};

/** The server that signs people in by itself: tokens, logins, replicas, memory. Takes about two minutes. */
export async function benchRemote(): Promise<void> {
  // Everything shares the processor, so what else runs shows in every figure.
  print("machine", { cores: cpus().length, loadAverage: loadavg()[0] });
  const site = await startRemoteSite(storedUsers);
  try {
    await benchAt(site);
  } finally {
    await site.close();
  }
}

async function benchAt(site: RemoteSite): Promise<void> {
  const file = fileStorePlace();
  const redis = await redisPlace();
  const places = redis === undefined ? [file] : [file, redis];
  try {
    if (redis === undefined) print("redis", { skipped: "redis-server not found" });
    await benchVerifications(site, places);
    await benchLogins(site, places);
    if (redis === undefined) {
      print("remote_calls_per_second", { skipped: "redis-server not found" });
    } else await benchReplicas(site, redis, call);
    await benchUserMemory(site, redis ?? file, call);
  } finally {
    await Promise.all(places.map((place) => place.close()));
  }
}
