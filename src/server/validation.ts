import type { Product } from "../atlassian/site.ts";
import { isOurs } from "../errors.ts";
import { apiPath } from "../http/path.ts";
import type { ApiClient } from "../http/types.ts";

export interface ValidationOptions {
  /** Milliseconds for which good credentials are not checked again; 0 or less: they are checked each time. */
  readonly ttlMs: number;
  /** Identities remembered; the longest unused one goes first. */
  readonly maxEntries: number;
  /** Milliseconds since the epoch. */
  readonly now?: (() => number) | undefined;
}

/**
 * Checks callers' credentials before their first call, so that a wrong one is told apart from whatever the call itself
 * may fail of. Only success is remembered, under a hash of target and credential; simultaneous calls share one check.
 */
export class CallerValidation {
  readonly #options: ValidationOptions;
  readonly #now: () => number;
  readonly #good = new Map<string, Checked>();
  readonly #running = new Map<string, Promise<void>>();

  constructor(options: ValidationOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /**
   * @param api not bound to one call's signal: other calls wait for the same check.
   * @throws AtlassianMcpError `auth` when the site does not accept the credentials; `network`, `timeout`, `config`.
   */
  check(identity: string, product: Product, api: ApiClient): Promise<void> {
    const until = this.#good.get(identity)?.until;
    if (until !== undefined && until > this.#now()) return Promise.resolve();
    const running = this.#running.get(identity);
    if (running !== undefined) return running;
    const check = askWho(product, api)
      .then((accepted) => {
        if (accepted !== undefined) this.#remember(identity, accepted.account);
      })
      .finally(() => this.#running.delete(identity));
    this.#running.set(identity, check);
    return check;
  }

  /** The id of an identity's account, as the site told it at the last check. */
  accountOf(identity: string): string | undefined {
    return this.#good.get(identity)?.account;
  }

  #remember(identity: string, account: string | undefined): void {
    const { ttlMs, maxEntries } = this.#options;
    if (ttlMs <= 0 || maxEntries <= 0) return;
    this.#good.delete(identity);
    this.#good.set(identity, { until: this.#now() + ttlMs, account });
    const oldest = this.#good.keys().next().value;
    if (this.#good.size > maxEntries && oldest !== undefined) this.#good.delete(oldest);
  }
}

interface Checked {
  /** Milliseconds since the epoch. */
  readonly until: number;
  readonly account: string | undefined;
}

/**
 * That the site took the credentials; `undefined` when it could not be asked. A token that lacks just this scope is a
 * good one, and so is whatever else the call itself has to find out.
 */
async function askWho(
  product: Product,
  api: ApiClient,
): Promise<Pick<Checked, "account"> | undefined> {
  const path = product === "jira" ? apiPath`/rest/api/2/myself` : apiPath`/rest/api/user/current`;
  try {
    return { account: accountIn(await api.json({ path })) };
  } catch (error) {
    // These would end the call as well, and later.
    if (isOurs(error, "auth", "network", "timeout", "config")) throw error;
    const isGood = isOurs(error, "scope", "forbidden", "not_found", "invalid", "conflict", "shape");
    return isGood ? { account: undefined } : undefined;
  }
}

/** Cloud's account id, else the key that Data Center gives a user; never a name. */
function accountIn(user: unknown): string | undefined {
  if (typeof user !== "object" || user === null) return undefined;
  const { accountId, userKey, key } = user as Readonly<Record<string, unknown>>;
  return [accountId, userKey, key].find((id): id is string => typeof id === "string");
}
