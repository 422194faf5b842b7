import type { CallerHeaderRules } from "../auth/caller.ts";
import type { Settings } from "../config/product.ts";
import { parseAllowedHosts } from "../http/allowed-hosts.ts";
import { checkCallerUrl } from "../http/caller-url.ts";

/** What callers' headers may say. */
export function headerRulesOf({ products, callers }: Settings): CallerHeaderRules {
  const { jira, confluence } = products;
  const { allowedDomains, passthrough } = callers;
  const rules = {
    allowed: allowedDomains && parseAllowedHosts(allowedDomains),
    trustedOrigins: [jira, confluence].flatMap((product) => product?.url?.origin ?? []),
  };
  return {
    passthrough: {
      // A product without an address may still be reached at one that a caller names.
      ...((jira || passthrough.jira.length > 0) && { jira: passthrough.jira }),
      ...((confluence || passthrough.confluence.length > 0) && {
        confluence: passthrough.confluence,
      }),
    },
    checkUrl: (header, text) => checkCallerUrl(text, rules, header),
  };
}
