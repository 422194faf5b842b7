import { isOurs } from "../errors.ts";
import type { ApiClient } from "../http/types.ts";

/** A client whose scope errors name the scope that is missing: Atlassian does not say. */
export function withScopeAdvice(
  api: ApiClient,
  source: "operator" | "caller",
  granted: () => Promise<readonly string[] | undefined>,
): ApiClient {
  return {
    async json(request) {
      try {
        return await api.json(request);
      } catch (error) {
        if (!isOurs(error, "scope")) throw error;
        // The table of scopes is large and seldom needed.
        const { explainScopeError, missingScopeWords } = await import("./scopes.ts");
        const known = await granted().catch(() => undefined);
        if (source === "operator") throw explainScopeError(error, known);
        throw error.with({
          next: [missingScopeWords(error, known), error.details.next].filter(Boolean).join(" "),
        });
      }
    },
  };
}
