import { expect, it } from "vitest";
import { testTool } from "../../../../test/fakes/test-tool.ts";
import { getUserProfile } from "./get-user-profile.ts";

const site = { product: "jira", deployment: "cloud" } as const;

it("shows who the caller is", async () => {
  const routes = {
    "GET /rest/api/3/myself": {
      accountId: "a1",
      displayName: "Ada",
      emailAddress: "ada@example.com",
      active: true,
      timeZone: "Europe/Berlin",
      avatarUrls: { "48x48": "https://x.test/a.png" },
    },
  };
  const args = { user_identifier: "me" };
  const { result, sent } = await testTool(getUserProfile, { ...site, routes, args });
  expect({ sent, result }).toMatchInlineSnapshot(`
    {
      "result": {
        "success": true,
        "user": {
          "account_id": "a1",
          "active": true,
          "avatar_url": "https://x.test/a.png",
          "display_name": "Ada",
          "email": "ada@example.com",
          "name": "Ada",
          "time_zone": "Europe/Berlin",
        },
      },
      "sent": [
        "GET /rest/api/3/myself",
      ],
    }
  `);
});

it("says that nobody has the name", async () => {
  const args = { user_identifier: "Nobody" };
  await expect(
    testTool(getUserProfile, { ...site, routes: { "GET /rest/api/3/user/search": [] }, args }),
  ).rejects.toMatchObject({
    code: "not_found",
  });
});
