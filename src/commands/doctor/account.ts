import type { Product } from "../../atlassian/site.ts";
import { isOurs } from "../../errors.ts";
import { apiPath } from "../../http/path.ts";
import type { ApiClient } from "../../http/types.ts";
import { type Finding, failed, ok, problem, warning } from "./report.ts";

/** Resources that both deployments have. */
const path: Readonly<Record<Product, ReturnType<typeof apiPath>>> = {
  jira: apiPath`/rest/api/2/myself`,
  confluence: apiPath`/rest/api/user/current`,
};

/**
 * Whom the site takes the credentials for.
 *
 * @param takenBy who accepted them, known after the answer.
 */
export async function checkAccount(
  product: Product,
  api: ApiClient,
  takenBy: () => string,
): Promise<Finding> {
  try {
    return describe(await api.json({ path: path[product] }), takenBy());
  } catch (error) {
    if (!isOurs(error, "scope")) return failed("account", error);
    const { details, message } = error;
    return warning(
      "account",
      `the credentials are accepted by ${takenBy()}, but not allowed to ask who they belong to (${message})`,
      details.next ?? "Grant the missing scope.",
    );
  }
}

function describe(answer: unknown, takenBy: string): Finding {
  const user: Record<string, unknown> =
    typeof answer === "object" && answer !== null ? { ...answer } : {};
  const text = (...names: string[]) =>
    names.map((name) => user[name]).find((value) => typeof value === "string" && value !== "");
  const id = text("accountId", "name", "username", "userKey", "key");
  if (id === undefined || user["type"] === "anonymous") {
    return problem(
      "account",
      `${takenBy} answers, but takes these requests for nobody's`,
      "Check the credentials, and that no proxy in between removes the Authorization header.",
      { facts: { taken_by: takenBy } },
    );
  }
  const name = text("displayName", "publicName") ?? id;
  const email = text("emailAddress", "email");
  const kind = user["accountId"] === undefined ? "user" : "account id";
  const all = [`${kind} ${id}`, ...(email === undefined ? [] : [email])].join(", ");
  return ok("account", `${name} (${all}), accepted by ${takenBy}`, {
    facts: { display_name: String(name), account_id: String(id), taken_by: takenBy },
  });
}
