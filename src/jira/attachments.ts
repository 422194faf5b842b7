import { z } from "zod";
import { findFile, type LocalFile, requireFilesRoot } from "../atlassian/files.ts";
import { AtlassianMcpError, isOurs } from "../errors.ts";
import { ask, type JiraContext, naming } from "./context.ts";

/** A file that may be sent, with its path as the caller gave it. */
export interface Attachable extends LocalFile {
  readonly given: string;
}

/**
 * Looks at all files before the first one is sent.
 *
 * @throws AtlassianMcpError `unsupported` where no files can be read; `input` naming every path that cannot be used.
 */
export async function findAttachables(
  context: JiraContext,
  paths: readonly string[],
): Promise<Attachable[]> {
  if (paths.length === 0) return [];
  const next =
    "Nothing was changed. Leave out attachments and upload the files in Jira itself, or connect through a server that runs on your computer over stdio.";
  const root = requireFilesRoot(context.policy.filesRoot, next);
  const found = await Promise.all(
    [...new Set(paths)].map(async (given) => ({ given, ...(await findFile(given, root)) })),
  );
  const problems = found.flatMap((each) =>
    "problem" in each ? [`"${each.given}" ${each.problem}`] : [],
  );
  if (problems.length > 0) throw unusable(problems);
  return found.flatMap((each) => ("problem" in each ? [] : [each]));
}

function unusable(problems: readonly string[]): AtlassianMcpError {
  const told = problems.join("; ");
  return new AtlassianMcpError("input", `Nothing was changed: ${told}.`, {
    fields: { attachments: told },
    next: "Give paths of files below the working directory of this server.",
  });
}

const attached = z.array(z.looseObject({ filename: z.string() })).min(1);

/** Attaches one file to an issue, beside files that have the same name. @throws AtlassianMcpError `input`, `invalid` */
export async function attachFile(
  context: JiraContext,
  key: string,
  { name, path, given, bytes }: Attachable,
): Promise<void> {
  const request = {
    method: "POST",
    path: context.dialect.path`/issue/${key}/attachments`,
    files: [{ name, path }],
    order: key,
  } as const;
  try {
    await naming(`Issue ${key}`, ask(context, request, attached, "attachments"));
  } catch (error) {
    if (!isOurs(error)) throw error;
    if (isOurs(error, "input")) throw error.with({}, `"${given}": ${error.message}`);
    throw (await explainSize(context, error, bytes)) ?? error;
  }
}

const uploadRules = z.looseObject({ uploadLimit: z.number().nullish() });

/** Says of a file that is too large what the site accepts. Some sites answer 404 or hang up. */
async function explainSize(
  context: JiraContext,
  error: AtlassianMcpError,
  bytes: number,
): Promise<AtlassianMcpError | undefined> {
  // Data Center documents 404.
  const mayBeSize = error.details.status === 413 || isOurs(error, "network", "not_found");
  if (!mayBeSize) return undefined;
  const limit = await uploadLimit(context);
  // With a smaller file, something in between has refused it.
  if (limit === undefined || bytes <= limit) return undefined;
  return new AtlassianMcpError(
    "invalid",
    `The file has ${inMegabytes(bytes)}; the site accepts ${inMegabytes(limit)} per file.`,
    { ...error.details, next: "Attach a smaller file, or ask the site's administrators." },
    error,
  );
}

async function uploadLimit(context: JiraContext): Promise<number | undefined> {
  try {
    const request = { path: context.dialect.path`/attachment/meta` };
    const { uploadLimit: limit } = await ask(context, request, uploadRules, "attachment rules");
    return limit ?? undefined;
  } catch (error) {
    // The upload's own error says more than a failure to explain it.
    if (isOurs(error)) return undefined;
    throw error;
  }
}

function inMegabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1).replace(/\.0$/, "")} MB`;
}
