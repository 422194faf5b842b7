import type { ResponseFix } from "./openapi.ts";

/** What a published description gets wrong, and how answers are checked all the same. */
export interface Defect extends ResponseFix {
  readonly reason: string;
  /** Operations as `GET /rest/api/2/field`; absent: wherever the pattern occurs. */
  readonly operations?: readonly string[] | undefined;
}

/** Defects of the Jira documents, for requests and answers alike. */
const jiraDefects: Readonly<Record<"cloud" | "datacenter", readonly Defect[]>> = {
  cloud: [
    {
      reason: "the operation is removed and answers 410, but is still listed",
      operations: ["GET /rest/api/3/search", "POST /rest/api/3/search"],
      ignore: [/^status 410 /],
    },
    {
      reason: "values that were or became empty are null in a history, but not marked nullable",
      ignore: [/\/items\/\d+\/(from|fromString|to|toString) must be string$/],
    },
    {
      reason: "null unassigns by the text of the operation, but is not marked nullable",
      operations: ["PUT /rest/api/3/issue/{issueIdOrKey}/assignee"],
      ignore: [/^body\/accountId must be string$/],
    },
  ],
  datacenter: [
    {
      reason: "names the item where a list is answered",
      operations: [
        "GET /rest/api/2/field",
        "GET /rest/api/2/issue/{issueIdOrKey}/remotelink",
        "GET /rest/api/2/issuetype",
        "GET /rest/api/2/priority",
        "GET /rest/api/2/project",
        "GET /rest/api/2/project/{projectIdOrKey}/components",
        "GET /rest/api/2/project/{projectIdOrKey}/statuses",
        "GET /rest/api/2/project/{projectIdOrKey}/versions",
        "GET /rest/api/2/resolution",
        "GET /rest/api/2/status",
        "GET /rest/api/2/user/assignable/search",
        "GET /rest/api/2/user/search",
        "POST /rest/api/2/issue/{issueIdOrKey}/attachments",
      ],
      each: "",
    },
    {
      reason: "names the item where a page is answered",
      operations: [
        "GET /rest/agile/1.0/board",
        "GET /rest/agile/1.0/board/{boardId}/project",
        "GET /rest/agile/1.0/board/{boardId}/sprint",
        "GET /rest/api/2/issue/createmeta/{projectIdOrKey}/issuetypes",
        "GET /rest/api/2/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}",
      ],
      each: "values",
    },
    {
      reason: "names the issue where a page of issues is answered",
      operations: [
        "GET /rest/agile/1.0/board/{boardId}/issue",
        "GET /rest/agile/1.0/board/{boardId}/backlog",
      ],
      each: "issues",
    },
    {
      reason: "names the sprint where a page of issues is answered",
      operations: ["GET /rest/agile/1.0/board/{boardId}/sprint/{sprintId}/issue"],
      each: "issues",
      ignore: [/^\/issues\/\d+\/id must be integer$/],
    },
    {
      reason: "leaves out the parameter that adds the fields of a transition",
      operations: ["GET /rest/api/2/issue/{issueIdOrKey}/transitions"],
      ignore: [/^query expand is not declared$/],
    },
    {
      reason: "declares every field of an issue as an object",
      ignore: [/\/(fields|renderedFields)\/\w+ must be object$/],
    },
    {
      reason: "declares the value of a property as text, it is any JSON",
      operations: [
        "PUT /rest/api/2/issue/{issueIdOrKey}/properties/{propertyKey}",
        "GET /rest/api/2/issue/{issueIdOrKey}/properties/{propertyKey}",
      ],
      ignore: [/^(body|\/value) must be string$/],
    },
    {
      reason: "declares days as times",
      ignore: [/\/(startDate|releaseDate) must match format "date-time"/],
    },
    {
      reason: "null unassigns, but is not marked nullable",
      operations: ["PUT /rest/api/2/issue/{issueIdOrKey}/assignee"],
      ignore: [/^body\/name must be string$/],
    },
  ],
};

/** All defects that concern an operation, as one fix. */
export function fixFor(deployment: "cloud" | "datacenter", operation: string): ResponseFix {
  const concerned = jiraDefects[deployment].filter(
    ({ operations }) => operations === undefined || operations.includes(operation),
  );
  return {
    each: concerned.find(({ each }) => each !== undefined)?.each,
    ignore: concerned.flatMap(({ ignore }) => ignore ?? []),
  };
}
