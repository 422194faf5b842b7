import type { Deployment } from "../../src/atlassian/site.ts";
import { AtlassianMcpError, type ErrorCode } from "../../src/errors.ts";
import {
  createContext,
  createJiraClient,
  type JiraClient,
  type JiraPolicy,
} from "../../src/jira/client.ts";
import type { JiraContext } from "../../src/jira/context.ts";
import type { FieldDefinition, FieldSchema } from "../../src/jira/models/field.ts";
import { type FakeSite, type FakeSiteOptions, fakeSite } from "./fake-site.ts";

/** Both kinds of Jira, for `describe.each`. `root` is what platform paths start with. */
export const jiraSites: readonly { deployment: Deployment; root: string }[] = [
  { deployment: "cloud", root: "/rest/api/3" },
  { deployment: "datacenter", root: "/rest/api/2" },
];

export interface FakeJira extends Pick<FakeSite, "requests"> {
  /** `METHOD {root}/path?query` of each request so far. */
  sent(): string[];
  readonly jira: JiraClient;
  readonly context: JiraContext;
}

/** A Jira client over a table of answers; `{root}` in a route stands for the platform root of the deployment. */
export function fakeJira(
  deployment: Deployment,
  routes: FakeSiteOptions["routes"],
  policy: JiraPolicy = {},
): FakeJira {
  const root = deployment === "cloud" ? "/rest/api/3" : "/rest/api/2";
  const rooted = Object.entries(routes).map(([route, answer]) => [
    route.replace("{root}", root),
    answer,
  ]);
  const fake = fakeSite({ routes: Object.fromEntries(rooted) });
  const site = { product: "jira", deployment, browseBase: "https://example.test" } as const;
  const options = { api: fake.client, site, policy };
  return {
    requests: fake.requests,
    sent: () => fake.sent.map((line) => line.replace(root, "{root}")),
    jira: createJiraClient(options),
    context: createContext(options),
  };
}

/** What the site answers when something goes wrong. */
export function siteError(code: ErrorCode, message = "The site says no."): AtlassianMcpError {
  return new AtlassianMcpError(code, message, { product: "jira" });
}

/** The JSON object that a request carries. */
export function bodyOf(request: { readonly json: unknown } | undefined): Record<string, unknown> {
  const json = request?.json;
  if (typeof json !== "object" || json === null) throw new Error("The request has no JSON object.");
  return { ...json };
}

/** Rich text of one paragraph as the deployment stores it. */
export function storedText(deployment: Deployment, text: string): unknown {
  if (deployment !== "cloud") return text;
  return {
    version: 1,
    type: "doc",
    content: [{ type: "paragraph", content: [{ type: "text", text }] }],
  };
}

/** The site's field list, with the custom fields that tests use. */
export const fieldList: readonly FieldDefinition[] = [
  { id: "summary", name: "Summary", custom: false, schema: { type: "string", system: "summary" } },
  {
    id: "description",
    name: "Description",
    custom: false,
    schema: { type: "string", system: "description" },
  },
  { id: "priority", name: "Priority", custom: false, schema: { type: "priority" } },
  { id: "labels", name: "Labels", custom: false, schema: { type: "array", items: "string" } },
  { id: "assignee", name: "Assignee", custom: false, schema: { type: "user" } },
  { id: "duedate", name: "Due date", custom: false, schema: { type: "date" } },
  {
    id: "components",
    name: "Components",
    custom: false,
    schema: { type: "array", items: "component" },
  },
  custom(10001, "Story Points", { type: "number", custom: "plugin:float" }),
  custom(10002, "Team", { type: "option", custom: "plugin:select" }),
  custom(10003, "Team", { type: "option", custom: "plugin:select" }),
  custom(10004, "Notes", { type: "string", custom: "plugin:textarea" }),
  custom(10005, "Sprint", {
    type: "array",
    items: "json",
    custom: "com.pyxis.greenhopper.jira:gh-sprint",
  }),
  custom(10006, "Epic Link", { type: "any", custom: "com.pyxis.greenhopper.jira:gh-epic-link" }),
  custom(10007, "Epic Name", {
    type: "string",
    custom: "com.pyxis.greenhopper.jira:gh-epic-label",
  }),
  custom(10008, "Region", { type: "option-with-child", custom: "plugin:cascadingselect" }),
  custom(10009, "Reviewers", { type: "array", items: "user", custom: "plugin:multiuserpicker" }),
  custom(10010, "Started at", { type: "datetime", custom: "plugin:datetime" }),
];

function custom(number: number, name: string, schema: FieldSchema): FieldDefinition {
  return { id: `customfield_${number}`, name, custom: true, schema };
}
