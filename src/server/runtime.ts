import type { Product } from "../atlassian/site.ts";
import type { Caller } from "../auth/caller.ts";
import type { CallerRules, Connection, ProductAccess } from "../auth/resolve.ts";
import type { ConfluencePolicy } from "../confluence/client.ts";
import type { ApiClient } from "../http/types.ts";
import type { JiraPolicy } from "../jira/client.ts";
import type { Logger } from "../log.ts";

/** What the operator allows, before a request narrows it. */
export interface ToolPolicy {
  readonly readOnly: boolean;
  /** `TOOLSETS`, expanded; absent: all. */
  readonly toolsets?: ReadonlySet<string> | undefined;
  /** `ENABLED_TOOLS`; absent: all. */
  readonly names?: ReadonlySet<string> | undefined;
  /** `core` unless `TOOLSETS` or `ENABLED_TOOLS` say what to list. */
  readonly surface: "core" | "flat";
}

/** Everything that lives as long as the process. Nothing in it belongs to one caller. */
export interface Runtime {
  readonly access: Readonly<Partial<Record<Product, ProductAccess>>>;
  readonly callerRules: CallerRules;
  readonly policy: ToolPolicy;
  readonly jira: JiraPolicy;
  readonly confluence: ConfluencePolicy;
  /** The requests of one identity, below its API base. With `readOnly` everything that could change something is refused. */
  api(connection: Connection, options: { readonly readOnly: boolean }): Promise<ApiClient>;
  readonly log: Logger;
}

/** Who asks, and how they narrow what is shown. */
export interface RequestScope {
  readonly caller: Caller;
  readonly policy: ToolPolicy;
}
