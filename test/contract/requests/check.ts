import { fixFor } from "../../fakes/jira-document-defects.ts";
import { loadOpenApi, type OpenApiName, type OpenApiOperation } from "../../fakes/openapi.ts";
import type { Place, Product, SentRequest } from "./connect.ts";

const cloudDocuments = {
  jira: ["jira-cloud-platform-v3", "jira-cloud-software", "jira-cloud-service-management"],
  confluence: ["confluence-cloud-v2", "confluence-cloud-v1"],
} as const satisfies Record<Product, readonly OpenApiName[]>;

/** Each inner list describes the whole product: a request must be right by every one of them. */
const descriptions: Readonly<Record<Place, Record<Product, readonly (readonly OpenApiName[])[]>>> =
  {
    cloud: { jira: [cloudDocuments.jira], confluence: [cloudDocuments.confluence] },
    gateway: { jira: [cloudDocuments.jira], confluence: [cloudDocuments.confluence] },
    datacenter: {
      // The service desk of Data Center has no description; its resources are those of Cloud.
      jira: [
        ["jira-dc-10.3.24", "jira-cloud-service-management"],
        ["jira-dc-11.3.8", "jira-cloud-service-management"],
      ],
      confluence: [["confluence-dc-10.2.14"]],
    },
  };

/** True where every published description lies beside the repository. */
export function areDescribed(): boolean {
  const names = Object.values(descriptions).flatMap((each) => Object.values(each).flat(2));
  return names.every((name) => loadOpenApi(name) !== undefined);
}

export interface Exception {
  readonly reason: string;
  /** As the description names it, e.g. `GET /rest/api/3/issue/{issueIdOrKey}`; what it lacks is named likewise. */
  readonly operation: string;
  /** Problems that are none. */
  readonly ignore: RegExp;
}

/** What tells one operation from another. The path may be a template. */
type Target = Pick<SentRequest, "product" | "method" | "path">;

/** The operation by the first description that has it. */
export function operationOf(place: Place, request: Target): OpenApiOperation | undefined {
  return operationsOf(place, request)[0];
}

function operationsOf(place: Place, request: Target): (OpenApiOperation | undefined)[] {
  const { product, method, path } = request;
  return descriptions[place][product].map((names) => {
    for (const name of names) {
      const found = loadOpenApi(name)?.find(method, path);
      if (found !== undefined) return found;
    }
    return undefined;
  });
}

/** What the descriptions have against requests; keeps in mind which exceptions were of use. */
export function createChecker(exceptions: readonly Exception[]) {
  const used = new Set<Exception>();

  function isException(operation: string, problem: string): boolean {
    const found = exceptions.find(
      (each) => fits(each.operation, operation) && each.ignore.test(problem),
    );
    if (found !== undefined) used.add(found);
    return found !== undefined;
  }

  return {
    /** Problems as `METHOD /template: problem`. */
    check(place: Place, request: SentRequest): string[] {
      const problems = operationsOf(place, request).flatMap((operation) => {
        const name = operation?.name ?? `${request.method} ${request.path}`;
        const found = operation ? problemsOf(place, request, operation) : ["is not described"];
        return found
          .filter((problem) => !isException(name, problem))
          .map((problem) => `${name}: ${problem}`);
      });
      return [...new Set(problems)];
    },
    unused: (): readonly Exception[] => exceptions.filter((each) => !used.has(each)),
  };
}

/** True for the same template, or a path without one that the template covers. */
function fits(template: string, name: string): boolean {
  const pattern = template.replaceAll(".", "\\.").replace(/\{[^}]*\}/g, "[^/]+");
  return new RegExp(`^${pattern}$`).test(name);
}

function problemsOf(place: Place, request: SentRequest, operation: OpenApiOperation): string[] {
  const { product, query, body, headers } = request;
  const [type = ""] = (headers["content-type"] ?? "").split(";");
  const isJson = type === "application/json" && body !== "";
  const problems = operation.checkRequest({ query, body: isJson ? JSON.parse(body) : undefined });
  if (operation.deprecated) problems.push("is deprecated");
  if (body !== "" && !operation.bodyTypes.includes(type)) problems.push(`body is ${type}`);
  // Prose of every description: without it an upload is refused as a forgery.
  if (type === "multipart/form-data" && headers["x-atlassian-token"] !== "no-check") {
    problems.push("header x-atlassian-token is not no-check");
  }
  const deployment = place === "datacenter" ? place : "cloud";
  const known = product === "jira" ? fixFor(deployment, operation.name).ignore : undefined;
  return problems.filter((problem) => known?.some((rule) => rule.test(problem)) !== true);
}
