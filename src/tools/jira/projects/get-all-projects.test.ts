import { expect, it } from "vitest";
import { testTool } from "../../../../test/fakes/test-tool.ts";
import { getAllProjects } from "./get-all-projects.ts";

const site = { product: "jira", deployment: "datacenter" } as const;

it("lists projects", async () => {
  const routes = {
    "GET /rest/api/2/project": [
      {
        id: "1",
        key: "PROJ",
        name: "Project",
        projectTypeKey: "software",
        lead: { name: "ada", displayName: "Ada" },
      },
    ],
  };
  const args = {};
  const { result, sent } = await testTool(getAllProjects, { ...site, routes, args });
  expect({ sent, result }).toMatchInlineSnapshot(`
    {
      "result": [
        {
          "id": "1",
          "key": "PROJ",
          "lead": {
            "display_name": "Ada",
            "name": "ada",
          },
          "name": "Project",
          "type": "software",
        },
      ],
      "sent": [
        "GET /rest/api/2/project?expand=description%2Clead",
      ],
    }
  `);
});

it("refuses arguments it does not know", async () => {
  const args = { archived: true };
  await expect(testTool(getAllProjects, { ...site, routes: {}, args })).rejects.toMatchObject({
    code: "input",
  });
});
