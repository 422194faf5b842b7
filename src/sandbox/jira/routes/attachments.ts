import { attachmentBean, uploadLimit } from "../attached.ts";
import { userBean } from "../beans.ts";
import { type Call, issueOf, type Json, ok } from "../call.ts";
import { record } from "../edit.ts";
import type { Attachment, Issue } from "../model.ts";
import { refusal } from "../refusal.ts";
import type { Operation } from "../route.ts";
import { canSee } from "../world.ts";

/** Files of an issue: added and described, not served. */
export const attachmentOperations: readonly Operation[] = [
  { method: "POST", path: "/issue/{issueIdOrKey}/attachments", run: addAttachments },
  {
    method: "GET",
    path: "/attachment/meta",
    run: () => ok({ enabled: true, uploadLimit }),
  },
  { method: "GET", path: "/attachment/{id}", run: readAttachment },
];

/** More files in one request are refused. */
const maxFiles = 60;

async function addAttachments(call: Call) {
  const issue = issueOf(call);
  const files = await filesOf(call);
  const tooLarge = files.find(({ size }) => size > uploadLimit);
  if (tooLarge !== undefined || files.length > maxFiles) throw beyondLimit(call, tooLarge?.name);
  const created = call.world.now();
  const added = files.map(
    ({ name, size, type }): Attachment => ({
      id: call.world.nextId(),
      filename: name,
      mimeType: mimeTypeOf(name, type),
      bytes: size,
      author: call.user,
      created,
    }),
  );
  issue.attachments.push(...added);
  record(call, issue, added.map(asChange));
  return ok(added.map((attachment) => attachmentBean(call, attachment)));
}

/** The parts of the form in the field `file`; parts in other fields are left aside, as the sites do. */
async function filesOf(call: Call): Promise<File[]> {
  const type = call.headers["content-type"] ?? "";
  if (!type.startsWith("multipart/form-data")) {
    throw refusal(415, "Unsupported Media Type");
  }
  const message = new Response(call.body, { headers: { "content-type": type } });
  const form = await message.formData().catch(() => {
    throw refusal(400, "The multipart body cannot be read.");
  });
  const files = form.getAll("file").filter((part) => typeof part !== "string");
  if (files.length === 0) throw refusal(400, "No file was sent in the parameter 'file'.");
  return files;
}

/** Cloud answers 413, Data Center 404, each as documented. */
function beyondLimit(call: Call, name: string | undefined) {
  const reason =
    name === undefined
      ? `No more than ${maxFiles} files can be attached at once.`
      : `The file ${name} exceeds its maximum permitted size of ${uploadLimit} bytes.`;
  return refusal(call.deployment === "cloud" ? 413 : 404, reason);
}

const mimeTypes: Readonly<Record<string, string>> = {
  csv: "text/csv",
  gif: "image/gif",
  jpg: "image/jpeg",
  json: "application/json",
  md: "text/markdown",
  pdf: "application/pdf",
  png: "image/png",
  txt: "text/plain",
};

/** A type that says nothing is guessed by the file's name. */
function mimeTypeOf(name: string, sent: string): string {
  if (sent !== "" && sent !== "application/octet-stream") return sent;
  const ending = name.split(".").at(-1)?.toLowerCase() ?? "";
  return mimeTypes[ending] ?? "application/octet-stream";
}

function asChange({ id, filename }: Attachment) {
  return {
    field: "Attachment",
    fieldId: "attachment",
    custom: false,
    from: null,
    fromString: null,
    to: String(id),
    toString: filename,
  };
}

function readAttachment(call: Call) {
  const wanted = call.params["id"] ?? "";
  const [issue, attachment] = findAttachment(call, wanted) ?? [];
  if (issue === undefined || attachment === undefined) {
    throw refusal(404, `The attachment with id '${wanted}' does not exist`);
  }
  if (!canSee(call.user, issue.project)) {
    throw refusal(403, `You do not have permission to view attachment with id: ${wanted}`);
  }
  return ok(metadataBean(call, attachment));
}

function findAttachment(call: Call, id: string): [Issue, Attachment] | undefined {
  for (const issue of call.world.issues.values()) {
    const found = issue.attachments.find((attachment) => String(attachment.id) === id);
    if (found !== undefined) return [issue, found];
  }
  return undefined;
}

/** On its own an attachment has a number as id and, on Cloud, properties. */
function metadataBean(call: Call, attachment: Attachment): Json {
  const bean = { ...attachmentBean(call, attachment), author: userBean(call, attachment.author) };
  return call.deployment === "cloud" ? { ...bean, id: attachment.id, properties: {} } : bean;
}
