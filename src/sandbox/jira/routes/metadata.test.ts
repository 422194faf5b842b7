import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { jiraClient, type SandboxClient } from "../../../../test/fakes/sandbox-client.ts";
import { type Sandbox, startSandbox } from "../../server.ts";

let sandbox: Sandbox;
let cloud: SandboxClient;
let dataCenter: SandboxClient;
let ben: SandboxClient;
beforeAll(async () => {
  sandbox = await startSandbox({ now: () => new Date("2026-03-11T12:00:00Z") });
  cloud = jiraClient(sandbox, "cloud");
  ben = jiraClient(sandbox, "cloud", 1);
  dataCenter = jiraClient(sandbox, "datacenter");
});
afterEach(() => sandbox.reset());
afterAll(() => sandbox.close());

const api = "/rest/api/3";

describe("people", () => {
  const names = ({ body }: { body: { displayName: string }[] }) =>
    body.map(({ displayName }) => displayName);

  it("are found by the beginnings of their names, similar ones together", async () => {
    expect(names(await cloud("GET", `${api}/user/search?query=chloe`))).toEqual([
      "Chloe Martin",
      "Chloe Martinez",
    ]);
    expect(names(await cloud("GET", `${api}/user/search?query=okafor`))).toEqual(["Ben Okafor"]);
    expect(
      names(await cloud("GET", `${api}/user/search?query=chloe&maxResults=1&startAt=1`)),
    ).toEqual(["Chloe Martinez"]);
    expect((await cloud("GET", `${api}/user/search`)).status).toBe(400);
  });

  it("are found by login on Data Center, those who left on demand", async () => {
    const find = (query: string) => dataCenter("GET", `/rest/api/2/user/search?${query}`);
    expect(names(await find("username=chloe.martinez"))).toEqual(["Chloe Martinez"]);
    expect(names(await find("username=grace"))).toEqual([]);
    expect(names(await find("username=grace&includeInactive=true"))).toEqual(["Grace Novak"]);
    expect(names(await find("username=."))).toHaveLength(7);
    expect((await find("query=chloe")).status).toBe(400);
  });

  it("can be assigned where they see the project and have not left", async () => {
    const find = (query: string) => cloud("GET", `${api}/user/assignable/search?${query}`);
    expect(names(await find("project=SHOP"))).toHaveLength(7);
    expect(names(await find("issueKey=SEC-1"))).not.toContain("Ben Okafor");
    expect(names(await find("project=SHOP&query=far"))).toEqual(["Farid Haddad"]);
    expect((await find("query=far")).status).toBe(400);
    expect((await find("project=NOPE")).status).toBe(404);
  });

  it("are looked up by the name of the deployment only", async () => {
    expect((await cloud("GET", `${api}/user?username=ben`)).status).toBe(400);
    expect((await cloud("GET", `${api}/user?accountId=nobody`)).status).toBe(404);
    const own = async (query: string) =>
      (await dataCenter("GET", `/rest/api/2/user?${query}`)).status;
    expect(await own("username=ben")).toBe(200);
    expect(await own("username=JIRAUSER10101")).toBe(404);
    expect(await own("key=JIRAUSER10101")).toBe(200);
    expect(await own("")).toBe(404);
  });
});

describe("fields", () => {
  it("differ in their ids between the deployments, not in their types", async () => {
    const idOf = async (as: SandboxClient, path: string, type: string) =>
      (await as("GET", path)).body.find(
        (field: { schema?: { custom?: string } }) => field.schema?.custom?.endsWith(type) === true,
      )?.id;
    expect(await idOf(cloud, `${api}/field`, ":gh-sprint")).toBe("customfield_10020");
    expect(await idOf(dataCenter, "/rest/api/2/field", ":gh-sprint")).toBe("customfield_10104");
    expect(await idOf(cloud, `${api}/field`, ":gh-epic-link")).toBeUndefined();
    expect(await idOf(dataCenter, "/rest/api/2/field", ":gh-epic-link")).toBe("customfield_10101");
  });

  it("are searched by name and kind in pages of fifty", async () => {
    const { body } = await cloud(
      "GET",
      `${api}/field/search?query=story&type=custom&maxResults=500`,
    );
    expect(body).toMatchObject({ total: 2, maxResults: 50, isLast: true });
  });

  it("tell their options to administrators", async () => {
    const contexts = await cloud("GET", `${api}/field/customfield_10041/context`);
    const path = `${api}/field/customfield_10041/context/${contexts.body.values[0].id}/option`;
    expect((await cloud("GET", path)).body.values).toContainEqual({
      id: "10121",
      value: "Search",
      optionId: "10120",
      disabled: false,
    });
    expect((await ben("GET", path)).status).toBe(403);
    expect((await cloud("GET", `${api}/field/customfield_10026/context/10226/option`)).status).toBe(
      400,
    );
    expect((await cloud("GET", `${api}/field/customfield_10041/context/1/option`)).status).toBe(
      404,
    );
    expect((await cloud("GET", `${api}/field/summary/context`)).status).toBe(404);
  });

  it("stand on the create screen of a type, under another name on each deployment", async () => {
    const path = "issue/createmeta/OPS/issuetypes";
    expect((await cloud("GET", `${api}/${path}`)).body.issueTypes).toHaveLength(4);
    expect((await dataCenter("GET", `/rest/api/2/${path}`)).body.values).toHaveLength(4);
    const { fields } = (await cloud("GET", `${api}/${path}/10005`)).body;
    const severity = fields.find(
      ({ fieldId }: { fieldId: string }) => fieldId === "customfield_10040",
    );
    expect(severity).toMatchObject({
      required: true,
      operations: ["set"],
      allowedValues: [{ value: "Critical" }, { value: "Major" }, { value: "Minor" }],
    });
    expect((await dataCenter("GET", `/rest/api/2/${path}/10005`)).body.values[0]).toHaveProperty(
      "fieldId",
      "summary",
    );
    expect((await cloud("GET", `${api}/${path}/10004`)).status).toBe(404);
    expect((await ben("GET", `${api}/issue/createmeta/SEC/issuetypes`)).status).toBe(404);
  });
});

describe("projects", () => {
  const keys = ({ body }: { body: { key: string }[] }) => body.map(({ key }) => key);

  it("are searched, ordered and hidden", async () => {
    const find = async (query: string, as = cloud) =>
      (await as("GET", `${api}/project/search?${query}`)).body.values.map(
        ({ key }: { key: string }) => key,
      );
    expect(await find("orderBy=-key")).toEqual(["SHOP", "SEC", "OPS", "APP"]);
    expect(await find("query=sho")).toEqual(["SHOP"]);
    expect(await find("typeKey=business")).toEqual(["OPS"]);
    expect(await find("keys=APP&keys=OPS")).toEqual(["APP", "OPS"]);
    expect(await find("", ben)).toEqual(["APP", "OPS", "SHOP"]);
    expect(keys(await dataCenter("GET", "/rest/api/2/project"))).toEqual([
      "SHOP",
      "APP",
      "OPS",
      "SEC",
    ]);
  });

  it("get versions, with unique names and sensible dates", async () => {
    const create = (body: object) => cloud("POST", `${api}/version`, { projectId: 10000, ...body });
    const made = await create({ name: "3.0", releaseDate: "2026-03-01" });
    expect(made).toMatchObject({
      status: 201,
      body: { overdue: true, projectId: 10000, released: false },
    });
    expect((await create({ name: "3.0" })).body.errors).toHaveProperty("name");
    expect((await create({})).body.errors).toHaveProperty("name");
    expect((await create({ name: "4.0", releaseDate: "soon" })).body.errors).toHaveProperty(
      "releaseDate",
    );
    expect(
      (await create({ name: "4.0", startDate: "2026-05-01", releaseDate: "2026-04-01" })).status,
    ).toBe(400);
    const released = await cloud("PUT", `${api}/version/${made.body.id}`, {
      released: true,
      name: "3.0.1",
    });
    expect(released.body).toMatchObject({ name: "3.0.1", released: true });
    expect(released.body).not.toHaveProperty("overdue");
    expect((await cloud("GET", `${api}/version/1`)).status).toBe(404);
  });

  it("page their versions and list their components with leads", async () => {
    const page = (await cloud("GET", `${api}/project/SHOP/version?maxResults=3`)).body;
    expect([page.values.length, page.total, page.isLast]).toEqual([3, 4, false]);
    const components = (await dataCenter("GET", "/rest/api/2/project/SHOP/components")).body;
    expect(components[2]).toMatchObject({ name: "Checkout", lead: { name: "ada" } });
  });
});

describe("the seed", () => {
  it("is the same on every start but for its dates", async () => {
    const content = async (start: Sandbox) => {
      const { body } = await jiraClient(start, "datacenter")(
        "GET",
        "/rest/api/2/search?maxResults=100&fields=*all",
      );
      return JSON.stringify(body).replace(/127\.0\.0\.1:\d+/g, "site");
    };
    const other = await startSandbox({ now: () => new Date("2026-03-11T18:00:00Z") });
    expect(await content(other)).toBe(await content(sandbox));
    await other.close();
  });
});
