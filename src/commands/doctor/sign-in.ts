import type { Product } from "../../atlassian/site.ts";
import type { Connection, Method } from "../../auth/connection.ts";
import {
  type AuthRules,
  completeMethods,
  type ProductAccess,
  resolveConnection,
} from "../../auth/resolve.ts";
import { productWords } from "../../config/setting.ts";
import { loginCommand } from "../../server/outbound.ts";
import type { Diagnosis } from "./diagnosis.ts";
import { methodTitles, settingsOf } from "./names.ts";
import { type Finding, failed, ok, warning } from "./report.ts";

/** How a product is reached, as far as settings tell. */
export interface Chosen {
  /** As nobody where there is no usable credential. */
  readonly connection: Connection | undefined;
  /** True when `connection` carries the operator's identity. */
  readonly isOperator: boolean;
  /** Why there is no credential; for operators' connections `signInFinding` speaks. */
  readonly finding?: Finding | undefined;
}

/** The connection that serving would use for the operator, or nobody's with the reason. */
export function chooseConnection(
  product: Product,
  { settings, runtime }: Pick<Diagnosis, "settings" | "runtime">,
): Chosen {
  const { access, authRules } = runtime;
  const own = access[product];
  const resolution = resolveConnection(product, access, { kind: "operator" }, authRules);
  if (resolution.kind === "connection") {
    return { connection: resolution.connection, isOperator: true };
  }
  const connection = own && asNobody(own, authRules);
  const isLeftToCallers =
    settings.http.transport !== "stdio" &&
    own !== undefined &&
    completeMethods(own, authRules).length === 0;
  const finding = isLeftToCallers
    ? ok("sign_in", "callers bring their own credentials; none of the operator's are set", {
        facts: { method: undefined },
      })
    : failed("sign_in", resolution.error);
  return { connection, isOperator: false, finding };
}

/** A connection to the configured site that says nothing about who asks. */
function asNobody(own: ProductAccess, rules: AuthRules): Connection | undefined {
  const { product, url, deployment } = own;
  const caller = { kind: "http", products: {}, urls: {}, passthrough: {} } as const;
  const bare = { [product]: { product, url, deployment } };
  const openly = { ...rules, external: true, ignoreHeaders: false };
  const resolution = resolveConnection(product, bare, caller, openly);
  return resolution.kind === "connection" ? resolution.connection : undefined;
}

/**
 * The method in use, whose settings it takes, and which others are complete and not used.
 *
 * @param method the one that settling ended at.
 */
export function signInFinding(
  connection: Connection,
  method: Method,
  { runtime, origins }: Pick<Diagnosis, "runtime" | "origins">,
): Finding {
  const { product } = connection;
  const own = runtime.access[product];
  const all = own === undefined ? [] : completeMethods(own, runtime.authRules);
  const others = all.filter((each) => each !== method);
  const names = settingsOf(product, method, origins);
  const from = [...new Set(names.flatMap((name) => origins.get(name) ?? []))].join(", ");
  const given = names.length === 0 ? "" : ` (${names.join(", ")}${from ? ` from ${from}` : ""})`;
  const { env } = productWords[product];
  const reason = own?.auth === undefined ? "the first complete one is used" : `${env}_AUTH decides`;
  const ignored = others.map((each) => methodTitles[each]).join(", ");
  const rest = others.length === 0 ? "" : `; not used: ${ignored} (${reason})`;
  const facts = { method, settings: names, ignored: others };
  const text = `by ${methodTitles[method]}${given}${rest}`;
  if (connection.method === "oauth" && method !== "oauth") {
    return warning(
      "sign_in",
      `${text}; nobody has signed in by OAuth yet`,
      `Run ${loginCommand}, or set ${env}_AUTH=${method} to stay with this method.`,
      { facts },
    );
  }
  return ok("sign_in", text, { facts });
}
