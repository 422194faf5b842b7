import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { SSEServerTransport } from "@modelcontextprotocol/server-legacy/sse";
import type { Hono } from "hono";
import { fingerprintOf } from "../auth/caller.ts";
import type { ServerSource } from "./build.ts";
import type { Admission } from "./signed-in.ts";

type Env = { Bindings: HttpBindings };

interface Session {
  readonly transport: SSEServerTransport;
  /** Only the caller who opened the stream may post to it. */
  readonly owner: string;
  lastUsed: number;
}

const messagesPath = "/messages";
const maxSessions = 500;
const maxSessionsOfOne = 20;
const idleMs = 30 * 60_000;

/**
 * Serves clients of the 2024 protocol: an event stream at `path`, messages posted beside it. Both are authenticated
 * like the main endpoint, and a stream belongs to the identity that opened it.
 */
export function mountSse(
  app: Hono<Env>,
  path: string,
  builder: ServerSource,
  admit: Admission,
): void {
  const sessions = new Map<string, Session>();
  app.get(path, async (c) => {
    const scope = await admit(c.env.incoming);
    if (scope instanceof Response) return scope;
    const owner = fingerprintOf(scope.caller);
    makeRoom(sessions, owner);
    const transport = new SSEServerTransport(messagesPath, c.env.outgoing);
    const session = { transport, owner, lastUsed: Date.now() };
    sessions.set(transport.sessionId, session);
    c.env.outgoing.once("close", () => sessions.delete(transport.sessionId));
    await builder.build(scope).connect(transport);
    return RESPONSE_ALREADY_SENT;
  });
  app.post(messagesPath, async (c) => {
    const scope = await admit(c.env.incoming);
    if (scope instanceof Response) return scope;
    const session = sessions.get(c.req.query("sessionId") ?? "");
    if (session === undefined || session.owner !== fingerprintOf(scope.caller)) {
      return c.json({ error: "unknown_session", next: `Open a stream at ${path} first.` }, 404);
    }
    session.lastUsed = Date.now();
    await session.transport.handlePostMessage(c.env.incoming, c.env.outgoing);
    return RESPONSE_ALREADY_SENT;
  });
}

/**
 * Ends streams that nobody uses, the owner's oldest one when they have too many, and the longest unused one when all
 * together are too many: credentials are only checked by the site, so anybody can open streams.
 */
function makeRoom(sessions: Map<string, Session>, owner: string): void {
  const oldest = Date.now() - idleMs;
  const byAge = [...sessions].sort(([, a], [, b]) => a.lastUsed - b.lastUsed);
  const own = byAge.filter(([, session]) => session.owner === owner);
  const ending = new Set(byAge.filter(([, session]) => session.lastUsed < oldest));
  for (const entry of own.slice(0, Math.max(0, own.length - maxSessionsOfOne + 1)))
    ending.add(entry);
  if (sessions.size - ending.size >= maxSessions) {
    const [longestUnused] = byAge.filter((entry) => !ending.has(entry));
    if (longestUnused) ending.add(longestUnused);
  }
  for (const [id, { transport }] of ending) {
    sessions.delete(id);
    void transport.close();
  }
}
