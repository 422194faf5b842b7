import type { Credentials } from "../../http/types.ts";
import type { TokenManager } from "./types.ts";

const scheme = "Bearer ";

/** Credentials whose token a manager keeps alive. May serve any number of requests at a time. */
export function managedCredentials(manager: TokenManager): Credentials {
  let last: Readonly<Record<string, string>> | undefined;
  return {
    async headers() {
      const authorization = `${scheme}${await manager.accessToken()}`;
      // The same object for the same token: the client remembers things by it.
      if (last?.["authorization"] !== authorization) last = { authorization };
      return last;
    },
    async renew(signal, sent = last) {
      const refused = sent?.["authorization"];
      if (refused === undefined) return false;
      return manager.renew(refused.slice(scheme.length), signal);
    },
  };
}
