/**
 * Sends each request to the next of several servers in turn, whatever connection it came by: a load balancer without
 * affinity. Arguments: the port to listen on (0: a free one), then the servers' origins.
 */
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const [port = "0", ...targets] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true });
let turn = 0;

function pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { method, url = "/", headers } = incoming;
  const target = new URL(targets[turn++ % targets.length] ?? "");
  const forwarded = request(
    { agent, method, headers, path: url, host: target.hostname, port: target.port },
    (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    },
  );
  forwarded.on("error", () => {
    if (!outgoing.headersSent) outgoing.writeHead(502);
    outgoing.end();
  });
  incoming.pipe(forwarded);
}

const server = createServer(pass);
server.listen(Number(port), "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
