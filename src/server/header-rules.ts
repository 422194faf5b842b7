import type { CallerHeaderRules } from "../auth/caller.ts";
import type { Settings } from "../config/product.ts";
import { parseAllowedHosts } from "../http/allowed-hosts.ts";
import { checkCallerUrl } from "../http/caller-url.ts";

/** What callers' headers may say. */
export function headerRulesOf({ products, callers }: Settings): CallerHeaderRules {
  const { jira, confluence } = products;
  const { allowedDomains } = callers;
  const rules = {
    allowed: allowedDomains && parseAllowedHosts(allowedDomains),
    trustedOrigins: [jira, confluence].flatMap((product) => product?.url?.origin ?? []),
  };
  return {
    passthrough: {
      ...(jira && { jira: jira.passthroughHeaders }),
      ...(confluence && { confluence: confluence.passthroughHeaders }),
    },
    checkUrl: (header, text) => checkCallerUrl(text, rules, header),
  };
}
