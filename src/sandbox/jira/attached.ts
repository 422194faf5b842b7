import { userBean } from "./beans.ts";
import type { Call, Json } from "./call.ts";
import { jiraDate } from "./duration.ts";
import type { Attachment } from "./model.ts";

/** Bytes that one file may have: what Data Center comes with. */
export const uploadLimit = 10 * 1024 * 1024;

/** An attachment as an issue lists it. */
export function attachmentBean(call: Call, attachment: Attachment): Json {
  const { id, filename, mimeType, bytes, author, created } = attachment;
  const name = encodeURIComponent(filename);
  const cloud = call.deployment === "cloud";
  const thumbnail = cloud
    ? `${call.api}/attachment/thumbnail/${id}`
    : `${call.site}/secure/thumbnail/${id}/_thumb_${id}.png`;
  return {
    self: `${call.api}/attachment/${id}`,
    id: String(id),
    filename,
    author: userBean(call, author),
    created: jiraDate(created),
    size: bytes,
    mimeType,
    content: cloud
      ? `${call.api}/attachment/content/${id}`
      : `${call.site}/secure/attachment/${id}/${name}`,
    ...(mimeType.startsWith("image/") ? { thumbnail } : {}),
  };
}
