import type { SandboxAnswer } from "../../types.ts";
import { linkTypeBean } from "../beans.ts";
import { bodyOf, type Call, isObject, issueOf, type Json, noContent, ok, textOf } from "../call.ts";
import { linkTypes } from "../catalog.ts";
import { adfCheckFor, readLinkType } from "../edit.ts";
import type { Issue, IssueLink, RemoteLink } from "../model.ts";
import { readRichText } from "../read-value.ts";
import { fieldRefusal, noSuchIssue, refusal } from "../refusal.ts";
import type { Operation } from "../route.ts";
import { issueReference } from "../show-value.ts";
import { canSee, findIssue } from "../world.ts";

/** Links between issues and to the web. */
export const linkOperations: readonly Operation[] = [
  {
    method: "GET",
    path: "/issueLinkType",
    run: (call) => ok({ issueLinkTypes: linkTypes.map((type) => linkTypeBean(call, type)) }),
  },
  { method: "POST", path: "/issueLink", run: linkIssues },
  { method: "GET", path: "/issueLink/{linkId}", run: readLink },
  { method: "DELETE", path: "/issueLink/{linkId}", run: deleteLink },
  { method: "GET", path: "/issue/{issueIdOrKey}/remotelink", run: listRemoteLinks },
  { method: "POST", path: "/issue/{issueIdOrKey}/remotelink", run: saveRemoteLink },
  {
    method: "GET",
    path: "/issue/{issueIdOrKey}/remotelink/{linkId}",
    run: (call) => {
      const issue = issueOf(call);
      return ok(remoteLinkBean(call, issue, remoteLinkOf(call, issue)));
    },
  },
  { method: "DELETE", path: "/issue/{issueIdOrKey}/remotelink/{linkId}", run: deleteRemoteLink },
];

async function linkIssues(call: Call): Promise<SandboxAnswer> {
  const body = bodyOf(call);
  const type = readLinkType(body["type"]);
  // With type Blocks, the inward issue of the request is the one that blocks.
  const source = namedIssue(call, body["inwardIssue"]);
  const target = namedIssue(call, body["outwardIssue"]);
  if (source === target) throw refusal(400, "You cannot link an issue to itself.");
  const comment = body["comment"];
  if (isObject(comment)) {
    const text = readRichText(call, await adfCheckFor(call), comment["body"]);
    if (text === undefined) throw fieldRefusal({ comment: "Comment body is not valid!" });
    const now = call.world.now();
    source.comments.push({
      id: call.world.nextId(),
      author: call.user,
      created: now,
      updated: now,
      updatedBy: call.user,
      body: text,
      properties: [],
    });
  }
  const same = [...call.world.links.values()].some(
    (link) => link.type === type && link.source === source.id && link.target === target.id,
  );
  if (!same) {
    const id = call.world.nextId();
    call.world.links.set(id, { id, type, source: source.id, target: target.id });
  }
  return { status: 201 };
}

function namedIssue(call: Call, reference: unknown): Issue {
  const wanted = isObject(reference) ? (reference["key"] ?? reference["id"]) : undefined;
  const issue = wanted === undefined ? undefined : findIssue(call.world, call.user, String(wanted));
  if (issue === undefined) throw noSuchIssue();
  return issue;
}

function linkOf(call: Call): IssueLink & { readonly from: Issue; readonly to: Issue } {
  const id = call.params["linkId"] ?? "";
  const link = call.world.links.get(Number(id));
  const from = link && call.world.issues.get(link.source);
  const to = link && call.world.issues.get(link.target);
  const visible = from && to && canSee(call.user, from.project) && canSee(call.user, to.project);
  if (link === undefined || from === undefined || to === undefined || visible !== true) {
    throw refusal(404, `No issue link with id '${id}' exists.`);
  }
  return { ...link, from, to };
}

function readLink(call: Call): SandboxAnswer {
  const { id, type, from, to } = linkOf(call);
  return ok({
    id: String(id),
    self: `${call.api}/issueLink/${id}`,
    type: linkTypeBean(call, type),
    inwardIssue: issueReference(call, from),
    outwardIssue: issueReference(call, to),
  });
}

function deleteLink(call: Call): SandboxAnswer {
  call.world.links.delete(linkOf(call).id);
  return noContent;
}

function listRemoteLinks(call: Call): SandboxAnswer {
  const issue = issueOf(call);
  const globalId = call.query.get("globalId");
  if (globalId === null) {
    return ok(issue.remoteLinks.map((link) => remoteLinkBean(call, issue, link)));
  }
  const link = issue.remoteLinks.find((candidate) => candidate.globalId === globalId);
  if (link === undefined) throw refusal(404, "The remote link does not exist.");
  return ok(remoteLinkBean(call, issue, link));
}

function remoteLinkBean(call: Call, issue: Issue, link: RemoteLink): Json {
  const { id, globalId, relationship, application, object } = link;
  return {
    id,
    self: `${call.api}/issue/${issue.key}/remotelink/${id}`,
    ...(globalId === undefined ? {} : { globalId }),
    application,
    ...(relationship === undefined ? {} : { relationship }),
    object: { icon: {}, status: { icon: {} }, ...object },
  };
}

function remoteLinkOf(call: Call, issue: Issue): RemoteLink {
  const id = call.params["linkId"] ?? "";
  const link = issue.remoteLinks.find((candidate) => String(candidate.id) === id);
  if (link === undefined) throw refusal(404, `The remote link with id '${id}' does not exist.`);
  return link;
}

/** Creates a link, or replaces the one with the same `globalId`. */
function saveRemoteLink(call: Call): SandboxAnswer {
  const issue = issueOf(call);
  const body = bodyOf(call);
  const object: Json = isObject(body["object"]) ? body["object"] : {};
  const errors: Record<string, string> = {};
  if (typeof object["title"] !== "string" || object["title"] === "") {
    errors["title"] = "'title' is required.";
  }
  if (typeof object["url"] !== "string" || !/^\w+:/.test(object["url"])) {
    errors["url"] = "'url' is required.";
  }
  if (Object.keys(errors).length > 0) throw fieldRefusal(errors);
  const globalId = textOf(body, "globalId");
  const known = issue.remoteLinks.find(
    (link) => globalId !== undefined && link.globalId === globalId,
  );
  const link: RemoteLink = {
    id: known?.id ?? call.world.nextId(),
    globalId,
    relationship: textOf(body, "relationship"),
    application: isObject(body["application"]) ? body["application"] : {},
    object,
  };
  if (known === undefined) issue.remoteLinks.push(link);
  else issue.remoteLinks.splice(issue.remoteLinks.indexOf(known), 1, link);
  const self = `${call.api}/issue/${issue.key}/remotelink/${link.id}`;
  const created = known === undefined && call.deployment === "cloud";
  return ok({ id: link.id, self }, created ? 201 : 200);
}

function deleteRemoteLink(call: Call): SandboxAnswer {
  const issue = issueOf(call);
  issue.remoteLinks.splice(issue.remoteLinks.indexOf(remoteLinkOf(call, issue)), 1);
  return noContent;
}
