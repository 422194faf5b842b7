import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { basic, client } from "../../../test/fakes/sandbox-client.ts";
import { dataCenterBase } from "../../../test/fakes/sandbox-login.ts";
import { type Sandbox, startSandbox } from "../server.ts";

const start = Date.parse("2026-03-11T12:00:00Z");
let time = start;
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ now: () => new Date(time) });
});
afterEach(() => {
  time = start;
  sandbox.reset();
});
afterAll(() => sandbox.close());

type Product = "jira" | "confluence";
const tokens = "/rest/pat/latest/tokens";
const dayMs = 86_400_000;

const byPassword = (product: Product, user = 0) => {
  const { name = "", password = "" } = sandbox.users[user] ?? {};
  return client(dataCenterBase(sandbox, product), { authorization: basic(name, password) });
};
const byToken = (product: Product, token: string) =>
  client(dataCenterBase(sandbox, product), { authorization: `Bearer ${token}` });
const whoAmI = (product: Product, token: string) =>
  byToken(product, token)(
    "GET",
    product === "jira" ? "/rest/api/2/myself" : "/rest/api/user/current",
  );

describe.each<Product>(["jira", "confluence"])("personal access tokens of %s", (product) => {
  it("are shown whole once, work, and are gone when deleted", async () => {
    const ada = byPassword(product);
    const created = await ada("POST", tokens, { name: "laptop", expirationDuration: 90 });
    expect(created).toMatchObject({
      status: 201,
      body: {
        name: "laptop",
        createdAt: "2026-03-11T12:00:00.000+0000",
        expiringAt: "2026-06-09T12:00:00.000+0000",
        rawToken: expect.stringMatching(/^[\w+/]{40,}=*$/),
      },
    });
    const { rawToken, ...shown } = created.body;
    expect((await ada("GET", tokens)).body).toEqual([shown]);
    expect((await whoAmI(product, rawToken)).body.displayName).toBe("Ada Moreno");
    expect((await ada("DELETE", `${tokens}/${shown.id}`)).status).toBe(204);
    expect((await whoAmI(product, rawToken)).status).toBe(401);
    expect((await ada("DELETE", `${tokens}/${shown.id}`)).status).toBe(404);
  });

  it("expire", async () => {
    const { body } = await byPassword(product)("POST", tokens, {
      name: "short",
      expirationDuration: 1,
    });
    time += dayMs - 1;
    expect((await whoAmI(product, body.rawToken)).status).toBe(200);
    time += 1;
    expect((await whoAmI(product, body.rawToken)).status).toBe(401);
  });

  it("are ten at most, not counting expired ones", async () => {
    const control = sandbox.dataCenter[product];
    control.createPersonalToken("ada", "expiring", 1);
    for (let count = 1; count < 10; count += 1) control.createPersonalToken("ada", `${count}`);
    const ada = byPassword(product);
    expect((await ada("POST", tokens, { name: "eleventh" })).status).toBe(400);
    expect(() => control.createPersonalToken("ada", "eleventh")).toThrow("ada");
    expect((await byPassword(product, 1)("POST", tokens, { name: "Ben's" })).status).toBe(201);
    time += dayMs;
    expect((await ada("POST", tokens, { name: "eleventh" })).status).toBe(201);
  });

  it("belong to their user and their site", async () => {
    const { id, rawToken } = sandbox.dataCenter[product].createPersonalToken("ada", "mine");
    const ben = byPassword(product, 1);
    expect((await ben("GET", tokens)).body).toEqual([]);
    expect((await ben("DELETE", `${tokens}/${id}`)).status).toBe(404);
    const other = product === "jira" ? "confluence" : "jira";
    expect((await whoAmI(other, rawToken)).status).toBe(401);
    expect((await byToken(product, rawToken)("GET", tokens)).body).toHaveLength(1);
  });

  it.each([
    ["no name", {}],
    ["an empty name", { name: " " }],
    ["no whole days", { name: "x", expirationDuration: 1.5 }],
    ["days in the past", { name: "x", expirationDuration: -1 }],
    ["no object", null],
  ])("are not made with %s", async (_name, wish) => {
    expect((await byPassword(product)("POST", tokens, wish)).status).toBe(400);
  });

  it("are for people who signed in", async () => {
    const nobody = client(dataCenterBase(sandbox, product), {});
    expect((await nobody("GET", tokens)).status).toBe(401);
    expect((await byPassword(product)("PUT", tokens, {})).status).toBe(405);
    expect((await byPassword(product)("GET", `${tokens}/1`)).status).toBe(405);
  });
});
