import type { IncomingMessage } from "node:http";
import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { SSEServerTransport } from "@modelcontextprotocol/server-legacy/sse";
import type { Hono } from "hono";
import { fingerprintOf } from "../auth/caller.ts";
import type { ServerBuilder } from "./build.ts";
import type { RequestScope } from "./runtime.ts";

type Env = { Bindings: HttpBindings };
type Admit = (incoming: IncomingMessage) => RequestScope | Response;

interface Session {
  readonly transport: SSEServerTransport;
  /** Only the caller who opened the stream may post to it. */
  readonly owner: string;
  lastUsed: number;
}

const messagesPath = "/messages";
const maxSessions = 500;
const idleMs = 30 * 60_000;

/**
 * Serves clients of the 2024 protocol: an event stream at `path`, messages posted beside it. Both are authenticated
 * like the main endpoint, and a stream belongs to the identity that opened it.
 */
export function mountSse(app: Hono<Env>, path: string, builder: ServerBuilder, admit: Admit): void {
  const sessions = new Map<string, Session>();
  app.get(path, async (c) => {
    const scope = admit(c.env.incoming);
    if (scope instanceof Response) return scope;
    dropIdle(sessions);
    if (sessions.size >= maxSessions) {
      return c.json({ error: "too_many_streams" }, 503, { "Retry-After": "60" });
    }
    const transport = new SSEServerTransport(messagesPath, c.env.outgoing);
    const session = { transport, owner: fingerprintOf(scope.caller), lastUsed: Date.now() };
    sessions.set(transport.sessionId, session);
    c.env.outgoing.once("close", () => sessions.delete(transport.sessionId));
    await builder.build(scope).connect(transport);
    return RESPONSE_ALREADY_SENT;
  });
  app.post(messagesPath, async (c) => {
    const scope = admit(c.env.incoming);
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

function dropIdle(sessions: Map<string, Session>): void {
  const oldest = Date.now() - idleMs;
  for (const [id, session] of sessions) {
    if (session.lastUsed < oldest) {
      sessions.delete(id);
      void session.transport.close();
    }
  }
}
