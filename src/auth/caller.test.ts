import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AtlassianMcpError } from "../errors.ts";
import { parsedUrl } from "../parsed-url.ts";
import {
  type CallerHeaderRules,
  fingerprintOf,
  type HttpCaller,
  hasCredential,
  isIdentifying,
  nobody,
  passesIdentity,
  readCaller,
} from "./caller.ts";

const cloudId = "11111111-2222-3333-4444-555555555555";

function rulesFor(passthrough: CallerHeaderRules["passthrough"] = {}): CallerHeaderRules {
  return {
    passthrough,
    checkUrl: (header, text) => {
      const url = parsedUrl(text);
      if (url !== undefined) return url;
      throw new AtlassianMcpError("input", `${header} is no address`, { setting: header });
    },
  };
}

function read(headers: Record<string, string>, rules = rulesFor()): HttpCaller {
  const lower = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return readCaller((name) => lower[name.toLowerCase()], rules);
}

/** The code and the setting of the refusal, or `accepted`. */
function refusalOf(...input: Parameters<typeof read>): string {
  try {
    read(...input);
    return "accepted";
  } catch (error) {
    if (error instanceof AtlassianMcpError) return `${error.code} ${error.details.setting}`;
    throw error;
  }
}

const basic = (text: string | Buffer) => `Basic ${Buffer.from(text).toString("base64")}`;

describe("a credential in a header", () => {
  it.each([
    [
      basic("ada@example.com:secret:with:colons"),
      { scheme: "basic", user: "ada@example.com", secret: "secret:with:colons" },
    ],
    [
      basic("ada:sécrèt").replace("Basic", "bAsIc"),
      { scheme: "basic", user: "ada", secret: "sécrèt" },
    ],
    [basic("ada:secret").replace(/=+$/, ""), { scheme: "basic", user: "ada", secret: "secret" }],
    ["Bearer abc.def-_~+/=", { scheme: "bearer", token: "abc.def-_~+/=" }],
    ["bearer   abc", { scheme: "bearer", token: "abc" }],
    [" BEARER abc\t", { scheme: "bearer", token: "abc" }],
    ["Token abc", { scheme: "token", token: "abc" }],
  ])("is taken from %j, for any product or for one", (value, expected) => {
    expect(read({ Authorization: value }).shared).toEqual(expected);
    expect(read({ "X-Atlassian-Jira-Authorization": value }).products).toEqual({ jira: expected });
  });

  it.each([
    ["nothing", ""],
    ["blanks", "  "],
    ["a bare secret", "abc"],
    ["a scheme alone", "Basic"],
    ["a scheme and a blank", "Bearer "],
    ["a tab after the scheme", "Bearer\tabc"],
    ["characters outside base64", "Basic !!!!"],
    ["base64 with skippable characters", "Basic YTpi*YTpi"],
    ["base64url", "Basic YTo_Pz8_"],
    ["base64 with stray bits at its end", "Basic YTpiYx=="],
    ["two words after the scheme", "Basic YTpi YTpi"],
    ["no user", basic(":secret")],
    ["no secret", basic("user:")],
    ["no colon", basic("user-secret")],
    ["a line break in the secret", basic("user:sec\nret")],
    ["a null in the user", basic("us\0er:secret")],
    ["bytes that are no UTF-8", basic(Buffer.from("ada:s\u00e9cret", "latin1"))],
    ["a token of two words", "Bearer a b"],
    ["two tokens in one", "Bearer a,b"],
    ["two headers that were joined", "Bearer a, Bearer b"],
    ["letters beyond ASCII", "Bearer \u00fcnicode"],
    ["a no-break space", "Bearer\u00a0abc"],
    ["another scheme", "Digest username=x"],
    ["a prefix of a scheme", "Bear abc"],
  ])("is refused when it is %s", (_, value) => {
    expect(refusalOf({ Authorization: value })).toBe("auth Authorization");
    const own = "X-Atlassian-Confluence-Authorization";
    // A good one beside it does not make up for it.
    expect(refusalOf({ Authorization: "Bearer good", [own]: value })).toBe(`auth ${own}`);
  });

  it("is refused at once, however long its padding is", () => {
    const value = `Basic ${"=".repeat(15_000)}a`;
    // Time that grows with the square of the length would make this test fail by its limit.
    for (let count = 0; count < 40; count += 1) {
      expect(refusalOf({ Authorization: value })).toBe("auth Authorization");
    }
  }, 4000);

  it("never shows the secret in the refusal", () => {
    const secret = fc.string({ minLength: 6, maxLength: 30 }).filter((text) => /\S{6}/.test(text));
    const header = fc.constantFrom(
      "Authorization",
      "X-Atlassian-Jira-Authorization",
      "X-Atlassian-Jira-Personal-Token",
    );
    const wrap = fc.constantFrom(
      (text: string) => text,
      (text: string) => `Bearer ${text}`,
      (text: string) => `Basic ${text}`,
    );
    fc.assert(
      fc.property(header, secret, wrap, (name, text, form) => {
        try {
          read({ [name]: form(text) });
        } catch (error) {
          if (!(error instanceof AtlassianMcpError)) throw error;
          expect(error.message + JSON.stringify(error.details)).not.toContain(text.trim());
        }
      }),
    );
  });

  it("comes back as it was sent, whatever user and password are", () => {
    const text = fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 40 })
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are refused
      .filter((each) => !/[\u0000-\u001f\u007f]/.test(each));
    const user = text.filter((each) => !each.includes(":"));
    fc.assert(
      fc.property(user, text, (name, secret) => {
        expect(read({ Authorization: basic(`${name}:${secret}`) }).shared).toEqual({
          scheme: "basic",
          user: name,
          secret,
        });
      }),
    );
  });
});

describe("headers of one product", () => {
  it("are kept apart from those of the other and from the shared one", () => {
    const caller = read({
      authorization: "Bearer shared",
      "X-Atlassian-Jira-Authorization": "Bearer jira",
      "x-atlassian-confluence-personal-token": " pat ",
    });
    expect(caller).toMatchObject({
      shared: { token: "shared" },
      products: {
        jira: { scheme: "bearer", token: "jira" },
        confluence: { scheme: "token", token: "pat" },
      },
    });
  });

  it.each(["", " ", "a b", "a, a", "Bearer abc", "a\u00a0b"])(
    "refuse the personal token %j",
    (value) => {
      const name = "X-Atlassian-Jira-Personal-Token";
      expect(refusalOf({ [name]: value })).toBe(`auth ${name}`);
    },
  );

  it("refuse two credentials for one product, even the same one twice", () => {
    const headers = {
      "X-Atlassian-Jira-Authorization": "Token abc",
      "X-Atlassian-Jira-Personal-Token": "abc",
    };
    expect(refusalOf(headers)).toBe("auth X-Atlassian-Jira-Personal-Token");
  });

  it("have their address checked by the operator's rules, also when it is empty", () => {
    const name = "X-Atlassian-Confluence-Url";
    expect(read({ [name]: "https://wiki.example.com/x" }).urls).toEqual({
      confluence: new URL("https://wiki.example.com/x"),
    });
    for (const value of ["", " ", "https://a.example, https://b.example", "wiki"]) {
      expect(refusalOf({ [name]: value })).toBe(`input ${name}`);
    }
  });
});

describe("the cloud id", () => {
  it("is a UUID in lower case", () => {
    const sent = ` ${cloudId.replace("5", "A")} `;
    expect(read({ "X-Atlassian-Cloud-Id": sent }).cloudId).toBe(sent.trim().toLowerCase());
    expect(read({}).cloudId).toBeUndefined();
  });

  it.each([
    "",
    "any",
    `${cloudId}/../../other`,
    `${cloudId}, ${cloudId}`,
    `{${cloudId}}`,
    `${cloudId}\n`.repeat(2),
    "1111111122223333444455555555555555",
    "../../../me",
    cloudId.replace("1", "\uff11"),
  ])("is refused as %j, because it becomes part of an address", (value) => {
    expect(refusalOf({ "X-Atlassian-Cloud-Id": value })).toBe("input X-Atlassian-Cloud-Id");
  });
});

describe("headers that are passed on", () => {
  const rules = rulesFor({ jira: ["cookie", "x-trace"], confluence: ["x-trace"] });

  it("are those that the operator named, for each product its own", () => {
    const headers = { Cookie: "a=b", "X-Trace": "1", "X-Other": "2" };
    expect(read(headers, rules).passthrough).toEqual({
      jira: { cookie: "a=b", "x-trace": "1" },
      confluence: { "x-trace": "1" },
    });
    expect(read({ "X-Other": "2" }, rules).passthrough).toEqual({});
    expect(read(headers).passthrough).toEqual({});
  });

  it("count as an identity by their names", () => {
    expect(passesIdentity(read({ "X-Trace": "1" }, rules))).toBe(false);
    expect(passesIdentity(read({ Cookie: "" }, rules))).toBe(true);
  });

  it.each([
    "Cookie",
    "Authorization",
    "X-Forwarded-User",
    "X-Remote-User",
    "Remote-Groups",
    "X-Forwarded-Email",
    "From",
    "X-Amzn-Oidc-Data",
    "X-MS-Client-Principal",
    "Cf-Access-Jwt-Assertion",
    "X-Goog-Authenticated-User-Email",
    "X-Forwarded-Client-Cert",
    "SSL-Client-S-DN",
    "iv-creds",
    "X-Api-Key",
    "SM_USER",
    "X-Forwarded-Groups",
    "X-Impersonate",
    "X-Saml-NameId",
  ])("%s says who somebody is", (name) => {
    expect(isIdentifying(name)).toBe(true);
  });

  it.each([
    "X-Request-Id",
    "Traceparent",
    "X-Forwarded-For",
    "Accept-Language",
    "X-Gateway",
    "X-Team",
    "CF-Access-Client-Id",
    "CF-Access-Client-Secret",
    "X-Forwarded-Proto",
  ])("%s does not", (name) => {
    expect(isIdentifying(name)).toBe(false);
  });

  it("may hold an Authorization of a scheme that is not ours where every product gets it", () => {
    const everywhere = rulesFor({ jira: ["authorization"], confluence: ["authorization"] });
    const headers = { Authorization: "Negotiate YII=" };
    for (const each of [everywhere, rulesFor({ jira: ["authorization"] })]) {
      const caller = read(headers, each);
      expect([caller.shared, hasCredential(caller), passesIdentity(caller)]).toEqual([
        undefined,
        false,
        true,
      ]);
    }
    expect(refusalOf(headers, rulesFor({ jira: ["authorization"], confluence: ["cookie"] }))).toBe(
      "auth Authorization",
    );
    expect(refusalOf(headers, rulesFor({ jira: ["cookie"] }))).toBe("auth Authorization");
    expect(refusalOf({ Authorization: "Basic !!" }, everywhere)).toBe("auth Authorization");
    expect(read({ Authorization: "Bearer x" }, everywhere)).toMatchObject({
      shared: { token: "x" },
      passthrough: { jira: { authorization: "Bearer x" } },
    });
  });
});

describe("who a caller is", () => {
  it("is known from a credential for any product, and from nothing else", () => {
    expect(hasCredential(nobody)).toBe(false);
    expect(hasCredential({ kind: "operator" })).toBe(false);
    expect(hasCredential(read({ Authorization: "Bearer x" }))).toBe(true);
    expect(hasCredential(read({ "X-Atlassian-Jira-Personal-Token": "x" }))).toBe(true);
    expect(hasCredential(read({ "X-Atlassian-Jira-Url": "https://x.example" }))).toBe(false);
    expect(hasCredential(read({ "X-Atlassian-Cloud-Id": cloudId }))).toBe(false);
  });

  it("has another name with another token of the same sign-in that allows less", () => {
    const user = { grantId: "g", subject: "s", clientId: "c", scopes: ["write:jira"] };
    const nameOf = (scopes: string[]) => fingerprintOf({ ...nobody, user: { ...user, scopes } });
    expect(nameOf(["write:jira"])).toBe(nameOf(["write:jira"]));
    expect(nameOf(["write:jira"])).not.toBe(nameOf(["read:jira"]));
  });

  it("has a name that reveals nothing", () => {
    const name = fingerprintOf(read({ Authorization: basic("ada:secret-1") }));
    expect(name).toMatch(/^[\w-]{43}$/);
  });
});

/** Headers near the border between what is accepted and what is not. */
const value = fc.oneof(
  fc.constantFrom(
    "Bearer a",
    "Bearer b",
    "bearer a",
    "Token a",
    basic("a:b"),
    basic("a:b:c"),
    basic("b:a"),
    "Basic",
    "",
    " ",
    "a",
    "b",
    cloudId,
    cloudId.toUpperCase(),
    cloudId.replace("1", "2"),
    "https://a.example",
    "https://a.example/",
    "https://b.example/a",
    "Negotiate x",
    "Bearer a, Bearer b",
  ),
  fc.string({ maxLength: 12 }),
  fc.string({ unit: "binary", maxLength: 12 }).map((text) => `Bearer ${text}`),
  fc.base64String({ maxLength: 16 }).map((text) => `Basic ${text}`),
);
const names = [
  "authorization",
  "x-atlassian-jira-authorization",
  "x-atlassian-confluence-authorization",
  "x-atlassian-jira-personal-token",
  "x-atlassian-confluence-personal-token",
  "x-atlassian-jira-url",
  "x-atlassian-confluence-url",
  "x-atlassian-cloud-id",
  "x-forwarded-user",
] as const;
const headers = fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 4 });
const passing = rulesFor({ jira: ["x-forwarded-user"], confluence: ["x-forwarded-user"] });

describe("whatever is sent", () => {
  it("is either understood whole or refused with an error of ours", () => {
    fc.assert(
      fc.property(headers, (sent) => {
        let caller: HttpCaller;
        try {
          caller = read(sent, passing);
        } catch (error) {
          expect(error).toBeInstanceOf(AtlassianMcpError);
          return;
        }
        const understood = {
          authorization: caller.shared,
          "x-atlassian-jira-url": caller.urls.jira,
          "x-atlassian-confluence-url": caller.urls.confluence,
          "x-atlassian-cloud-id": caller.cloudId,
          "x-forwarded-user": caller.passthrough.jira,
          "x-atlassian-jira-authorization": caller.products.jira,
          "x-atlassian-confluence-authorization": caller.products.confluence,
          "x-atlassian-jira-personal-token": caller.products.jira,
          "x-atlassian-confluence-personal-token": caller.products.confluence,
        };
        for (const name of Object.keys(sent)) {
          expect(understood[name as keyof typeof understood], name).toBeDefined();
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("gives the same caller the same name, and another one another", () => {
    // What was understood, written down: callers are the same exactly when this is.
    const meaning = (caller: HttpCaller) =>
      JSON.stringify([
        caller.shared,
        caller.products.jira,
        caller.products.confluence,
        caller.urls.jira?.href,
        caller.urls.confluence?.href,
        caller.cloudId,
        caller.passthrough.jira,
        caller.passthrough.confluence,
      ]);
    const tryRead = (sent: Record<string, string>) => {
      try {
        return read(sent, passing);
      } catch {
        return undefined;
      }
    };
    fc.assert(
      fc.property(headers, headers, (first, second) => {
        const [one, other] = [tryRead(first), tryRead(second)];
        if (one === undefined) return;
        const reordered = tryRead(Object.fromEntries(Object.entries(first).reverse()));
        expect(reordered && fingerprintOf(reordered)).toBe(fingerprintOf(one));
        expect(fingerprintOf(one)).not.toBe(fingerprintOf({ kind: "operator" }));
        if (other === undefined) return;
        expect(fingerprintOf(one) === fingerprintOf(other)).toBe(meaning(one) === meaning(other));
      }),
      { numRuns: 2000 },
    );
  });
});
