import { IncomingMessage } from "node:http";
import { AtlassianMcpError } from "../errors.ts";
import type { Places } from "./places.ts";

/**
 * A request as the provider library is to see it: at our public address whatever a proxy made of it, with the prefix
 * where the library looks for it, and without `Origin`, because cross-origin access is decided elsewhere.
 */
export function innerRequest(
  request: IncomingMessage,
  places: Places,
  { path, body }: { readonly path: string; readonly body?: string | undefined },
): IncomingMessage {
  const inner = new IncomingMessage(request.socket);
  const { origin: _o, "x-forwarded-for": _f, "x-forwarded-host": _h, ...headers } = request.headers;
  delete headers["content-length"];
  delete headers["transfer-encoding"];
  const issuer = new URL(places.issuer);
  inner.method = request.method;
  inner.url = path;
  inner.headers = {
    ...headers,
    host: issuer.host,
    "x-forwarded-proto": issuer.protocol.slice(0, -1),
    ...(body !== undefined && { "content-length": String(Buffer.byteLength(body)) }),
  };
  // The library adds it to the paths of its cookies and redirects.
  Object.assign(inner, { baseUrl: places.prefix });
  if (body !== undefined) inner.push(body);
  inner.push(null);
  // Otherwise its end would take the connection along.
  inner.complete = true;
  return inner;
}

const maxBodyBytes = 64 * 1024;

/**
 * The body of a request as text.
 *
 * @throws AtlassianMcpError `input` beyond 64 kB.
 */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Left open, so that a refusal can still be sent.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += (chunk as Buffer).length;
    if (size > maxBodyBytes) throw new AtlassianMcpError("input", "The request is too large");
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}
