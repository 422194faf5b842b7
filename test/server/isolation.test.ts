import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EchoSite, startEchoSite } from "../fakes/echo-site.ts";
import { basic, type HttpProgram, modernCall, startHttpProgram, stop } from "./harness.ts";

const callers = Array.from({ length: 50 }, (_, index) =>
  basic(`user${index}@example.com`, `secret-${index}`),
);
const callsEach = 6;

let site: EchoSite;
let server: HttpProgram;

beforeAll(async () => {
  // Says who asked, after a delay that mixes the callers up.
  site = await startEchoSite((request, response) => {
    const who = request.headers.authorization ?? "nobody";
    setTimeout(() => {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ accountId: who, displayName: who, active: true }));
    }, Math.random() * 20);
  });
  server = await startHttpProgram({
    JIRA_URL: site.url,
    JIRA_DEPLOYMENT: "cloud",
    JIRA_USERNAME: "operator@example.com",
    JIRA_API_TOKEN: "operator-secret",
  });
});
afterAll(async () => {
  await stop(server);
  await site.close();
});

async function whoAmI(
  authorization: string | undefined,
): Promise<{ status: number; text: string }> {
  const { headers, body } = modernCall("jira_get_user_profile", { user_identifier: "me" });
  const answer = await fetch(server.url, {
    method: "POST",
    headers: { ...headers, ...(authorization !== undefined && { authorization }) },
    body,
  });
  return { status: answer.status, text: await answer.text() };
}

describe("fifty callers at once", () => {
  it("each reach the site as themselves and get their own answer", async () => {
    const turns = callers.flatMap((caller) => Array.from({ length: callsEach }, () => caller));
    turns.sort(() => Math.random() - 0.5);
    const answers = await Promise.all(
      turns.map(async (caller) => ({ caller, ...(await whoAmI(caller)) })),
    );
    for (const { caller, status, text } of answers) {
      expect(status).toBe(200);
      expect(text).toContain(caller);
      const others = callers.filter((other) => other !== caller && text.includes(`${other}\\"`));
      expect(others).toEqual([]);
    }
    expect(new Set(site.authorizations)).toEqual(new Set(callers));
    expect(site.authorizations.filter((each) => each === callers[0]).length).toBeGreaterThan(0);
  });

  it("never become the operator, with or without credentials", async () => {
    for (const authorization of [undefined, "", "Basic !!!", "Bearer", "Digest x", "Basic Og=="]) {
      const { status, text } = await whoAmI(authorization);
      expect(status, String(authorization)).toBe(401);
      expect(text).not.toContain("operator");
    }
    expect(site.authorizations).not.toContain(basic("operator@example.com", "operator-secret"));
  });
});
