/** Operations, their classic scope (none for the Jira Software ones) and the granular scopes that are needed together. */
type Row = readonly [
  operations: readonly string[],
  classic: string | undefined,
  granular: readonly string[],
];

const rows: readonly Row[] = [
  [
    ["GET /field"],
    "read:jira-work",
    "read:field:jira read:avatar:jira read:project-category:jira read:project:jira read:field-configuration:jira".split(
      " ",
    ),
  ],
  [
    ["GET /field/search"],
    "read:jira-work",
    "read:field:jira read:field-configuration:jira".split(" "),
  ],
  [
    ["GET /field/{fieldId}/context"],
    "manage:jira-configuration",
    "read:field:jira read:custom-field-contextual-configuration:jira".split(" "),
  ],
  [
    ["GET /field/{fieldId}/context/{contextId}/option"],
    "manage:jira-configuration",
    "read:field.option:jira".split(" "),
  ],
  [
    [
      "GET /issue/createmeta/{projectIdOrKey}/issuetypes",
      "GET /issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}",
    ],
    "read:jira-work",
    "read:issue-meta:jira read:avatar:jira read:field-configuration:jira".split(" "),
  ],
  [["GET /status"], "read:jira-work", "read:status:jira".split(" ")],
  [["GET /priority"], "read:jira-work", "read:priority:jira".split(" ")],
  [["GET /resolution"], "read:jira-work", "read:resolution:jira".split(" ")],
  [
    ["GET /issuetype"],
    "read:jira-work",
    "read:issue-type:jira read:avatar:jira read:project-category:jira read:project:jira".split(" "),
  ],
  [
    ["GET /issue/{issueIdOrKey}", "POST /issue/bulkfetch"],
    "read:jira-work",
    "read:issue-meta:jira read:issue-security-level:jira read:issue.vote:jira read:issue.changelog:jira read:avatar:jira read:issue:jira read:status:jira read:user:jira read:field-configuration:jira".split(
      " ",
    ),
  ],
  [
    ["POST /issue", "POST /issue/bulk"],
    "write:jira-work",
    "write:issue:jira write:comment:jira write:comment.property:jira write:attachment:jira read:issue:jira".split(
      " ",
    ),
  ],
  [
    ["PUT /issue/{issueIdOrKey}", "PUT /issue/{issueIdOrKey}/assignee"],
    "write:jira-work",
    "write:issue:jira".split(" "),
  ],
  [["DELETE /issue/{issueIdOrKey}"], "write:jira-work", "delete:issue:jira".split(" ")],
  [
    ["GET /issue/{issueIdOrKey}/editmeta"],
    "read:jira-work",
    "read:issue-meta:jira read:field-configuration:jira".split(" "),
  ],
  [
    ["GET /issue/{issueIdOrKey}/changelog", "POST /changelog/bulkfetch"],
    "read:jira-work",
    "read:issue-meta:jira read:avatar:jira read:issue.changelog:jira".split(" "),
  ],
  [
    ["GET /issue/{issueIdOrKey}/transitions"],
    "read:jira-work",
    "read:issue.transition:jira read:status:jira read:field-configuration:jira".split(" "),
  ],
  [
    ["POST /issue/{issueIdOrKey}/transitions"],
    "write:jira-work",
    "write:issue:jira write:issue.property:jira".split(" "),
  ],
  [
    ["GET /issue/{issueIdOrKey}/comment", "GET /issue/{issueIdOrKey}/comment/{id}"],
    "read:jira-work",
    "read:comment:jira read:comment.property:jira read:group:jira read:project:jira read:project-role:jira read:user:jira read:avatar:jira".split(
      " ",
    ),
  ],
  [
    ["POST /issue/{issueIdOrKey}/comment", "PUT /issue/{issueIdOrKey}/comment/{id}"],
    "write:jira-work",
    "read:comment:jira read:comment.property:jira read:group:jira read:project:jira read:project-role:jira read:user:jira write:comment:jira read:avatar:jira".split(
      " ",
    ),
  ],
  [
    ["DELETE /issue/{issueIdOrKey}/comment/{id}"],
    "write:jira-work",
    "delete:comment:jira delete:comment.property:jira".split(" "),
  ],
  [
    ["GET /issue/{issueIdOrKey}/worklog"],
    "read:jira-work",
    "read:group:jira read:issue-worklog:jira read:issue-worklog.property:jira read:project-role:jira read:user:jira read:avatar:jira".split(
      " ",
    ),
  ],
  [
    ["POST /issue/{issueIdOrKey}/worklog"],
    "write:jira-work",
    "write:issue-worklog:jira write:issue-worklog.property:jira read:avatar:jira read:group:jira read:issue-worklog:jira read:project-role:jira read:user:jira read:issue-worklog.property:jira".split(
      " ",
    ),
  ],
  [
    ["GET /issue/{issueIdOrKey}/worklog/{id}"],
    "read:jira-work",
    "read:comment:jira read:group:jira read:issue-worklog:jira read:issue-worklog.property:jira read:project-role:jira read:user:jira read:avatar:jira".split(
      " ",
    ),
  ],
  [
    ["PUT /issue/{issueIdOrKey}/worklog/{id}"],
    "write:jira-work",
    "read:comment:jira read:group:jira read:issue-worklog:jira read:issue-worklog.property:jira read:project-role:jira read:user:jira write:comment:jira write:issue-worklog:jira write:issue-worklog.property:jira read:avatar:jira".split(
      " ",
    ),
  ],
  [
    ["DELETE /issue/{issueIdOrKey}/worklog/{id}"],
    "write:jira-work",
    "delete:issue-worklog:jira delete:issue-worklog.property:jira write:issue.time-tracking:jira".split(
      " ",
    ),
  ],
  [
    ["GET /search/jql", "GET /search"],
    "read:jira-work",
    "read:issue-details:jira read:audit-log:jira read:avatar:jira read:field-configuration:jira read:issue-meta:jira".split(
      " ",
    ),
  ],
  [
    ["POST /search/jql", "POST /search/approximate-count", "POST /search"],
    "read:jira-work",
    "read:issue-details:jira read:field.default-value:jira read:field.option:jira read:field:jira read:group:jira".split(
      " ",
    ),
  ],
  [
    ["POST /jql/parse"],
    "read:jira-work",
    "read:field:jira validate:jql:jira read:jql:jira".split(" "),
  ],
  [
    ["POST /issue/{issueIdOrKey}/attachments"],
    "write:jira-work",
    "read:user:jira write:attachment:jira read:attachment:jira read:avatar:jira".split(" "),
  ],
  [["GET /attachment/meta"], "read:jira-work", "read:instance-configuration:jira".split(" ")],
  [
    ["GET /attachment/{id}"],
    "read:jira-work",
    "read:attachment:jira read:user:jira read:application-role:jira read:avatar:jira read:group:jira".split(
      " ",
    ),
  ],
  [["GET /issueLinkType"], "read:jira-work", "read:issue-link-type:jira".split(" ")],
  [
    ["POST /issueLink"],
    "write:jira-work",
    "write:comment:jira write:issue:jira write:issue-link:jira".split(" "),
  ],
  [
    ["GET /issueLink/{linkId}"],
    "read:jira-work",
    "read:field:jira read:issue-link-type:jira read:issue:jira read:issue-type:jira read:priority:jira read:status:jira read:avatar:jira read:issue.time-tracking:jira read:project-category:jira read:project:jira read:user:jira".split(
      " ",
    ),
  ],
  [["DELETE /issueLink/{linkId}"], "write:jira-work", "delete:issue-link:jira".split(" ")],
  [
    ["GET /issue/{issueIdOrKey}/remotelink", "GET /issue/{issueIdOrKey}/remotelink/{linkId}"],
    "read:jira-work",
    "read:issue.remote-link:jira read:status:jira".split(" "),
  ],
  [
    ["POST /issue/{issueIdOrKey}/remotelink"],
    "write:jira-work",
    "write:issue:jira write:issue.remote-link:jira read:issue.remote-link:jira".split(" "),
  ],
  [
    ["DELETE /issue/{issueIdOrKey}/remotelink/{linkId}"],
    "write:jira-work",
    "delete:issue.remote-link:jira write:issue:jira".split(" "),
  ],
  [
    ["GET /project/search", "GET /project", "GET /project/{projectIdOrKey}"],
    "read:jira-work",
    "read:issue-type:jira read:project:jira read:project.property:jira read:user:jira read:application-role:jira read:avatar:jira read:group:jira read:issue-type-hierarchy:jira read:project-category:jira read:project-version:jira read:project.component:jira".split(
      " ",
    ),
  ],
  [
    ["GET /project/{projectIdOrKey}/statuses"],
    "read:jira-work",
    "read:issue-status:jira read:issue-type:jira read:status:jira".split(" "),
  ],
  [
    [
      "GET /project/{projectIdOrKey}/versions",
      "GET /project/{projectIdOrKey}/version",
      "GET /version/{id}",
    ],
    "read:jira-work",
    "read:project-version:jira".split(" "),
  ],
  [
    ["GET /project/{projectIdOrKey}/components"],
    "read:jira-work",
    "read:project:jira read:project.component:jira read:user:jira read:application-role:jira read:avatar:jira read:group:jira".split(
      " ",
    ),
  ],
  [
    ["POST /version", "PUT /version/{id}"],
    "manage:jira-project",
    "write:project-version:jira read:project-version:jira".split(" "),
  ],
  [
    ["GET /myself", "GET /user"],
    "read:jira-user",
    "read:application-role:jira read:group:jira read:user:jira read:avatar:jira".split(" "),
  ],
  [
    ["GET /user/search"],
    "read:jira-user",
    "read:user:jira read:user.property:jira read:application-role:jira read:avatar:jira read:group:jira".split(
      " ",
    ),
  ],
  [
    ["GET /user/assignable/search"],
    "read:jira-user",
    "read:issue:jira read:project:jira read:user:jira read:application-role:jira read:avatar:jira read:group:jira".split(
      " ",
    ),
  ],
  [
    ["GET /issue/{issueIdOrKey}/watchers"],
    "read:jira-work",
    "read:issue.watcher:jira read:user:jira read:avatar:jira".split(" "),
  ],
  [
    ["POST /issue/{issueIdOrKey}/watchers", "DELETE /issue/{issueIdOrKey}/watchers"],
    "write:jira-work",
    "write:issue.watcher:jira".split(" "),
  ],
  [
    ["GET /rest/agile/1.0/board"],
    undefined,
    "read:board-scope:jira-software read:project:jira".split(" "),
  ],
  [
    [
      "GET /rest/agile/1.0/board/{boardId}",
      "GET /rest/agile/1.0/board/{boardId}/issue",
      "GET /rest/software/1.0/board/{boardId}/issue",
      "GET /rest/agile/1.0/board/{boardId}/backlog",
      "GET /rest/software/1.0/board/{boardId}/backlog",
      "GET /rest/software/1.0/board/{boardId}/issue/approximate-count",
      "GET /rest/software/1.0/board/{boardId}/backlog/approximate-count",
    ],
    undefined,
    "read:board-scope:jira-software read:issue-details:jira".split(" "),
  ],
  [
    ["GET /rest/agile/1.0/board/{boardId}/project"],
    undefined,
    "read:board-scope.admin:jira-software read:project:jira".split(" "),
  ],
  [
    ["GET /rest/agile/1.0/board/{boardId}/sprint", "GET /rest/agile/1.0/sprint/{sprintId}"],
    undefined,
    "read:sprint:jira-software".split(" "),
  ],
  [
    [
      "POST /rest/agile/1.0/sprint",
      "POST /rest/agile/1.0/sprint/{sprintId}",
      "PUT /rest/agile/1.0/sprint/{sprintId}",
      "POST /rest/agile/1.0/sprint/{sprintId}/issue",
    ],
    undefined,
    "write:sprint:jira-software".split(" "),
  ],
  [
    ["DELETE /rest/agile/1.0/sprint/{sprintId}"],
    undefined,
    "delete:sprint:jira-software".split(" "),
  ],
  [["POST /rest/agile/1.0/backlog/issue"], undefined, "write:board-scope:jira-software".split(" ")],
  [["PUT /rest/agile/1.0/issue/rank"], undefined, "write:issue:jira-software".split(" ")],
  [
    [
      "GET /rest/agile/1.0/sprint/{sprintId}/issue",
      "GET /rest/software/1.0/sprint/{sprintId}/issue",
      "GET /rest/agile/1.0/board/{boardId}/sprint/{sprintId}/issue",
      "GET /rest/software/1.0/board/{boardId}/sprint/{sprintId}/issue",
    ],
    undefined,
    "read:sprint:jira-software read:issue-details:jira read:jql:jira".split(" "),
  ],
  [
    [
      "GET /rest/agile/1.0/epic/{epicIdOrKey}/issue",
      "GET /rest/software/1.0/epic/{epicIdOrKey}/issue",
    ],
    undefined,
    "read:epic:jira-software read:issue-details:jira read:jql:jira".split(" "),
  ],
  [
    ["GET /issue/{issueIdOrKey}/properties"],
    "read:jira-work",
    "read:issue.property:jira".split(" "),
  ],
  [
    ["GET /issue/{issueIdOrKey}/properties/{propertyKey}"],
    "read:jira-work",
    "read:issue.property:jira".split(" "),
  ],
  [
    ["PUT /issue/{issueIdOrKey}/properties/{propertyKey}"],
    "write:jira-work",
    "write:issue.property:jira".split(" "),
  ],
  [
    ["DELETE /issue/{issueIdOrKey}/properties/{propertyKey}"],
    "write:jira-work",
    "delete:issue.property:jira".split(" "),
  ],
];

const byOperation = new Map(
  rows.flatMap(([operations, classic, granular]) => {
    const sets = classic === undefined ? [granular] : [[classic], granular];
    return operations.map((operation) => [operation, sets] as const);
  }),
);

/** Scope sets that open a Cloud operation, any one suffices; `undefined` for operations that need none. */
export function scopesOf(
  method: string,
  pattern: string,
): readonly (readonly string[])[] | undefined {
  return byOperation.get(`${method} ${pattern.replace(/^\/rest\/api\/[23]/, "")}`);
}
