import { describe, expect, it } from "vitest";
import type { Product } from "../atlassian/site.ts";
import { type Caller, type CallerCredential, type HttpCaller, nobody } from "./caller.ts";
import {
  accessTo,
  addresses,
  app,
  bobsBasic,
  bobsBearer,
  bobsToken,
  callersId,
  configuredId,
  http,
  type Known,
  rules,
  show,
  signIn,
} from "./resolve.fixtures.ts";
import { type Access, type AuthRules, type ProductAccess, resolveConnection } from "./resolve.ts";

const operator: Caller = { kind: "operator" };
const deployments = ["cloud", "datacenter", "unsure"] as const;
const bothProducts = ["jira", "confluence"] as const;
const other = (product: Product): Product => (product === "jira" ? "confluence" : "jira");

/** One product alone. */
function resolve(
  product: Product,
  deployment: Known,
  more: Partial<ProductAccess>,
  [caller, change = {}]: readonly [Caller, Partial<AuthRules>?],
): string {
  const access: Access = { [product]: accessTo(product, deployment, more) };
  return show(resolveConnection(product, access, caller, rules(change)));
}

/** What `expected` says about a deployment: `@` stands for the site, `{P}` for the product's prefix. */
function filled(expected: string, product: Product, deployment: Known): string {
  const url = addresses[deployment][product].href.replace(/\/$/, "");
  const label = product === "jira" ? "Jira" : "Confluence";
  return expected
    .replace("@", `at ${url}`)
    .replaceAll("{P}", product.toUpperCase())
    .replaceAll("{p}", label);
}

const noPat = "refused: auth {P}_PERSONAL_TOKEN";
const nothing = "refused: config {P}_API_TOKEN";
const basic = "operator basic ada:operators-secret @";
const pat = "operator pat operators-pat @";
const token = "operator token operators-token @";
const oauth = "operator oauth grant:client @";
const certificate = "operator certificate none @";
const external = "operator external none @";

type Row = readonly [
  title: string,
  access: Partial<ProductAccess>,
  cloud: string,
  datacenter: string,
  unsure: string,
];

/** Without a forced method: the first complete one of token, OAuth, PAT, basic, certificate. */
const byPreference: readonly Row[] = [
  ["nothing", {}, nothing, nothing, nothing],
  ["an access token", signIn.token, token, token, token],
  ["an OAuth client", signIn.oauth, oauth, oauth, oauth],
  ["a PAT", signIn.pat, noPat, pat, pat],
  ["user and secret", signIn.basic, basic, basic, basic],
  ["a certificate", signIn.certificate, nothing, certificate, certificate],
  ["a user alone", { username: "ada" }, nothing, nothing, nothing],
  ["a secret alone", { apiToken: "x" }, nothing, nothing, nothing],
  ["token, OAuth", { ...signIn.token, ...signIn.oauth }, token, token, token],
  ["token, PAT", { ...signIn.token, ...signIn.pat }, noPat, token, token],
  ["token, basic", { ...signIn.token, ...signIn.basic }, token, token, token],
  [
    "OAuth, PAT",
    { ...signIn.oauth, ...signIn.pat },
    noPat,
    `${oauth} else pat`,
    `${oauth} else pat`,
  ],
  [
    "OAuth, basic",
    { ...signIn.oauth, ...signIn.basic },
    `${oauth} else basic`,
    `${oauth} else basic`,
    `${oauth} else basic`,
  ],
  [
    "OAuth, certificate",
    { ...signIn.oauth, ...signIn.certificate },
    oauth,
    `${oauth} else certificate`,
    `${oauth} else certificate`,
  ],
  ["PAT, basic", { ...signIn.pat, ...signIn.basic }, noPat, pat, pat],
  ["basic, certificate", { ...signIn.basic, ...signIn.certificate }, basic, basic, basic],
];

const all = {
  ...signIn.token,
  ...signIn.oauth,
  ...signIn.pat,
  ...signIn.basic,
  ...signIn.certificate,
};
const service = "operator service-account client:client @";
const forced: readonly Row[] = [
  ["token", { ...all, auth: "token" }, token, token, token],
  ["oauth", { ...all, auth: "oauth" }, oauth, oauth, oauth],
  ["pat", { ...all, auth: "pat" }, noPat, pat, pat],
  ["basic", { ...all, auth: "basic" }, basic, basic, basic],
  ["certificate", { ...all, auth: "certificate" }, nothing, certificate, certificate],
  ["service-account", { ...all, auth: "service-account" }, service, service, service],
  ["external", { ...all, auth: "external" }, external, external, external],
  ["token without one", { ...signIn.basic, auth: "token" }, nothing, nothing, nothing],
  ["oauth without a client", { ...signIn.basic, auth: "oauth" }, nothing, nothing, nothing],
  ["pat without one", { ...signIn.basic, auth: "pat" }, nothing, nothing, nothing],
  ["basic without one", { ...signIn.pat, auth: "basic" }, nothing, nothing, nothing],
  ["certificate without one", { ...signIn.basic, auth: "certificate" }, nothing, nothing, nothing],
  ["service-account without one", { auth: "service-account" }, nothing, nothing, nothing],
];

describe.each(bothProducts)("the operator of %s", (product) => {
  it.each([...byPreference, ...forced])("signs in with %s", (_, more, ...expected) => {
    for (const [index, deployment] of deployments.entries()) {
      const wanted = filled(expected[index] ?? "", product, deployment);
      expect(resolve(product, deployment, more, [operator]), deployment).toBe(wanted);
    }
  });

  it("is who callers without credentials are with the fallback rule, and only with it", () => {
    for (const [, more, ...expected] of [...byPreference, ...forced]) {
      if (more.auth === "external") continue;
      for (const [index, deployment] of deployments.entries()) {
        const wanted = filled(expected[index] ?? "", product, deployment);
        const by = (change: Partial<AuthRules>) =>
          resolve(product, deployment, more, [nobody, change]);
        expect(by({ fallback: true })).toBe(wanted);
        expect(by({ fallback: true, ignoreHeaders: true })).toBe(wanted);
        expect(by({})).toBe("refused: auth Authorization");
        expect(by({ ignoreHeaders: true })).toBe("refused: config IGNORE_HEADER_AUTH");
      }
    }
  });

  it("acts at the configured cloud id, whatever id a caller names", () => {
    const caller = http({ cloudId: callersId });
    const change = { fallback: true, cloudId: configuredId };
    expect(resolve(product, "cloud", signIn.oauth, [caller, change])).toBe(
      filled(`${oauth} id configured`, product, "cloud"),
    );
  });

  it("is not configured where there is neither address nor cloud", () => {
    const wanted = `refused: config ${product.toUpperCase()}_URL`;
    const access = { [other(product)]: accessTo(other(product), "cloud", signIn.basic) };
    for (const caller of [operator, nobody, http({ shared: bobsBasic })]) {
      for (const change of [{}, { fallback: true }, { fallback: true, ignoreHeaders: true }]) {
        expect(show(resolveConnection(product, access, caller, rules(change)))).toBe(wanted);
      }
    }
  });

  it("needs no address for OAuth", () => {
    const more = { ...signIn.oauth, url: undefined };
    expect(resolve(product, "cloud", more, [operator])).toBe(
      "operator oauth grant:client at undefined",
    );
  });
});

const notForCloud = "refused: auth ATLASSIAN_OAUTH_ENABLE";
type CallerRow = readonly [
  title: string,
  caller: (product: Product) => HttpCaller,
  change: Partial<AuthRules>,
  cloud: string,
  datacenter: string,
  unsure: string,
];
const shared = (credential: CallerCredential) => () => http({ shared: credential });
const own = (credential: CallerCredential) => (product: Product) =>
  http({ products: { [product]: credential } });
const bobs = "caller basic bob:bobs-secret @";
const bobsAsPat = "caller pat bobs-bearer @";
const bobsAsOAuth = "caller token bobs-bearer @";
const withOAuth = { oauth: true };

const callerRows: readonly CallerRow[] = [
  ["Authorization: Basic", shared(bobsBasic), {}, bobs, bobs, bobs],
  ["Authorization: Basic with OAuth", shared(bobsBasic), withOAuth, bobs, bobs, bobs],
  ["Authorization: Bearer", shared(bobsBearer), {}, notForCloud, bobsAsPat, bobsAsPat],
  [
    "Authorization: Bearer with OAuth",
    shared(bobsBearer),
    withOAuth,
    bobsAsOAuth,
    bobsAsOAuth,
    bobsAsOAuth,
  ],
  [
    "Authorization: Token",
    shared(bobsToken),
    withOAuth,
    noPat,
    "caller pat bobs-pat @",
    "caller pat bobs-pat @",
  ],
  ["an own Basic", own(bobsBasic), {}, bobs, bobs, bobs],
  ["an own Bearer", own(bobsBearer), {}, notForCloud, bobsAsPat, bobsAsPat],
  ["an own Bearer with OAuth", own(bobsBearer), withOAuth, bobsAsOAuth, bobsAsOAuth, bobsAsOAuth],
  [
    "an own personal token",
    own(bobsToken),
    {},
    noPat,
    "caller pat bobs-pat @",
    "caller pat bobs-pat @",
  ],
  [
    "an own Basic beside a shared Bearer",
    (product) => http({ shared: bobsBearer, products: { [product]: bobsBasic } }),
    {},
    bobs,
    bobs,
    bobs,
  ],
  [
    "a credential for the other product only",
    (product) => http({ products: { [other(product)]: bobsBasic } }),
    {},
    ...threeTimes("refused: auth X-Atlassian-{p}-Authorization"),
  ],
  [
    "a credential and a cloud id",
    () => http({ shared: bobsBearer, cloudId: callersId }),
    { ...withOAuth, cloudId: configuredId },
    ...threeTimes(`${bobsAsOAuth} id caller's`),
  ],
  [
    "a credential without a cloud id",
    shared(bobsBearer),
    { ...withOAuth, cloudId: configuredId },
    ...threeTimes(`${bobsAsOAuth} id configured`),
  ],
  [
    "the operator's own address in a header",
    (product) => http({ shared: bobsBasic, urls: { [product]: addresses.cloud[product] } }),
    {},
    bobs,
    ...twice("refused: auth X-Atlassian-{p}-Url"),
  ],
];

function threeTimes(text: string): [string, string, string] {
  return [text, text, text];
}
function twice(text: string): [string, string] {
  return [text, text];
}

describe.each(bothProducts)("a caller of %s", (product) => {
  // Neither the operator's credentials nor the fallback rule change who somebody is.
  const operators = [{}, signIn.basic, signIn.oauth, { hasCertificate: true }];

  it.each(callerRows)("with %s", (_, caller, change, ...expected) => {
    for (const [index, deployment] of deployments.entries()) {
      const wanted = filled(expected[index] ?? "", product, deployment);
      for (const more of operators) {
        for (const fallback of [false, true]) {
          const input = [caller(product), { ...change, fallback }] as const;
          expect(resolve(product, deployment, more, input), deployment).toBe(wanted);
        }
      }
    }
  });

  it("is nobody where credentials are ignored", () => {
    for (const [, caller, change] of callerRows) {
      const by = (more: Partial<AuthRules>) =>
        resolve(product, "datacenter", signIn.basic, [caller(product), { ...change, ...more }]);
      const { cloudId } = change;
      const id = cloudId === undefined ? "" : " id configured";
      expect(by({ ignoreHeaders: true })).toBe("refused: config IGNORE_HEADER_AUTH");
      expect(by({ ignoreHeaders: true, fallback: true })).toBe(
        filled(`${basic}${id}`, product, "datacenter"),
      );
    }
  });

  it("cannot use a user name where nothing says which site is meant", () => {
    const more = { url: undefined };
    const name = product.toUpperCase();
    expect(resolve(product, "cloud", more, [http({ shared: bobsBasic }), withOAuth])).toBe(
      `refused: auth ${name}_URL`,
    );
    const bearer = http({ shared: bobsBearer, cloudId: callersId });
    expect(resolve(product, "cloud", more, [bearer, withOAuth])).toBe(
      "caller token bobs-bearer at undefined id caller's",
    );
  });
});

describe.each(bothProducts)("somebody who signed in here, for %s", (product) => {
  const chosenId = "cccccccc-0000-4000-8000-000000000003";
  const user = { grantId: "g", subject: "s", clientId: "c", scopes: [], cloudId: chosenId };
  const to = (more: Partial<HttpCaller>, change: Partial<AuthRules> = {}) => {
    const access = { [product]: accessTo(product, "cloud") };
    const resolution = resolveConnection(
      product,
      access,
      http({ user, ...more }),
      rules({ users: app.issuer, ...change }),
    );
    return resolution.kind === "connection" ? resolution.connection.cloudId : show(resolution);
  };

  it("is served at the site that they chose, and a header cannot name another", () => {
    expect(to({})).toBe(chosenId);
    expect(to({ cloudId: chosenId })).toBe(chosenId);
    expect(to({ cloudId: callersId })).toBe("refused: auth X-Atlassian-Cloud-Id");
  });

  it("is not served on Cloud with the tokens of an instance", () => {
    const baseUrl = new URL("https://jira.corp/jira");
    expect(to({}, { users: { kind: "datacenter", product, baseUrl } })).toBe(
      "refused: auth ATLASSIAN_OAUTH_INSTANCE_URL",
    );
  });

  it("is not served at a site that the operator no longer allows", () => {
    expect(to({}, { cloudId: chosenId })).toBe(chosenId);
    expect(to({}, { cloudId: configuredId })).toBe("refused: auth ATLASSIAN_OAUTH_CLOUD_ID");
    const both = { cloudId: configuredId };
    expect(to(both, both)).toBe("refused: auth ATLASSIAN_OAUTH_CLOUD_ID");
  });
});

describe.each(bothProducts)("an address that a caller chose for %s", (product) => {
  const label = product === "jira" ? "Jira" : "Confluence";
  const elsewhere = new URL("https://theirs.example.org/x");
  const onCloud = new URL("https://theirs.atlassian.net");
  const refused = `refused: auth X-Atlassian-${label}-Url`;
  const at = (url: URL, more: Parameters<typeof http>[0] = {}) =>
    http({ urls: { [product]: url }, ...more });
  const mine = (credential: CallerCredential) => ({ products: { [product]: credential } });
  const passed = { passthrough: { [product]: { cookie: "a=b" } } };
  const to = (caller: HttpCaller, change: Partial<AuthRules> = {}, access: Access = {}) =>
    show(resolveConnection(product, access, caller, rules(change)));
  const configured = {
    jira: accessTo("jira", "datacenter", signIn.basic),
    confluence: accessTo("confluence", "datacenter", signIn.pat),
  };

  it("gets the credential that was sent for this product, guarded", () => {
    for (const access of [{}, configured]) {
      expect(to(at(elsewhere, mine(bobsToken)), {}, access)).toBe(
        "caller pat bobs-pat at https://theirs.example.org/x guarded",
      );
      expect(to(at(onCloud, mine(bobsBasic)), {}, access)).toBe(
        "caller basic bob:bobs-secret at https://theirs.atlassian.net guarded",
      );
    }
  });

  it("never gets the shared credential, the operator's or that of the other product", () => {
    const callers = [
      at(elsewhere),
      at(elsewhere, { shared: bobsBasic }),
      at(elsewhere, { products: { [other(product)]: bobsToken } }),
    ];
    const changes = [{}, { fallback: true }, { fallback: true, oauth: true }];
    for (const caller of callers) {
      for (const change of changes) {
        for (const access of [{}, configured]) expect(to(caller, change, access)).toBe(refused);
      }
    }
  });

  it("never gets passed-on headers, except where a gateway signs in and no site is configured", () => {
    const external = { external: true };
    expect(to(at(elsewhere, { ...mine(bobsToken), ...passed }), external)).not.toContain("passing");
    expect(to(at(elsewhere, passed), external)).toBe(
      "passthrough external none at https://theirs.example.org/x guarded passing cookie",
    );
    const bare = { [product]: accessTo(product, "datacenter") };
    expect(to(at(elsewhere, passed), external, bare)).toBe(refused);
    expect(to(at(elsewhere, passed), { fallback: true })).toBe(refused);
    expect(to(at(elsewhere, { ...passed, shared: bobsBasic }), external)).toBe(refused);
  });

  it("does not belong to the configured cloud id", () => {
    const change = { oauth: true, cloudId: configuredId };
    expect(to(at(onCloud, mine(bobsBearer)), change)).toBe(
      "caller token bobs-bearer at https://theirs.atlassian.net guarded",
    );
    expect(to(at(onCloud, { ...mine(bobsBearer), cloudId: callersId }), change)).toBe(
      "caller token bobs-bearer at https://theirs.atlassian.net guarded id caller's",
    );
  });

  it("has no personal tokens on Cloud", () => {
    const name = `refused: auth ${product.toUpperCase()}_PERSONAL_TOKEN`;
    expect(to(at(onCloud, mine(bobsToken)), { oauth: true })).toBe(name);
    expect(to(at(onCloud, mine(bobsBearer)))).toBe("refused: auth ATLASSIAN_OAUTH_ENABLE");
  });

  it("is not looked at where credentials are ignored", () => {
    const change = { ignoreHeaders: true, fallback: true };
    const wanted = filled(product === "jira" ? basic : pat, product, "datacenter");
    expect(to(at(elsewhere, mine(bobsToken)), change, configured)).toBe(wanted);
    expect(to(at(elsewhere, mine(bobsToken)), change)).toBe(
      `refused: config ${product.toUpperCase()}_URL`,
    );
  });

  it.each([
    ["the same address", "", true],
    ["its origin alone", "/", true],
    ["a slash more", "/ctx/", true],
    ["a path below it", "/ctx/rest", false],
    ["another path", "/other", false],
    ["its path as a prefix", "/ctx2", false],
    ["another case", "/CTX", false],
  ])("is the operator's own when it is %s", (_, path, isOwn) => {
    const base = new URL("https://site.example.com/ctx");
    const access = { [product]: { ...accessTo(product, "datacenter", signIn.basic), url: base } };
    const url = path === "" ? base : new URL(path, base);
    const outcome = to(at(url), { fallback: true }, access);
    expect(outcome).toBe(
      isOwn ? "operator basic ada:operators-secret at https://site.example.com/ctx" : refused,
    );
  });

  it.each([
    "https://site.example.com:8443",
    "http://site.example.com",
    "https://site.example.com.",
  ])("is another one at %s", (text) => {
    const url = new URL("https://site.example.com");
    const access = { [product]: { ...accessTo(product, "datacenter", signIn.basic), url } };
    expect(to(at(new URL(text)), { fallback: true }, access)).toBe(refused);
  });
});

describe("one Authorization for two products", () => {
  const access = (jira: Known, confluence: Known): Access => ({
    jira: accessTo("jira", jira, signIn.basic),
    confluence: accessTo("confluence", confluence, signIn.basic),
  });
  const outcomes = (of: Access, caller: HttpCaller, change: Partial<AuthRules> = {}) =>
    bothProducts.map((product) => {
      const resolution = resolveConnection(product, of, caller, rules(change));
      return resolution.kind === "connection"
        ? resolution.connection.method
        : show(resolution).replace(/^refused: /, "");
    });
  const ambiguous = [
    "auth X-Atlassian-Jira-Authorization",
    "auth X-Atlassian-Confluence-Authorization",
  ];

  it.each([
    ["one Cloud site", access("cloud", "cloud"), bobsBasic, {}, ["basic", "basic"]],
    ["two hosts", access("datacenter", "datacenter"), bobsBasic, {}, ambiguous],
    ["two hosts, with a bearer", access("datacenter", "datacenter"), bobsBearer, {}, ambiguous],
    ["two hosts, with OAuth", access("datacenter", "datacenter"), bobsBearer, withOAuth, ambiguous],
    ["Cloud and Data Center", access("cloud", "datacenter"), bobsBasic, {}, ambiguous],
    [
      "Cloud and Data Center, OAuth",
      access("cloud", "datacenter"),
      bobsBearer,
      withOAuth,
      ambiguous,
    ],
    ["two hosts nobody knows", access("unsure", "unsure"), bobsBearer, withOAuth, ambiguous],
  ] as const)("is served for %s as it is safe", (_, of, credential, change, expected) => {
    expect(outcomes(of, http({ shared: credential }), change)).toEqual(expected);
  });

  const twoSites: Access = {
    jira: accessTo("jira", "cloud"),
    confluence: {
      ...accessTo("confluence", "cloud"),
      url: new URL("https://b.atlassian.net/wiki"),
    },
  };

  it("goes to two Cloud sites only where it is a token for the gateway", () => {
    expect(outcomes(twoSites, http({ shared: bobsBearer }), withOAuth)).toEqual(["token", "token"]);
    expect(outcomes(twoSites, http({ shared: bobsBasic }), withOAuth)).toEqual(ambiguous);
    expect(outcomes(twoSites, http({ shared: bobsToken }), withOAuth)).toEqual(ambiguous);
    expect(outcomes(twoSites, http({ shared: bobsBearer }))).toEqual(ambiguous);
  });

  it("is no matter where each product has a credential of its own", () => {
    const caller = http({
      shared: bobsBasic,
      products: { jira: bobsToken, confluence: bobsBasic },
    });
    expect(outcomes(access("datacenter", "datacenter"), caller)).toEqual(["pat", "basic"]);
  });

  it("serves two products below one Data Center origin", () => {
    const of: Access = {
      jira: { ...accessTo("jira", "datacenter"), url: new URL("https://dc.corp/jira") },
      confluence: { ...accessTo("confluence", "datacenter"), url: new URL("https://dc.corp/wiki") },
    };
    expect(outcomes(of, http({ shared: bobsBasic }))).toEqual(["basic", "basic"]);
    const onOtherPort = {
      ...of,
      jira: { ...accessTo("jira", "datacenter"), url: new URL("https://dc.corp:8443") },
    };
    expect(outcomes(onOtherPort, http({ shared: bobsBasic }))).toEqual(ambiguous);
  });
});

describe.each(bothProducts)("headers that are passed on to %s", (product) => {
  const passing = (headers: Record<string, string>, more: Parameters<typeof http>[0] = {}) =>
    http({ passthrough: { [product]: headers }, ...more });
  const trace = passing({ "x-trace": "1" });
  const cookie = passing({ cookie: "a=b" });
  const to = (
    caller: HttpCaller,
    change: Partial<AuthRules>,
    more: Partial<ProductAccess> = signIn.basic,
  ) => resolve(product, "datacenter", more, [caller, change]);
  const expected = (text: string) => filled(text, product, "datacenter");

  it("go beside a caller's credential", () => {
    expect(to({ ...cookie, shared: bobsBasic }, {})).toBe(expected(`${bobs} passing cookie`));
  });

  it.each([{ fallback: true }, { fallback: true, ignoreHeaders: true }])(
    "go beside the operator's with %j only when they tell nothing about people",
    (change) => {
      expect(to(trace, change)).toBe(expected(`${basic} passing x-trace`));
      const mixed = expected("refused: auth {P}_PASSTHROUGH_HEADERS");
      expect(to(cookie, change)).toBe(mixed);
      expect(to(cookie, change, signIn.certificate)).toBe(mixed);
      expect(to(passing({ authorization: "Negotiate x" }), change)).toBe(mixed);
      expect(to(passing({ authorization: "Bearer x" }), change, signIn.certificate)).toBe(mixed);
      const toOther = http({ passthrough: { [other(product)]: { cookie: "a=b" } } });
      expect(to(toOther, change)).toBe(mixed);
    },
  );

  it.each([{ external: true }, { external: true, ignoreHeaders: true }])(
    "are all there is with %j",
    (change) => {
      const alone = expected("passthrough external none @");
      expect(to(cookie, change, {})).toBe(`${alone} passing cookie`);
      expect(to(http(), change, {})).toBe(alone);
      expect(to(cookie, { ...change, fallback: true }, {})).toBe(`${alone} passing cookie`);
      expect(to(cookie, change, { ...signIn.basic, auth: "external" })).toContain("passthrough");
      const isIgnoring = "ignoreHeaders" in change;
      expect(to(cookie, change, signIn.basic)).toBe(
        isIgnoring ? "refused: config IGNORE_HEADER_AUTH" : "refused: auth Authorization",
      );
    },
  );

  it("hold a gateway's Authorization as it is, of any scheme", () => {
    const change = { external: true };
    const headers = { authorization: "Token x" };
    const whole = expected("passthrough external none @ passing authorization");
    expect(to(passing(headers), change, {})).toBe(whole);
    expect(to(passing(headers, { shared: { scheme: "token", token: "x" } }), change, {})).toBe(
      whole,
    );
    const onCloud = [passing(headers, { shared: bobsBearer }), change] as const;
    expect(resolve(product, "cloud", {}, onCloud)).toContain("passthrough external");
    // A credential for this product comes before what a gateway says.
    expect(to(passing(headers, { products: { [product]: bobsBasic } }), change, {})).toContain(
      "caller basic",
    );
    // Elsewhere it is the caller's.
    expect(to(passing(headers, { shared: bobsBasic }), { fallback: true })).toContain(
      "caller basic",
    );
  });

  it("do not make OAuth give way to requests of nobody", () => {
    const change = { external: true, fallback: true };
    expect(to(http(), change, signIn.oauth)).toBe(expected(oauth));
    expect(resolve(product, "datacenter", signIn.oauth, [operator, change])).toBe(expected(oauth));
  });
});
