import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { testTool } from "../../../../test/fakes/test-tool.ts";
import { updateIssue } from "./update-issue.ts";

const site = { product: "jira", deployment: "cloud" } as const;

it("changes fields and adds a comment", async () => {
  const routes = {
    "GET /rest/api/3/field": [{ id: "priority", name: "Priority", schema: { type: "priority" } }],
    "PUT /rest/api/3/issue/{}": undefined,
    "POST /rest/api/3/issue/{}/comment": { id: "5" },
    "GET /rest/api/3/issue/{}": {
      id: "1",
      key: "PROJ-1",
      fields: { summary: "One", status: { name: "Open" }, assignee: null },
    },
  };
  const args = {
    issue_key: "PROJ-1",
    fields: '{"priority": "High"}',
    comment: "Hello",
    return_fields: "summary,status",
  };
  const { result, sent } = await testTool(updateIssue, { ...site, routes, args });
  expect({ sent, result }).toMatchInlineSnapshot(`
    {
      "result": {
        "issue": {
          "assignee": {
            "display_name": "Unassigned",
          },
          "browse_url": "https://example.test/browse/PROJ-1",
          "id": "1",
          "key": "PROJ-1",
          "status": {
            "name": "Open",
          },
          "summary": "One",
        },
        "message": "PROJ-1 updated.",
        "operations_failed": [],
        "operations_performed": [
          "fields: priority",
          "comment",
        ],
      },
      "sent": [
        "GET /rest/api/3/field",
        "PUT /rest/api/3/issue/PROJ-1",
        "POST /rest/api/3/issue/PROJ-1/comment",
        "GET /rest/api/3/issue/PROJ-1?fields=summary%2Cstatus&updateHistory=false",
      ],
    }
  `);
});

it("attaches files named by a JSON array, commas in names included", async () => {
  const filesRoot = await mkdtemp(join(tmpdir(), "update-issue-"));
  onTestFinished(() => rm(filesRoot, { recursive: true }));
  await writeFile(join(filesRoot, "a, b.txt"), "x");
  const routes = {
    "POST /rest/api/3/issue/{}/attachments": [{ id: "1", filename: "a, b.txt" }],
    "GET /rest/api/3/issue/{}": { id: "1", key: "PROJ-1", fields: {} },
  };
  const args = { issue_key: "PROJ-1", attachments: '["a, b.txt"]', return_fields: "attachment" };
  const { result, requests } = await testTool(updateIssue, {
    ...site,
    routes,
    args,
    policy: { filesRoot },
  });
  expect(result).toMatchObject({ operations_performed: ["attachment: a, b.txt"] });
  expect(requests[0]?.files).toMatchObject([{ name: "a, b.txt" }]);
});

it("refuses files on a server that cannot see the caller's disk", async () => {
  const args = { issue_key: "PROJ-1", attachments: "a.txt", comment: "Hello" };
  await expect(testTool(updateIssue, { ...site, routes: {}, args })).rejects.toMatchObject({
    code: "unsupported",
  });
});
