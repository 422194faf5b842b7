import { openAsBlob } from "node:fs";
import type { FormData } from "undici";
import { AtlassianMcpError } from "../errors.ts";
import type { ApiRequest, FilePart } from "./types.ts";

/** Whether the request's body is multipart/form-data. */
export function hasForm({ files, form }: ApiRequest): boolean {
  return files !== undefined || form !== undefined;
}

/**
 * The request's files and text fields as multipart/form-data. Files are read only while they are sent: their size does
 * not count against memory.
 *
 * @throws AtlassianMcpError `input` for a file that cannot be opened.
 */
export async function openForm({ files = [], form = {} }: ApiRequest): Promise<FormData> {
  // The global class would be sent as the text "[object FormData]".
  const { FormData } = await import("undici");
  const opened = new FormData();
  for (const [name, text] of Object.entries(form)) opened.append(name, text);
  for (const file of files) opened.append("file", await openFile(file), file.name);
  return opened;
}

async function openFile({ path, name }: FilePart) {
  try {
    return await openAsBlob(path);
  } catch (cause) {
    const next = "Check that the file exists and can be read; nothing was sent.";
    throw new AtlassianMcpError("input", `The file "${name}" cannot be opened`, { next }, cause);
  }
}

/** Ours for the failure of a file that is no longer as it was when it was opened; `undefined` for any other. */
export function fileFailure(cause: unknown): AtlassianMcpError | undefined {
  if (!(cause instanceof Error) || cause.name !== "NotReadableError") return undefined;
  return new AtlassianMcpError(
    "input",
    "The file changed while it was being sent",
    { next: "Repeat the call when nothing writes to the file any more; nothing was stored." },
    cause,
  );
}
