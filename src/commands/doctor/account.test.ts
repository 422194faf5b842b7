import { expect, it } from "vitest";
import { type FakeAnswer, fakeSite } from "../../../test/fakes/fake-site.ts";
import { AtlassianMcpError } from "../../errors.ts";
import { checkAccount } from "./account.ts";

function account(answer: FakeAnswer, product: "jira" | "confluence" = "jira") {
  const path = product === "jira" ? "/rest/api/2/myself" : "/rest/api/user/current";
  const { client } = fakeSite({ routes: { [`GET ${path}`]: answer } });
  return checkAccount(product, client, () => "the site");
}

it.each([
  [
    "jira",
    { accountId: "5b10", displayName: "Ann", emailAddress: "ann@example.com" },
    "Ann (account id 5b10, ann@example.com), accepted by the site",
  ],
  ["jira", { name: "ann", key: "JIRAUSER1" }, "ann (user ann), accepted by the site"],
  [
    "confluence",
    { username: "ann", userKey: "ff", displayName: "Ann", type: "known" },
    "Ann (user ann), accepted by the site",
  ],
] as const)("%s: %j", async (product, answer, text) => {
  expect(await account(answer, product)).toMatchObject({ outcome: "ok", text });
});

it.each([[{ type: "anonymous", displayName: "Anonymous", username: "anonymous" }], [{}], [[]]])(
  "nobody: %j",
  async (answer) => {
    expect(await account(answer, "confluence")).toMatchObject({ outcome: "problem" });
  },
);

it("is a problem of refused credentials, with the site's request id", async () => {
  const details = { next: "Replace it.", traceId: "abc123" };
  const finding = await account(new AtlassianMcpError("auth", "Jira answered 401", details));
  expect(finding).toMatchObject({ outcome: "problem", code: "auth", remedy: "Replace it." });
  expect(finding.text).toBe("Jira answered 401 (request abc123)");
});

it("is no problem where a token may not ask, for it was accepted", async () => {
  const finding = await account(new AtlassianMcpError("scope", "A scope is missing"));
  expect(finding.outcome).toBe("warning");
});
