import type { Deployment, Product } from "../../src/atlassian/site.ts";
import type { ConfluencePolicy } from "../../src/confluence/client.ts";
import type { ApiClient } from "../../src/http/types.ts";
import type { JiraPolicy } from "../../src/jira/client.ts";
import { parseArguments } from "../../src/tools/arguments.ts";
import type { Tool, ToolContext } from "../../src/tools/define.ts";
import { type FakeSiteOptions, fakeSite, type RecordedRequest } from "./fake-site.ts";

export interface ToolTest {
  readonly product: Product;
  readonly deployment: Deployment;
  readonly routes: FakeSiteOptions["routes"];
  /** As a caller sends them, before any parsing. */
  readonly args: unknown;
  readonly policy?: (JiraPolicy & ConfluencePolicy) | undefined;
}

/** Address for people of the pretend site that {@link testTool} uses. */
export const browseBase = "https://example.test";

/**
 * Calls a tool as the server does, argument parsing included, against a table of answers.
 *
 * @throws AtlassianMcpError whatever parsing or `run` throws.
 */
export async function testTool(
  tool: Tool,
  { product, deployment, routes, args, policy }: ToolTest,
): Promise<{ result: unknown; requests: readonly RecordedRequest[]; sent: readonly string[] }> {
  const fake = fakeSite({ routes });
  const context: ToolContext = {
    client: await createClient(product, deployment, fake.client, policy),
    signal: new AbortController().signal,
    progress: () => {},
  };
  const result = await tool.run(parseArguments(tool, args), context);
  return { result, requests: fake.requests, sent: fake.sent };
}

async function createClient(
  product: Product,
  deployment: Deployment,
  api: ApiClient,
  policy: ToolTest["policy"],
): Promise<ToolContext["client"]> {
  const options = { api, site: { product, deployment, browseBase }, policy };
  if (product === "jira") {
    const { createJiraClient } = await import("../../src/jira/client.ts");
    return createJiraClient(options);
  }
  const { createConfluenceClient } = await import("../../src/confluence/client.ts");
  return createConfluenceClient(options);
}
