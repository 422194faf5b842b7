import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  authorize,
  redeem,
  refreshWith,
  register,
  startAuthorizationServer,
} from "../../test/fakes/oauth-server.ts";
import { type Sandbox, startSandbox } from "../sandbox/server.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.reset());
afterAll(() => sandbox.close());

describe("a client that registers itself", () => {
  it("gets tokens for a user and loses them when it gives them back", async () => {
    const setup = await startAuthorizationServer(sandbox);
    const { body: client } = await register(setup);
    const id = String(client["client_id"]);
    const back = await authorize(setup, id, { sites: sandbox.cloudId });
    expect(back.origin + back.pathname).toBe("http://127.0.0.1:5555/callback");
    expect(back.searchParams.get("iss")).toBe(setup.base);
    expect(back.searchParams.get("state")).toBe("state-of-the-client");
    const { status, body } = await redeem(setup, id, back.searchParams.get("code") ?? "");
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { token_type: "Bearer", expires_in: 600 },
    });
    const verified = await setup.server.verify(body["access_token"] ?? "");
    expect(verified).toMatchObject({
      clientId: id,
      scopes: ["read:jira", "write:jira", "read:confluence", "write:confluence"],
    });
    const grant = await setup.server.userGrant(verified?.grantId ?? "");
    expect(grant).toMatchObject({ cloudId: sandbox.cloudId, account: { name: "Ada Moreno" } });
    expect(await grant?.manager.accessToken()).toMatch(/.{20}/);
    const again = await refreshWith(setup, id, body["refresh_token"] ?? "");
    expect(again.status).toBe(200);
    await fetch(`${setup.base}/revoke`, {
      method: "POST",
      body: new URLSearchParams({ token: again.body["refresh_token"] ?? "", client_id: id }),
    });
    expect(await setup.server.verify(again.body["access_token"] ?? "")).toBeUndefined();
    expect(await setup.server.userGrant(verified?.grantId ?? "")).toBeUndefined();
  });
});
