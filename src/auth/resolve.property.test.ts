import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Product } from "../atlassian/site.ts";
import { type CallerCredential, type HttpCaller, hasCredential } from "./caller.ts";
import type { Connection, Method } from "./connection.ts";
import { app, callersId, configuredId, rules } from "./resolve.fixtures.ts";
import { type Access, type AuthRules, type ProductAccess, resolveConnection } from "./resolve.ts";

const products = ["jira", "confluence"] as const;
const operatorsSecrets = ["operators-token", "operators-pat", "operators-secret"];

/** Few addresses, so that the products and the callers often meet at one. */
const address = fc.constantFrom(
  "https://a.atlassian.net",
  "https://a.atlassian.net/wiki",
  "https://b.atlassian.net",
  "https://dc.example.com/jira",
  "https://dc.example.com/wiki",
  "https://dc.example.com",
  "https://dc.example.com:8443",
  "https://wiki.example.com",
);
const url = address.map((text) => new URL(text));
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const method = fc.constantFrom<Method>(
  "token",
  "oauth",
  "pat",
  "basic",
  "certificate",
  "service-account",
  "external",
);

function productAccess(product: Product): fc.Arbitrary<ProductAccess> {
  return fc.record({
    product: fc.constant(product),
    url: fc.oneof({ weight: 9, arbitrary: url }, fc.constant(undefined)),
    deployment: fc.constantFrom("cloud", "datacenter", "unsure"),
    auth: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, method),
    username: maybe(fc.constant("ada")),
    apiToken: maybe(fc.constant("operators-secret")),
    personalToken: maybe(fc.constant("operators-pat")),
    accessToken: maybe(fc.constant("operators-token")),
    oauth: maybe(fc.constant(app)),
    hasCertificate: fc.boolean(),
  });
}

const access: fc.Arbitrary<Access> = fc
  .record({
    jira: fc.option(productAccess("jira"), { nil: undefined }),
    confluence: fc.option(productAccess("confluence"), { nil: undefined }),
  })
  .map(({ jira, confluence }) => ({ ...(jira && { jira }), ...(confluence && { confluence }) }));

const authRules: fc.Arbitrary<AuthRules> = fc
  .record({
    fallback: fc.boolean(),
    ignoreHeaders: fc.boolean(),
    external: fc.boolean(),
    oauth: fc.boolean(),
    cloudId: maybe(fc.constant(configuredId)),
  })
  .map(rules);

/** Secrets tell where they came from. */
function credential(origin: string): fc.Arbitrary<CallerCredential> {
  return fc.oneof(
    fc.constant({ scheme: "basic", user: "bob", secret: `callers-${origin}` } as const),
    fc
      .constantFrom("bearer", "token")
      .map((scheme) => ({ scheme, token: `callers-${origin}` }) as const),
  );
}

/** Without `Authorization`: what is passed on of that is meant to reach the products. */
const passed = fc.dictionary(fc.constantFrom("cookie", "x-trace"), fc.constant("passed-value"));

function both<T>(arbitrary: (product: Product) => fc.Arbitrary<T>) {
  return fc
    .record({ jira: maybe(arbitrary("jira")), confluence: maybe(arbitrary("confluence")) })
    .map(({ jira, confluence }) => ({
      ...(jira !== undefined && { jira }),
      ...(confluence !== undefined && { confluence }),
    }));
}

const caller: fc.Arbitrary<HttpCaller> = fc.record({
  kind: fc.constant("http" as const),
  shared: maybe(credential("shared")),
  products: fc.oneof(fc.constant({}), both(credential)),
  urls: fc.oneof(
    fc.constant({}),
    both(() => url),
  ),
  cloudId: maybe(fc.constant(callersId)),
  passthrough: fc.oneof(
    fc.constant({}),
    both(() => passed),
  ),
});

type Situation = readonly [Access, HttpCaller, AuthRules];

function connectionsOf([of, who, by]: Situation): Connection[] {
  return products.flatMap((product) => {
    const resolution = resolveConnection(product, of, who, by);
    return resolution.kind === "connection" ? [resolution.connection] : [];
  });
}

/** Runs a check over connections, and makes sure that it met some. */
function forConnections(
  check: (connection: Connection, situation: Situation) => boolean | undefined,
) {
  let met = 0;
  fc.assert(
    fc.property(access, caller, authRules, (...situation) => {
      for (const connection of connectionsOf(situation)) {
        if (check(connection, situation) === true) met += 1;
      }
    }),
    { numRuns: 1500 },
  );
  expect(met).toBeGreaterThan(20);
}

function textOf({ credential, passthrough, cloudId, url: at }: Connection): string {
  return JSON.stringify([credential, passthrough, cloudId, at]);
}

describe("whatever is configured and sent", () => {
  it("a request that carries a credential is never served as the operator", () => {
    forConnections(({ source }, [, who, by]) => {
      if (by.ignoreHeaders || !hasCredential(who)) return false;
      expect(source).not.toBe("operator");
      return true;
    });
  });

  it("the operator's credentials go out as the operator's alone, and only by the fallback rule", () => {
    forConnections((connection, [, , by]) => {
      const text = textOf(connection);
      const isOperators =
        operatorsSecrets.some((secret) => text.includes(secret)) || text.includes("client-secret");
      if (isOperators) expect([connection.source, by.fallback]).toEqual(["operator", true]);
      if (connection.otherwise !== undefined) {
        expect([connection.source, connection.otherwise.source]).toEqual(["operator", "operator"]);
      }
      return isOperators;
    });
  });

  it("a shared credential reaches one origin, or the gateway as a bearer token", () => {
    let served = 0;
    fc.assert(
      fc.property(access, caller, authRules, (...situation) => {
        const reached = connectionsOf(situation).filter((each) =>
          textOf(each).includes("callers-shared"),
        );
        const origins = reached.flatMap(({ deployment, method: by, url: at }) =>
          by === "token" && deployment === "cloud" ? [] : [at?.origin],
        );
        expect(new Set(origins).size).toBeLessThanOrEqual(1);
        if (reached.length === 2) served += 1;
      }),
      { numRuns: 1500 },
    );
    expect(served).toBeGreaterThan(5);
  });

  it("an address that a caller chose gets what was sent for that product and nothing else", () => {
    forConnections((connection, [of, who, by]) => {
      const { product, isGuarded, source, passthrough } = connection;
      if (!isGuarded) {
        expect(connection.url?.href).toBe(of[product]?.url?.href);
        return false;
      }
      expect(connection.url?.href).toBe(who.urls[product]?.href);
      const text = textOf(connection);
      for (const foreign of [...operatorsSecrets, "client-secret", "callers-shared"]) {
        expect(text).not.toContain(foreign);
      }
      expect(text).not.toContain(configuredId);
      if (source === "passthrough") {
        const isMixed = hasCredential(who) && !by.ignoreHeaders;
        expect([by.external, of[product], isMixed]).toEqual([true, undefined, false]);
      } else {
        expect([source, passthrough]).toEqual(["caller", {}]);
        expect(text).toContain(`callers-${product}`);
      }
      return true;
    });
  });

  it("a product never gets the credential that was sent for the other one", () => {
    forConnections((connection) => {
      const other = connection.product === "jira" ? "callers-confluence" : "callers-jira";
      expect(textOf(connection)).not.toContain(other);
      return connection.source === "caller";
    });
  });

  it("no credential or cloud id of a caller is used where they are ignored, an address only by a gateway", () => {
    forConnections((connection, [of, who, by]) => {
      if (!by.ignoreHeaders) return false;
      const text = textOf(connection);
      expect(text).not.toMatch(/callers-/);
      expect(text).not.toContain(callersId);
      const own = of[connection.product];
      const byGateway = by.external && own === undefined;
      expect([connection.source === "caller", connection.isGuarded]).toEqual([false, byGateway]);
      expect(connection.url).toBe(byGateway ? who.urls[connection.product] : own?.url);
      return true;
    });
  });

  it("headers that say who somebody is never go beside the operator's credentials", () => {
    forConnections(({ source, passthrough }) => {
      if (source === "operator") expect(passthrough).not.toHaveProperty("cookie");
      return source === "operator";
    });
  });

  it("a personal token is never used where the site is known to be Cloud", () => {
    forConnections(({ method: by, deployment }) => {
      if (by === "pat" || by === "certificate") expect(deployment).not.toBe("cloud");
      return by === "pat";
    });
  });
});

describe("the name of an identity", () => {
  const nameOf = (of: Access, who: HttpCaller, by: AuthRules) =>
    connectionsOf([of, who, by]).map(({ fingerprint }) => fingerprint);

  it("is the same each time and for a copy of the caller, and reveals nothing", () => {
    fc.assert(
      fc.property(access, caller, authRules, (of, who, by) => {
        const names = nameOf(of, who, by);
        expect(nameOf(of, structuredCopy(who), by)).toEqual(names);
        expect(new Set(names).size).toBe(names.length);
        for (const name of names) expect(name).toMatch(/^[\w-]{43}$/);
      }),
    );
  });

  it("is never shared by two callers whose requests differ in anything", () => {
    let [same, different] = [0, 0];
    const change = fc.constantFrom<(who: HttpCaller) => HttpCaller>(
      (who) => who,
      (who) => ({ ...who, shared: altered(who.shared) }),
      (who) => ({
        ...who,
        products: {
          ...(who.products.jira && { jira: altered(who.products.jira) }),
          ...(who.products.confluence && { confluence: altered(who.products.confluence) }),
        },
      }),
      (who) => ({ ...who, cloudId: undefined }),
      (who) => ({ ...who, passthrough: {} }),
      (who) => ({ ...who, urls: {} }),
    );
    fc.assert(
      fc.property(access, caller, authRules, change, (of, who, by, alter) => {
        for (const one of connectionsOf([of, who, by])) {
          for (const other of connectionsOf([of, alter(who), by])) {
            if (one.product !== other.product) continue;
            const isSame =
              textOf(one) === textOf(other) &&
              one.method === other.method &&
              one.source === other.source &&
              one.isGuarded === other.isGuarded;
            expect(one.fingerprint === other.fingerprint).toBe(isSame);
            if (isSame) same += 1;
            else different += 1;
          }
        }
      }),
      { numRuns: 1500 },
    );
    expect(Math.min(same, different)).toBeGreaterThan(20);
  });
});

function altered(credential: CallerCredential): CallerCredential;
function altered(credential: CallerCredential | undefined): CallerCredential | undefined;
function altered(credential: CallerCredential | undefined): CallerCredential | undefined {
  if (credential === undefined) return undefined;
  return credential.scheme === "basic"
    ? { ...credential, secret: `${credential.secret}-of-eve` }
    : { ...credential, token: `${credential.token}-of-eve` };
}

function structuredCopy(who: HttpCaller): HttpCaller {
  const { jira, confluence } = who.urls;
  return {
    ...structuredClone({ ...who, urls: {} }),
    urls: {
      ...(jira && { jira: new URL(jira) }),
      ...(confluence && { confluence: new URL(confluence) }),
    },
  };
}
