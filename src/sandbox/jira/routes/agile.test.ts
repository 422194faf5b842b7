import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { jiraClient, type SandboxClient } from "../../../../test/fakes/sandbox-client.ts";
import { type Sandbox, startSandbox } from "../../server.ts";

let sandbox: Sandbox;
let cloud: SandboxClient;
let dataCenter: SandboxClient;
beforeAll(async () => {
  sandbox = await startSandbox();
  cloud = jiraClient(sandbox, "cloud");
  dataCenter = jiraClient(sandbox, "datacenter");
});
afterEach(() => sandbox.reset());
afterAll(() => sandbox.close());

const agile = "/rest/agile/1.0";

interface Named {
  readonly name: string;
  readonly key: string;
}

describe("boards", () => {
  it("are filtered by name, type, project and permission", async () => {
    const names = async (query: string, as = cloud) =>
      (await as("GET", `${agile}/board?${query}`)).body.values.map(({ name }: Named) => name);
    expect(await names("")).toEqual(["SHOP board", "APP board", "SEC board"]);
    expect(await names("type=kanban")).toEqual(["APP board"]);
    expect(await names("name=shop")).toEqual(["SHOP board"]);
    expect(await names("projectKeyOrId=SEC")).toEqual(["SEC board"]);
    expect(await names("maxResults=1&startAt=1")).toEqual(["APP board"]);
    expect(await names("", jiraClient(sandbox, "cloud", 1))).toEqual(["SHOP board", "APP board"]);
    expect((await cloud("GET", `${agile}/board?projectKeyOrId=NOPE`)).status).toBe(400);
  });

  it("tell their project, which alone says on Data Center where they belong", async () => {
    for (const as of [cloud, dataCenter]) {
      expect((await as("GET", `${agile}/board/2/project`)).body).toMatchObject({
        total: 1,
        isLast: true,
        values: [{ id: "10001", key: "APP", name: "Mobile app" }],
      });
      expect((await as("GET", `${agile}/board/2/project?startAt=1`)).body.values).toEqual([]);
      expect((await as("GET", `${agile}/board/99/project`)).status).toBe(404);
    }
    const ben = jiraClient(sandbox, "datacenter", 1);
    expect((await ben("GET", `${agile}/board/3/project`)).status).toBe(404);
    expect((await cloud("GET", `${agile}/board/2`)).body.location).toMatchObject({
      projectKey: "APP",
    });
    expect((await dataCenter("GET", `${agile}/board/2`)).body).not.toHaveProperty("location");
  });

  it("list issues by offset, and on Cloud by token", async () => {
    const old = await dataCenter("GET", `${agile}/board/1/issue?maxResults=3&jql=type=Epic`);
    expect(old.body).toMatchObject({ total: 3, startAt: 0 });
    const path = "/rest/software/1.0/board/1/issue?fields=key&maxResults=15";
    const first = (await cloud("GET", path)).body;
    const rest = (await cloud("GET", `${path}&nextPageToken=${first.nextPageToken}`)).body;
    expect([first.issues.length, first.isLast, rest.issues.length, rest.isLast]).toEqual([
      15,
      false,
      7,
      true,
    ]);
    expect(
      (await cloud("GET", "/rest/software/1.0/board/1/issue/approximate-count")).body.count,
    ).toBe(22);
    expect((await dataCenter("GET", "/rest/software/1.0/board/1/issue")).status).toBe(404);
  });

  it("keep the backlog free of running and finished work", async () => {
    const { issues } = (await cloud("GET", "/rest/software/1.0/board/1/backlog?fields=key")).body;
    const keys = issues.map(({ key }: Named) => key);
    expect(keys).toEqual(["SHOP-10", "SHOP-12", "SHOP-18", "SHOP-19", "SHOP-20"]);
  });

  it("find the issues of an epic and nothing for another type", async () => {
    const { issues } = (await cloud("GET", "/rest/software/1.0/epic/SHOP-3/issue?fields=key")).body;
    expect(issues.map(({ key }: Named) => key)).toEqual(["SHOP-18", "SHOP-19"]);
    expect((await dataCenter("GET", `${agile}/epic/SHOP-3/issue`)).body.total).toBe(2);
    expect((await cloud("GET", "/rest/software/1.0/epic/SHOP-4/issue")).status).toBe(404);
  });
});

describe("sprints", () => {
  const create = (body: object) =>
    cloud("POST", `${agile}/sprint`, { name: "Next", originBoardId: 1, ...body });
  const change = (id: number, body: object) => cloud("POST", `${agile}/sprint/${id}`, body);
  const dates = { startDate: "2026-05-01T08:00:00.000Z", endDate: "2026-05-15T08:00:00.000+0000" };

  it("are listed by state, on Scrum boards only", async () => {
    const names = async (state: string) =>
      (await cloud("GET", `${agile}/board/1/sprint?state=${state}`)).body.values.map(
        ({ name }: Named) => name,
      );
    expect(await names("active,future")).toEqual(["SHOP Sprint 3", "SHOP Sprint 4"]);
    expect((await cloud("GET", `${agile}/board/1/sprint?state=paused`)).status).toBe(400);
    expect((await cloud("GET", `${agile}/board/2/sprint`)).body.errorMessages).toEqual([
      "The board does not support sprints",
    ]);
  });

  it("go from future to active to closed only", async () => {
    const { id } = (await create({})).body;
    expect((await change(id, { state: "closed" })).status).toBe(400);
    expect((await change(id, { state: "active" })).body.errors).toHaveProperty("startDate");
    expect((await change(id, { state: "active", ...dates })).body.state).toBe("active");
    expect((await change(id, { state: "future" })).status).toBe(400);
    expect((await change(id, { state: "closed" })).body).toHaveProperty("completeDate");
    expect((await change(id, { state: "active" })).status).toBe(400);
  });

  it.each([{ name: "" }, { name: "x".repeat(31) }, { startDate: "soon" }, { originBoardId: 2 }])(
    "refuse %j",
    async (body) => {
      expect((await create(body)).status).toBe(400);
    },
  );

  it("change in part with POST and as a whole with PUT", async () => {
    const { id } = (await create({ goal: "Goal", ...dates })).body;
    expect((await change(id, { name: "Renamed" })).body).toMatchObject({
      name: "Renamed",
      goal: "Goal",
      endDate: "2026-05-15T08:00:00.000Z",
    });
    const put = (body: object) => cloud("PUT", `${agile}/sprint/${id}`, body);
    expect(Object.keys((await put({ goal: "x" })).body.errors)).toEqual(["id", "name", "state"]);
    const replaced = (await put({ id, name: "Whole", state: "future" })).body;
    expect(replaced).toMatchObject({ name: "Whole", goal: "" });
    expect(replaced).not.toHaveProperty("endDate");
  });

  it("take issues in and let them go, which the history shows", async () => {
    const sprintOf = async () =>
      (await cloud("GET", "/rest/api/3/issue/SHOP-10?fields=customfield_10020")).body.fields
        .customfield_10020;
    expect((await cloud("POST", `${agile}/sprint/4/issue`, { issues: ["SHOP-10"] })).status).toBe(
      204,
    );
    expect(await sprintOf()).toMatchObject([{ id: 4 }]);
    await cloud("POST", `${agile}/backlog/issue`, { issues: ["SHOP-10"] });
    expect(await sprintOf()).toBeNull();
    const { values } = (await cloud("GET", "/rest/api/3/issue/SHOP-10/changelog")).body;
    expect(
      values.map(({ items }: { items: { toString: string | null }[] }) => items[0]?.toString),
    ).toEqual(["SHOP Sprint 4", null]);
  });

  it("take at most fifty issues, none into a closed one, all or nothing", async () => {
    const add = (sprint: number, issues: string[]) =>
      cloud("POST", `${agile}/sprint/${sprint}/issue`, { issues });
    expect((await add(1, ["SHOP-10"])).status).toBe(400);
    expect(
      (
        await add(
          4,
          Array.from({ length: 51 }, () => "SHOP-10"),
        )
      ).status,
    ).toBe(400);
    expect((await add(4, ["SHOP-10", "NONE-1"])).status).toBe(404);
    expect(
      (await cloud("GET", "/rest/api/3/issue/SHOP-10?fields=customfield_10020")).body.fields
        .customfield_10020,
    ).toBeNull();
  });

  it("are deleted only before they start", async () => {
    expect((await cloud("DELETE", `${agile}/sprint/3`)).status).toBe(400);
    expect((await cloud("DELETE", `${agile}/sprint/4`)).status).toBe(204);
    expect((await cloud("GET", `${agile}/sprint/4`)).status).toBe(404);
    expect(
      (await cloud("GET", "/rest/api/3/issue/SHOP-12?fields=customfield_10020")).body.fields
        .customfield_10020,
    ).toBeNull();
  });
});

describe("rank", () => {
  it("moves issues before or after another one", async () => {
    const order = async () =>
      (await cloud("GET", "/rest/software/1.0/board/1/backlog?fields=key")).body.issues
        .map(({ key }: Named) => key)
        .slice(0, 3);
    await cloud("PUT", `${agile}/issue/rank`, { issues: ["SHOP-20"], rankBeforeIssue: "SHOP-10" });
    expect(await order()).toEqual(["SHOP-20", "SHOP-10", "SHOP-12"]);
    await cloud("PUT", `${agile}/issue/rank`, { issues: ["SHOP-20"], rankAfterIssue: "SHOP-10" });
    expect(await order()).toEqual(["SHOP-10", "SHOP-20", "SHOP-12"]);
    expect((await cloud("PUT", `${agile}/issue/rank`, { issues: ["SHOP-20"] })).status).toBe(400);
  });
});
