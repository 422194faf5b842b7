import { pipeline, type Readable } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { AtlassianMcpError } from "../errors.ts";

/** What {@link readText} can decode; the value of `accept-encoding`. */
export const acceptedEncodings = "gzip, br";

/**
 * Reads a body to its end as UTF-8 text, decoding `content-encoding`.
 *
 * @throws AtlassianMcpError `upstream` past `maxBytes` (counted after decoding), for an unknown encoding, or for
 *   data that does not decode.
 */
export async function readText(
  body: Readable,
  contentEncoding: string | undefined,
  maxBytes: number,
): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of decode(body, contentEncoding)) {
      const bytes: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
      size += bytes.length;
      if (size > maxBytes) throw tooLarge(maxBytes);
      chunks.push(bytes);
    }
  } catch (cause) {
    throw undecodable(cause) ?? cause;
  } finally {
    // Frees the connection when the rest is not wanted.
    body.destroy();
  }
  return textOf(chunks);
}

/** UTF-8 without its byte order mark. */
export function textOf(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks)
    .toString("utf8")
    .replace(/^\uFEFF/, "");
}

function decode(body: Readable, contentEncoding: string | undefined): Readable {
  const decoder = decoderFor((contentEncoding ?? "").trim().toLowerCase());
  if (decoder === undefined) return body;
  // The error reaches the reader of `decoder` through the pipeline.
  return pipeline(body, decoder, () => {});
}

function decoderFor(encoding: string) {
  switch (encoding) {
    case "":
    case "identity":
      return undefined;
    case "gzip":
    case "x-gzip":
      return createGunzip();
    case "br":
      return createBrotliDecompress();
    case "deflate":
      return createInflate();
    default:
      throw new AtlassianMcpError("upstream", "The site answered in an encoding nobody asked for", {
        next: "A proxy between here and the site rewrites answers; ask its operator.",
      });
  }
}

export function tooLarge(maxBytes: number): AtlassianMcpError {
  const limit = `${Math.round(maxBytes / 1024 / 102.4) / 10} MiB`;
  return new AtlassianMcpError("upstream", `The answer is larger than the limit of ${limit}`, {
    next: "Ask for less: fewer fields, fewer items per page, or one item at a time.",
  });
}

/** zlib's own failures, as opposed to a lost connection. */
function undecodable(cause: unknown): AtlassianMcpError | undefined {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (!/^(Z_|ERR_BROTLI|ERR__ERROR_FORMAT|ERR_PADDING)/.test(code)) return undefined;
  return new AtlassianMcpError(
    "upstream",
    "The answer is damaged: its compression cannot be undone",
    { next: "Repeat the call; if it persists, look at the proxies between here and the site." },
    cause,
  );
}
