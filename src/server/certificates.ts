import type { Problem } from "../config/problems.ts";
import type { Settings } from "../config/product.ts";
import { AtlassianMcpError } from "../errors.ts";

/**
 * What is wrong with the operator's client certificates: a file that cannot be used would otherwise show at the first
 * call. Loads nothing where none is set.
 */
export async function certificateProblems({ products }: Settings): Promise<Problem[]> {
  const found = Object.values(products).flatMap((product) =>
    product?.certificate === undefined
      ? []
      : [{ prefix: product.product.toUpperCase(), ...product.certificate }],
  );
  if (found.length === 0) return [];
  const { checkIdentity } = await import("../http/identity.ts");
  const problems = found.map((settings) =>
    checkIdentity(settings).then(
      () => [],
      (error: unknown) => [problemOf(error)],
    ),
  );
  return (await Promise.all(problems)).flat();
}

function problemOf(error: unknown): Problem {
  if (!(error instanceof AtlassianMcpError)) throw error;
  const { setting = "", next = "" } = error.details;
  return { setting, found: "a file", problem: error.message, remedy: next };
}
