import { networkInterfaces } from "node:os";
import { type ProxyChoice, parseProxy } from "./proxy.ts";

/** One way a script names: a proxy, or straight to the site. */
export type Route = ProxyChoice | "direct";

/** A proxy auto-configuration script, ready to be asked. */
export interface PacScript {
  /** What the script says for an origin, as it says it. Knows neither path nor query. */
  ask(origin: URL): Promise<string>;
}

/** Each step is some ten thousand branches of the script; an honest one needs a handful. */
const maxSteps = 1000;
const memoryLimit = 32 * 1024 * 1024;

/**
 * Loads a script into an interpreter of its own: it sees neither files nor the network, except that it may look names
 * up. One that does not come to an end is stopped.
 *
 * @throws Error for a script that does not parse or defines no `FindProxyForURL`.
 */
export async function loadPacScript(text: string): Promise<PacScript> {
  const [{ QuickJS }, { createPacResolver }] = await Promise.all([
    import("quickjs-wasi"),
    import("pac-resolver"),
  ]);
  let steps = 0;
  // Steps, not time: a script that waits for a name to be looked up does no harm.
  const interruptHandler = () => {
    steps += 1;
    return steps > maxSteps;
  };
  const machine = await QuickJS.create({ memoryLimit, interruptHandler });
  // The library's own `alert` writes to stdout, its `myIpAddress` connects to a server on the internet.
  const sandbox = { alert: () => undefined, myIpAddress };
  const resolver = createPacResolver(machine, text, { sandbox });
  return {
    async ask(origin) {
      steps = 0;
      const said: unknown = await resolver(new URL(origin.origin), origin.hostname);
      return typeof said === "string" ? said : "";
    },
  };
}

function myIpAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return all.find(({ family, internal }) => family === "IPv4" && !internal)?.address ?? "127.0.0.1";
}

const schemes: Readonly<Record<string, string>> = {
  PROXY: "http",
  HTTP: "http",
  HTTPS: "https",
  SOCKS: "socks5",
  SOCKS5: "socks5",
};

/** The ways in an answer like `PROXY a:8080; DIRECT`, without those that cannot be gone, such as SOCKS4. */
export function parseRoutes(said: string): Route[] {
  const entries = said
    .split(";")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
  // An empty answer means a direct connection.
  return entries.length === 0 ? ["direct"] : entries.flatMap((entry) => parseRoute(entry) ?? []);
}

function parseRoute(entry: string): Route | undefined {
  const [word = "", target = ""] = entry.split(/\s+/);
  if (word.toUpperCase() === "DIRECT") return "direct";
  const scheme = schemes[word.toUpperCase()];
  if (scheme === undefined || !/^(?:\[[\da-f:.]+\]|[\w.-]+)(?::\d+)?$/i.test(target)) return;
  try {
    return parseProxy(`${scheme}://${target}`);
  } catch {
    return undefined;
  }
}
