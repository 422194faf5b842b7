import { type Adapter, errors } from "oidc-provider";
import { isOurs } from "../errors.ts";
import type { ErrorPageData } from "./pages/types.ts";

/** For whoever waits at a page while the store cannot be asked. */
export const storeAwayPage: ErrorPageData = {
  title: "This server has to catch its breath",
  message: "It cannot reach the place where it keeps sign-ins. Nothing of yours is lost.",
  next: "Wait a few seconds and load this page again.",
};

export const usualRetryAfterMs = 2000;

/** The store's failure in the words of the protocol library, which takes everything else for a defect of ours. */
export class StoreAway extends errors.OIDCProviderError {
  // The client would take it for the end of the sign-in, and the browser can simply repeat its request.
  override allow_redirect = false;
  override expose = true;
  override error_description = "The store of this server is away; try again in a few seconds";
  readonly retryAfterMs: number;

  constructor(retryAfterMs = usualRetryAfterMs) {
    super(503, "temporarily_unavailable");
    this.name = "StoreAway";
    this.retryAfterMs = retryAfterMs;
  }
}

/** What passes by itself, as it fails inside the library or outside of it; `undefined` for all other errors. */
export function storeAway(error: unknown): StoreAway | undefined {
  if (error instanceof StoreAway) return error;
  return isOurs(error, "upstream") ? new StoreAway(error.details.retryAfterMs) : undefined;
}

/** Storage that fails in the library's words. */
export function tellingLibrary(adapter: Adapter): Adapter {
  const telling = Object.entries(adapter).map(([name, method]) => {
    const told = async (...args: unknown[]): Promise<unknown> => {
      try {
        return await (method as (...all: unknown[]) => Promise<unknown>)(...args);
      } catch (error) {
        throw storeAway(error) ?? error;
      }
    };
    return [name, told];
  });
  return Object.fromEntries(telling) as Adapter;
}
