import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jiraRoutes } from "../../src/sandbox/jira/index.ts";
import { createJiraWorld } from "../../src/sandbox/jira/seed/seed.ts";
import { people } from "../../src/sandbox/people.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import type { SandboxDeployment } from "../../src/sandbox/types.ts";
import { fixFor } from "../fakes/jira-document-defects.ts";
import { loadOpenApi, type OpenApiOperation } from "../fakes/openapi.ts";

interface Step {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** Sent as multipart/form-data instead of a body. */
  readonly file?: File;
  readonly status?: number;
  /** Gives the id of what was made to the steps after it, as `$name`. */
  readonly keep?: string;
  readonly idOf?: (body: unknown) => string;
}

const idOf = (body: unknown) =>
  typeof body === "object" && body !== null && "id" in body ? String(body.id) : "";

function get(path: string): Step {
  return { method: "GET", path };
}

function text(deployment: SandboxDeployment, words: string): unknown {
  if (deployment === "datacenter") return words;
  const content = [{ type: "paragraph", content: [{ type: "text", text: words }] }];
  return { version: 1, type: "doc", content };
}

function stepsFor(deployment: SandboxDeployment): Step[] {
  const cloud = deployment === "cloud";
  const person = cloud ? { accountId: "5b10a2844c20165700ede201" } : { name: "ben" };
  const automatic = cloud ? { accountId: "-1" } : { name: "-1" };
  const words = text(deployment, "Written by the contract test");
  const api = cloud ? "/rest/api/3" : "/rest/api/2";
  const rest = (path: string) => api + path;
  const make = (path: string, body: unknown, keep?: string, status = 201): Step => ({
    method: "POST",
    path,
    body,
    status,
    ...(keep === undefined ? {} : { keep, idOf }),
  });
  const put = (path: string, body: unknown, status = 204): Step => ({
    method: "PUT",
    path,
    body,
    status,
  });
  const remove = (path: string): Step => ({ method: "DELETE", path, status: 204 });
  const fields = {
    project: { key: "SHOP" },
    issuetype: { name: "Task" },
    summary: "Contract",
    description: words,
    labels: ["contract"],
    priority: { name: "High" },
    components: [{ name: "Search" }],
    assignee: person,
  };
  const shared: Step[] = [
    get(rest("/serverInfo")),
    get(rest("/myself")),
    ...["/field", "/status", "/priority", "/resolution", "/issuetype", "/project"].map((path) =>
      get(rest(path)),
    ),
    get(rest("/issueLinkType")),
    get(rest("/project/SHOP")),
    ...["statuses", "versions", "version", "components"].map((part) =>
      get(rest(`/project/SHOP/${part}`)),
    ),
    make(rest("/version"), { name: "9.0", projectId: 10000, releaseDate: "2030-01-01" }, "version"),
    get(rest("/version/$version")),
    put(rest("/version/$version"), { released: true }, 200),
    get(rest("/issue/createmeta/SHOP/issuetypes")),
    get(rest("/issue/createmeta/SHOP/issuetypes/10004")),
    make(rest("/issue"), { fields }, "issue"),
    make(rest("/issue/bulk"), {
      issueUpdates: [
        { fields: { ...fields, summary: "Second" } },
        { fields: { ...fields, summary: 7 } },
      ],
    }),
    get(rest("/issue/$issue?expand=renderedFields,names,schema,transitions,editmeta,changelog")),
    get(rest("/issue/SHOP-6")),
    get(rest("/issue/SHOP-9?fields=*navigable&expand=changelog")),
    put(rest("/issue/$issue"), {
      fields: { summary: "Changed" },
      update: {
        labels: [{ add: "more" }],
        timetracking: [{ edit: { originalEstimate: "1w 1d", remainingEstimate: "4d" } }],
      },
    }),
    put(rest("/issue/$issue/assignee"), cloud ? { accountId: null } : { name: null }),
    put(rest("/issue/$issue/assignee"), automatic),
    make(rest("/issue"), { fields: { ...fields, assignee: automatic } }),
    get(rest("/issue/$issue/editmeta")),
    get(rest("/issue/$issue/transitions?expand=transitions.fields")),
    make(rest("/issue/$issue/transitions"), { transition: { id: "21" } }, undefined, 204),
    make(
      rest("/issue/$issue/comment"),
      { body: words, visibility: { type: "role", value: "Developers" } },
      "comment",
    ),
    get(rest("/issue/$issue/comment?orderBy=-created&expand=renderedBody")),
    get(rest("/issue/$issue/comment/$comment")),
    put(rest("/issue/$issue/comment/$comment"), { body: words }, 200),
    remove(rest("/issue/$issue/comment/$comment")),
    make(
      rest("/issue/$issue/worklog?adjustEstimate=leave"),
      { timeSpent: "1h 30m", comment: words, started: "2026-01-05T09:00:00.000+0100" },
      "worklog",
    ),
    get(rest("/issue/$issue/worklog")),
    get(rest("/issue/$issue/worklog/$worklog")),
    put(rest("/issue/$issue/worklog/$worklog"), { timeSpentSeconds: 60 }, 200),
    remove(rest("/issue/$issue/worklog/$worklog")),
    {
      method: "POST",
      path: rest("/issue/$issue/attachments"),
      file: new File(["contract"], "contract.png"),
      keep: "attachment",
      idOf: (body) => (Array.isArray(body) ? idOf(body[0]) : ""),
    },
    get(rest("/attachment/meta")),
    get(rest("/attachment/$attachment")),
    get(rest("/issue/$issue?fields=attachment")),
    make(rest("/issueLink"), {
      type: { name: "Blocks" },
      inwardIssue: { key: "SHOP-1" },
      outwardIssue: { key: "SHOP-2" },
    }),
    get(rest("/issueLink/$link")),
    put(rest("/issue/$issue/properties/contract"), { a: 1 }, 201),
    put(rest("/issue/$issue/properties/contract"), { a: 2 }, 200),
    get(rest("/issue/$issue/properties")),
    get(rest("/issue/$issue/properties/contract")),
    get(rest("/issue/$issue?properties=contract&fields=summary")),
    remove(rest("/issue/$issue/properties/contract")),
    get(rest("/issue/$issue/watchers")),
    make(rest("/issue/$issue/watchers"), cloud ? person.accountId : person.name, undefined, 204),
    remove(
      rest(`/issue/$issue/watchers?${cloud ? `accountId=${person.accountId}` : "username=ben"}`),
    ),
    make(
      rest("/issue/$issue/remotelink"),
      { globalId: "contract", object: { title: "T", url: "https://example.com" } },
      "remote",
      cloud ? 201 : 200,
    ),
    get(rest("/issue/$issue/remotelink")),
    get(rest("/issue/$issue/remotelink/$remote")),
    remove(rest("/issue/$issue/remotelink/$remote")),
    get(rest(cloud ? "/user?accountId=5b10a2844c20165700ede201" : "/user?username=ben")),
    get(rest(cloud ? "/user/search?query=chloe" : "/user/search?username=chloe")),
    get(rest(`/user/assignable/search?project=SHOP&${cloud ? "query" : "username"}=a`)),
    ...agileSteps,
    make("/rest/agile/1.0/sprint", { name: "Contract sprint", originBoardId: 1 }, "sprint"),
    make("/rest/agile/1.0/sprint/$sprint", { goal: "Agree" }, undefined, 200),
    put("/rest/agile/1.0/sprint/$sprint", { id: 1, name: "Renamed", state: "future" }, 200),
    make("/rest/agile/1.0/sprint/$sprint/issue", { issues: ["SHOP-10"] }, undefined, 204),
    make("/rest/agile/1.0/backlog/issue", { issues: ["SHOP-10"] }, undefined, 204),
    put("/rest/agile/1.0/issue/rank", { issues: ["SHOP-10"], rankBeforeIssue: "SHOP-4" }),
    remove("/rest/agile/1.0/sprint/$sprint"),
    get(rest("/issue/NONE-1")),
    remove(rest("/issueLink/$link")),
  ];
  const own = cloud ? cloudSteps : dataCenterSteps;
  return [...shared, ...own, remove(rest("/issue/$issue"))];
}

const agileSteps: Step[] = [
  "/board?type=scrum",
  "/board/1",
  "/board/1/project?startAt=0&maxResults=10",
  "/board/1/sprint?state=active,closed",
  "/board/1/issue?jql=priority%20%3D%20High",
  "/board/1/backlog",
  "/board/1/sprint/3/issue",
  "/sprint/3",
  "/sprint/3/issue?fields=summary,status",
  "/epic/SHOP-1/issue",
].map((path) => get(`/rest/agile/1.0${path}`));

const cloudSteps: Step[] = [
  get("/rest/api/3/project/search?query=s&expand=lead,description,issueTypes"),
  get("/rest/api/3/field/search?type=custom"),
  get("/rest/api/3/field/customfield_10041/context"),
  get("/rest/api/3/field/customfield_10041/context/10241/option"),
  get("/rest/api/3/issue/$issue/changelog"),
  {
    method: "PUT",
    path: "/rest/api/3/issue/SHOP-18?returnIssue=true",
    body: { update: { parent: [{ set: { none: true } }] } },
    status: 200,
  },
  get("/rest/api/3/search/jql?jql=project%20%3D%20SHOP&fields=*all&expand=names,schema"),
  { method: "GET", path: "/rest/api/3/search?jql=key%20%3D%20SHOP-1", status: 410 },
  ...(
    [
      ["/search/jql", { jql: "project = SHOP", maxResults: 5 }],
      ["/search/approximate-count", { jql: "project = SHOP" }],
      ["/search", { jql: "project = SHOP" }, 410],
      [
        "/jql/parse?validation=strict",
        {
          queries: [
            "status was Done AND NOT labels in (a, b) OR created > startOfDay() ORDER BY key DESC",
            "x = y",
            "=",
          ],
        },
      ],
      ["/issue/bulkfetch", { issueIdsOrKeys: ["SHOP-1", "NONE-1"], fields: ["summary"] }],
      ["/changelog/bulkfetch", { issueIdsOrKeys: ["SHOP-4", "SHOP-5"] }],
    ] as const
  ).map(
    ([path, body, status = 200]): Step => ({
      method: "POST",
      path: `/rest/api/3${path}`,
      body,
      status,
    }),
  ),
  ...[
    "board/1/issue",
    "board/1/backlog",
    "board/1/issue/approximate-count",
    "board/1/backlog/approximate-count",
  ].map((path) => get(`/rest/software/1.0/${path}`)),
  ...["sprint/3/issue", "board/1/sprint/3/issue", "epic/SHOP-1/issue"].map((path) =>
    get(`/rest/software/1.0/${path}?maxResults=2`),
  ),
];

const dataCenterSteps: Step[] = [
  get("/rest/api/2/search?jql=project%20%3D%20SHOP&fields=*all&expand=names,schema"),
  {
    method: "POST",
    path: "/rest/api/2/search",
    body: { jql: "project = SHOP", fields: ["summary"] },
    status: 200,
  },
];

function operationFor(deployment: SandboxDeployment, method: string, path: string) {
  const names =
    deployment === "datacenter"
      ? (["jira-dc-10.3.24"] as const)
      : (["jira-cloud-platform-v3", "jira-cloud-software"] as const);
  for (const name of names) {
    const found = loadOpenApi(name)?.find(method, path);
    if (found !== undefined) return found;
  }
  return undefined;
}

function routesOf(deployment: SandboxDeployment) {
  const world = createJiraWorld({
    deployment,
    users: people,
    now: () => new Date(),
    indexLagMs: 0,
  });
  // Version 2 of Cloud is described by the same operations as version 3.
  return jiraRoutes(world).filter(
    ({ pattern }) => deployment === "datacenter" || !pattern.startsWith("/rest/api/2/"),
  );
}

const described = loadOpenApi("jira-cloud-platform-v3") !== undefined;

describe.skipIf(!described).each(["cloud", "datacenter"] as const)(
  "pretend Jira against the published description (%s)",
  (deployment) => {
    let sandbox: Sandbox;
    const driven = new Set<string>();

    beforeAll(async () => {
      sandbox = await startSandbox();
    });
    afterAll(() => sandbox.close());

    it("answers every operation as described", async () => {
      const problems: string[] = [];
      const kept: Record<string, string> = { link: "" };
      for (const step of stepsFor(deployment)) {
        kept["link"] ||= await anyLink(sandbox, deployment);
        const path = step.path.replace(/\$(\w+)/g, (_all, name: string) => kept[name] ?? "");
        const { status, body } = await send(sandbox, deployment, step, path);
        const [plain = "", query = ""] = path.split("?");
        const operation = operationFor(deployment, step.method, plain);
        if (operation === undefined) {
          problems.push(`${step.method} ${plain} is not described`);
          continue;
        }
        driven.add(operation.name);
        if (step.keep !== undefined) kept[step.keep] = step.idOf?.(body) ?? "";
        const expected = step.status ?? (plain.endsWith("NONE-1") ? 404 : 200);
        if (status !== expected)
          problems.push(`${operation.name}: ${status} ${JSON.stringify(body)}`);
        problems.push(...check(deployment, operation, { status, body }, step.body, query));
      }
      expect(problems).toEqual([]);
    });

    it("leaves no route undriven", () => {
      const undriven = routesOf(deployment)
        .map(({ method, pattern }) => `${method} ${pattern}`)
        .filter((name) => !driven.has(name));
      expect(undriven).toEqual([]);
    });

    it.runIf(deployment === "cloud")("asks for the scopes of the description", () => {
      for (const route of routesOf(deployment)) {
        const wanted = operationFor(deployment, route.method, route.pattern)?.scopes ?? [];
        const sorted = (sets: readonly (readonly string[])[]) =>
          sets.map((set) => [...set].sort().join(" ")).sort();
        expect({ [route.pattern]: sorted(route.scopes ?? []) }).toEqual({
          [route.pattern]: sorted(wanted),
        });
      }
    });
  },
);

function check(
  deployment: SandboxDeployment,
  operation: OpenApiOperation,
  answer: { readonly status: number; readonly body: unknown },
  sent: unknown,
  query: string,
): string[] {
  const { each, ignore = [] } = fixFor(deployment, operation.name);
  const fix = { ignore, each: answer.status < 300 ? each : undefined };
  const request = operation
    .checkRequest({ query: new URLSearchParams(query), body: sent })
    .filter((problem) => !ignore.some((rule) => rule.test(problem)));
  return [...request, ...operation.checkResponse(answer.status, answer.body, fix)].map(
    (problem) => `${operation.name}: ${problem}`,
  );
}

async function send(
  sandbox: Sandbox,
  deployment: SandboxDeployment,
  step: Pick<Step, "method" | "body" | "file">,
  path: string,
): Promise<{ status: number; body: unknown }> {
  const [ada] = sandbox.users;
  const cloud = deployment === "cloud";
  const authorization = cloud
    ? `Basic ${Buffer.from(`${ada.email}:${ada.apiToken}`).toString("base64")}`
    : `Bearer ${ada.personalToken}`;
  const base = cloud ? sandbox.urls.cloud : sandbox.urls.jiraDataCenter;
  const form = new FormData();
  if (step.file !== undefined) form.append("file", step.file);
  const framing =
    step.file === undefined
      ? { "content-type": "application/json" }
      : { "x-atlassian-token": "no-check" };
  const response = await fetch(base + path, {
    method: step.method,
    headers: { authorization, ...framing },
    ...(step.file === undefined ? {} : { body: form }),
    ...(step.body === undefined ? {} : { body: JSON.stringify(step.body) }),
  });
  const content = await response.text();
  return { status: response.status, body: content === "" ? undefined : JSON.parse(content) };
}

async function anyLink(sandbox: Sandbox, deployment: SandboxDeployment): Promise<string> {
  const { body } = await send(
    sandbox,
    deployment,
    { method: "GET" },
    "/rest/api/2/issue/SHOP-9?fields=issuelinks",
  );
  return /"issuelinks":\[\{"id":"(\d+)"/.exec(JSON.stringify(body))?.[1] ?? "";
}
