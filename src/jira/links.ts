import { z } from "zod";
import { AtlassianMcpError } from "../errors.ts";
import { type Visibility, writeBody } from "./comments.ts";
import { ask, issueReference, issueUrl, type JiraContext, naming } from "./context.ts";
import { guardIssue } from "./policy.ts";
import { refuseCommentWhereInternalOnly } from "./service-desk.ts";

const linkTypeSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  inward: z.string().default(""),
  outward: z.string().default(""),
});

const linkTypesSchema = z.looseObject({ issueLinkTypes: z.array(linkTypeSchema) });

export interface LinkTypeModel {
  readonly id: string;
  readonly name: string;
  /** How the outward issue is related to the inward one, e.g. `is blocked by`. */
  readonly inward: string;
  /** How the inward issue is related to the outward one, e.g. `blocks`. */
  readonly outward: string;
}

export interface CreateLinkOptions {
  readonly linkType: string;
  readonly inwardKey: string;
  readonly outwardKey: string;
  /** Markdown; added to the inward issue. */
  readonly comment?: string | undefined;
  readonly visibility?: Visibility | undefined;
}

export interface CreatedLink {
  readonly success: true;
  readonly message: string;
  readonly link_type: string;
  readonly inward_issue: string;
  readonly outward_issue: string;
  readonly url: string;
}

/** @param filter part of a name or phrase, in any case. */
export async function getLinkTypes(context: JiraContext, filter = ""): Promise<LinkTypeModel[]> {
  const request = { path: context.dialect.path`/issueLinkType` };
  const { issueLinkTypes } = await ask(context, request, linkTypesSchema, "link types");
  const wanted = filter.trim().toLowerCase();
  return issueLinkTypes
    .map(({ id, name, inward, outward }) => ({ id, name, inward, outward }))
    .filter((type) =>
      [type.name, type.inward, type.outward].some((text) => text.toLowerCase().includes(wanted)),
    );
}

/**
 * Links two issues: the inward one *outward phrase* the outward one (PROJ-1 blocks PROJ-2).
 *
 * @throws AtlassianMcpError `input` listing the link types for an unknown one; `forbidden`, `not_found`.
 */
export async function createLink(
  context: JiraContext,
  options: CreateLinkOptions,
): Promise<CreatedLink> {
  const { inwardKey, outwardKey, comment, visibility } = options;
  if (visibility !== undefined && comment === undefined) {
    throw new AtlassianMcpError("input", "comment_visibility needs a comment.", {
      fields: { comment_visibility: "only together with comment" },
    });
  }
  for (const key of [inwardKey, outwardKey]) {
    await guardIssue(context, key);
    if (comment !== undefined) await refuseCommentWhereInternalOnly(context, key);
  }
  const type = pickType(await getLinkTypes(context), options.linkType);
  const request = context.send({
    method: "POST",
    path: context.dialect.path`/issueLink`,
    json: {
      type: { name: type.name },
      inwardIssue: issueReference(inwardKey),
      outwardIssue: issueReference(outwardKey),
      comment:
        comment === undefined ? undefined : { body: writeBody(context, comment), visibility },
    },
    order: inwardKey,
  });
  await naming(`One of the issues ${inwardKey} and ${outwardKey}`, request);
  return {
    success: true,
    message: `${inwardKey} ${type.outward} ${outwardKey}.`,
    link_type: type.name,
    inward_issue: inwardKey,
    outward_issue: outwardKey,
    url: issueUrl(context, inwardKey),
  };
}

function pickType(types: readonly LinkTypeModel[], wanted: string): LinkTypeModel {
  const text = wanted.trim().toLowerCase();
  const found =
    types.find((type) => type.name.toLowerCase() === text) ??
    types.find((type) => type.id === text) ??
    types.find((type) => type.outward.toLowerCase() === text);
  if (found !== undefined) return found;
  const turned = types.find((type) => type.inward.toLowerCase() === text);
  const list = types.map(({ name, inward, outward }) => `${name} (${outward} / ${inward})`);
  throw new AtlassianMcpError("input", `There is no link type "${wanted}". ${list.join(", ")}.`, {
    fields: { link_type: `one of ${types.map(({ name }) => name).join(", ")}` },
    next: turned
      ? `Use link_type "${turned.name}" with the two issues exchanged.`
      : "Give the name of a link type, see jira_get_link_types.",
  });
}
