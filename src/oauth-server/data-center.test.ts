import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { connect, refreshWith, startAuthorizationServer } from "../../test/fakes/oauth-server.ts";
import { dataCenterApp } from "../auth/oauth/oauth.fixtures.ts";
import { type Sandbox, startSandbox } from "../sandbox/server.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.reset());
afterAll(() => sandbox.close());

describe.each(["jira", "confluence"] as const)("users of %s on Data Center", (product) => {
  const start = () =>
    startAuthorizationServer(sandbox, {
      appOf: (base) => {
        const control = sandbox.dataCenter[product];
        const { clientId, clientSecret } = control.register({ redirectUri: `${base}/callback` });
        const url =
          product === "jira" ? sandbox.urls.jiraDataCenter : sandbox.urls.confluenceDataCenter;
        const issuer = { kind: "datacenter", product, baseUrl: new URL(url) } as const;
        return {
          ...dataCenterApp(),
          issuer,
          clientId,
          clientSecret,
          redirectUri: `${base}/callback`,
        };
      },
    });

  it("sign in at their instance, without a choice of site", async () => {
    const setup = await start();
    const { access } = await connect(setup, { sites: "" });
    const verified = await setup.server.verify(access);
    const grant = await setup.server.userGrant(verified?.grantId ?? "");
    expect(grant).toMatchObject({ cloudId: undefined, sites: [], account: { name: "Ada Moreno" } });
    const token = await grant?.manager.accessToken();
    const path = product === "jira" ? "/rest/api/2/myself" : "/rest/api/user/current";
    const url =
      product === "jira" ? sandbox.urls.jiraDataCenter : sandbox.urls.confluenceDataCenter;
    const answer = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(200);
  });

  it("are the same person each time, and different ones for different people", async () => {
    const setup = await start();
    const subjectFor = async (user: string) =>
      (await setup.server.verify((await connect(setup, { user, sites: "" })).access))?.subject;
    const [one, again, other] = [
      await subjectFor("ada"),
      await subjectFor("ada"),
      await subjectFor("ben"),
    ];
    expect(one).toMatch(/^[\w-]{43}$/);
    expect(again).toBe(one);
    expect(other).not.toBe(one);
  });

  it("lose their login at the instance too when the grant ends", async () => {
    const setup = await start();
    const { clientId, access, refresh } = await connect(setup, { sites: "" });
    const verified = await setup.server.verify(access);
    expect(sandbox.dataCenter[product].liveGrants()).toBe(1);
    const body = new URLSearchParams({ token: refresh, client_id: clientId });
    await fetch(`${setup.base}/revoke`, { method: "POST", body });
    expect(sandbox.dataCenter[product].liveGrants()).toBe(0);
    expect(await setup.server.userGrant(verified?.grantId ?? "")).toBeUndefined();
    expect((await refreshWith(setup, clientId, refresh)).status).toBe(400);
  });
});
