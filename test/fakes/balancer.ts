import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { listenUntilTestEnds } from "./loopback.ts";

/** A proxy on 127.0.0.1 that gives each request to the next of its replicas. */
export interface Balancer {
  readonly port: number;
  /** Ports of the replicas; may change at any time. */
  readonly replicas: number[];
  /** The replica that answered each request so far. */
  readonly served: readonly number[];
  /** The replica whose turn is next. */
  next(): number;
}

/** Lives as long as the test. A replica that is not there is skipped, as balancers do. */
export async function startBalancer(replicas: number[] = []): Promise<Balancer> {
  const served: number[] = [];
  let turn = 0;
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      turn += 1;
      const order = replicas.map((_, index) => replicas[(turn - 1 + index) % replicas.length] ?? 0);
      forward(order, Buffer.concat(chunks), { incoming, outgoing, served });
    });
  });
  const port = await listenUntilTestEnds(server);
  return { port, replicas, served, next: () => replicas[turn % replicas.length] ?? 0 };
}

interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly served: number[];
}

function forward([port, ...others]: readonly number[], body: Buffer, exchange: Exchange): void {
  const { incoming, outgoing, served } = exchange;
  if (port === undefined) {
    outgoing.writeHead(502).end("no replica");
    return;
  }
  const { method, url: path } = incoming;
  const headers = { ...incoming.headers, connection: "close" };
  const onward = request({ host: "127.0.0.1", port, method, path, headers, agent: false });
  onward.on("response", (answer) => {
    served.push(port);
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "ECONNREFUSED") forward(others, body, exchange);
    else if (outgoing.headersSent) outgoing.destroy();
    else outgoing.writeHead(502).end(error.code);
  });
  onward.end(body);
}
