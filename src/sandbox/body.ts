import type { IncomingMessage } from "node:http";
import type { SandboxAnswer, SandboxProduct } from "./types.ts";

/** Larger bodies are cut off with 413, as the sites' proxies do. Bytes. */
const maxBodyBytes = 32 * 1024 * 1024;

const nothing = Buffer.alloc(0);

/** The whole body; `undefined` when it is too large. Rejects when the client goes away. */
export function readBody(message: IncomingMessage): Promise<Buffer | undefined> | Buffer {
  if (message.headers["content-length"] === undefined && !message.headers["transfer-encoding"]) {
    return nothing;
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    message.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBodyBytes) chunks.push(chunk);
    });
    message.on("end", () => resolve(size > maxBodyBytes ? undefined : Buffer.concat(chunks)));
    message.on("error", reject);
    message.on("aborted", () => reject(new Error("the client went away")));
  });
}

/** The parsed JSON of a request, or the answer that refuses it. */
export type ParsedBody =
  | { readonly json: unknown; readonly refusal?: undefined }
  | { readonly refusal: SandboxAnswer };

/** Checks content type, the XSRF rule for uploads, and JSON syntax. */
export function parseBody(
  product: SandboxProduct,
  headers: Readonly<Record<string, string>>,
  body: Buffer,
): ParsedBody {
  const contentType = headers["content-type"] ?? "";
  if (contentType.startsWith("multipart/")) {
    return headers["x-atlassian-token"] === "no-check" || headers["x-atlassian-token"] === "nocheck"
      ? { json: undefined }
      : { refusal: { status: 403, text: "XSRF check failed" } };
  }
  if (body.length === 0) return { json: undefined };
  if (!/^application\/([a-z-]+\+)?json\b/i.test(contentType)) {
    return {
      refusal: { status: 415, json: { message: "Unsupported Media Type", "status-code": 415 } },
    };
  }
  try {
    const json: unknown = JSON.parse(body.toString("utf8"));
    return { json };
  } catch (error) {
    const detail = error instanceof Error ? error.message : "not JSON";
    return { refusal: { status: 400, json: malformed(product, detail) } };
  }
}

function malformed(product: SandboxProduct, detail: string): unknown {
  return product === "jira"
    ? {
        errorMessages: [
          `There was an error parsing JSON. Check that your request body is valid. ${detail}`,
        ],
      }
    : { statusCode: 400, message: `Could not parse JSON: ${detail}`, reason: "Bad Request" };
}
