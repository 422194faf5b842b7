import fc from "fast-check";
import { parseDocument } from "htmlparser2";
import { describe, expect, it } from "vitest";
import { accountPage } from "./account.ts";
import { consentPage } from "./consent.ts";
import { donePage } from "./done.ts";
import { errorPage } from "./error.ts";
import { examples } from "./pages.fixtures.ts";
import { signInPage } from "./sign-in.ts";
import { sitePage } from "./site.ts";
import { stylesheet } from "./style.ts";
import { fields } from "./types.ts";

type Element = Extract<ReturnType<typeof parseDocument>["children"][number], { attribs: unknown }>;

const pages = {
  "sign-in": signInPage(examples.signIn),
  "sign-in-account": signInPage({ form: { action: "/account/sign-in", csrf: "c" } }),
  consent: consentPage(examples.consent),
  "consent-unverified": consentPage(examples.consentUnverified),
  site: sitePage(examples.site),
  account: accountPage(examples.account),
  "account-empty": accountPage({ ...examples.account, clients: [], notice: undefined }),
  error: errorPage(examples.error),
  done: donePage(),
};
const named = Object.entries(pages).map(([name, page]) => ({ name, page }));

describe.each(named)("the $name page", ({ name, page }) => {
  it("reads as recorded", async () => {
    const shown = page.replace(stylesheet, "");
    await expect(shown).toMatchFileSnapshot(`./snapshots/${name}.txt`);
  });

  it("has a language, one main part and one heading of the first rank", () => {
    const all = elements(page);
    expect(all.find(({ name }) => name === "html")?.attribs["lang"]).toBe("en");
    expect(all.filter(({ name }) => name === "main")).toHaveLength(1);
    expect(all.filter(({ name }) => name === "h1")).toHaveLength(1);
  });

  it("sends forms by POST, to a path of ours, with the csrf token", () => {
    const forms = elements(page).filter(({ name }) => name === "form");
    for (const form of forms) {
      expect(form.attribs["method"]).toBe("post");
      expect(form.attribs["action"]).toMatch(/^\/\w/);
      const names = elements(form).map(({ attribs }) => attribs["name"]);
      expect(names).toContain(fields.csrf);
    }
  });

  it("labels each input, gives each button a text, and chooses nothing beforehand", () => {
    for (const label of elements(page).filter(({ name }) => name === "label")) {
      expect(textOf(label).trim()).not.toBe("");
    }
    for (const input of elements(page).filter(({ name }) => name === "input")) {
      const isLabelled = ancestors(input).some(({ name }) => name === "label");
      expect(isLabelled || input.attribs["type"] === "hidden").toBe(true);
      expect(input.attribs).not.toHaveProperty("checked");
    }
    for (const button of elements(page).filter(({ name }) => name === "button")) {
      expect(textOf(button).trim()).not.toBe("");
      expect(button.attribs).not.toHaveProperty("autofocus");
    }
  });

  it("uses each id once and refers to none that is missing", () => {
    const ids = elements(page).flatMap(({ attribs }) => attribs["id"] ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    const used = elements(page).flatMap(({ attribs }) => attribs["aria-describedby"] ?? []);
    expect(ids).toEqual(expect.arrayContaining(used));
  });

  it("runs and loads nothing, and is small", () => {
    expect(foreignParts(page)).toEqual([]);
    expect(Buffer.byteLength(page)).toBeLessThan(12_000);
  });
});

describe("the consent page", () => {
  it("offers to approve and to deny, in one form", () => {
    const [form, ...others] = elements(pages.consent).filter(({ name }) => name === "form");
    expect(others).toEqual([]);
    const buttons = elements(form).filter(({ name }) => name === "button");
    expect(buttons.map(({ attribs }) => [attribs["name"], attribs["value"]])).toEqual([
      [fields.decision, "approve"],
      [fields.decision, "deny"],
    ]);
  });

  it("keeps the client's words out of the heading and the title", () => {
    const page = consentPage({ ...examples.consent, client: clientNamed("Checked by Atlassian") });
    const heads = elements(page).filter(({ name }) => name === "h1" || name === "title");
    expect(heads.map(textOf).join()).not.toContain("Checked by Atlassian");
  });

  it.each([
    ["a client that registered itself", "Unverified", examples.consentUnverified],
    ["a client on loopback only", "Any program on this computer", examples.consentUnverified],
    ["a host in a metadata document", "Verified: larkspur.example", examples.consent],
  ])("speaks of %s", (_, words, data) => {
    expect(textOf(parseDocument(consentPage(data)))).toContain(words);
  });

  it("believes no metadata document without a host", () => {
    const client = { name: "X", origin: { kind: "document", url: "data:,x" } } as const;
    const page = consentPage({ ...examples.consent, client });
    expect(page).toContain("Unverified");
    expect(page).not.toContain("Verified:");
  });

  it("does not promise that nothing changes where a client may write", () => {
    expect(pages.consent).not.toContain("cannot change anything");
    expect(pages["consent-unverified"]).toContain("cannot change anything");
  });
});

describe("text from outside", () => {
  const hostile = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom(
      "<script>alert(1)</script>",
      `"><img src=x onerror=alert(1)>`,
      "' onfocus='x' autofocus='",
      "</style><style>*{display:none}",
      "javascript:alert(1)",
      "<!--",
      "]]>",
      "&lt;b&gt;",
      "\u202Egnp.exe",
      "a\u0000b\u200Bc\u2066d",
    ),
    fc
      .array(fc.constantFrom("<", ">", '"', "'", "&", "/", "=", " ", "`", "a"))
      .map((x) => x.join("")),
  );

  it("cannot add, change or hide an element", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const [page, plain] of hostilePages(text)) {
          expect(skeleton(page)).toEqual(skeleton(plain));
          expect(foreignParts(page)).toEqual([]);
        }
      }),
    );
  });

  it("leaves no invisible character or change of direction in what is shown", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const [page] of hostilePages(text)) {
          expect(textOf(parseDocument(page)).replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        }
      }),
    );
  });

  it.each(["javascript:alert(1)", "//elsewhere.example/x", "https://elsewhere.example", "/\\x"])(
    "is no action of a form: %s",
    (action) => {
      expect(() => signInPage({ form: { action, csrf: "c" } })).toThrow(TypeError);
    },
  );
});

describe("the error page", () => {
  it("is announced at once", () => {
    expect(pages.error).toContain('role="alert"');
  });

  it("quotes at most a sentence of somebody else's", () => {
    const quote = { from: "Atlassian", text: `<h1>Call ${"0".repeat(5000)}</h1>` };
    const page = errorPage({ ...examples.error, quote });
    expect(textOf(parseDocument(page))).toContain("says: “<h1>Call 000");
    expect(page.length).toBeLessThan(pages.error.length + 250);
  });
});

function clientNamed(name: string) {
  return { name, origin: { kind: "registered" } } as const;
}

/** Each page with the text wherever text may come from outside, and the same with a harmless word. */
function hostilePages(text: string): [string, string][] {
  harmless ??= filled("word");
  const plain = harmless;
  return filled(text).map((page, index) => [page, plain[index] ?? ""]);
}

let harmless: readonly string[] | undefined;

function filled(text: string): string[] {
  // Text that disappears altogether would rightly leave out its element.
  const shown = `x${text}`;
  const client = { name: shown, origin: { kind: "document", url: "https://a.example" } } as const;
  const site = { name: shown, url: `https://a.example/${text}` };
  const account = { name: shown, email: shown };
  const target = { action: "/x", csrf: shown, interaction: shown };
  const consent = { ...examples.consent, client, site, account, form: target };
  const allowed = { ...examples.account.clients[0], id: shown, client, site };
  return [
    signInPage({ client, site, form: target }),
    consentPage({ ...consent, redirectUri: shown, upstreamScopes: [shown] }),
    sitePage({ client, sites: [{ ...site, id: shown }], form: target }),
    accountPage({ ...examples.account, account, clients: [allowed], csrf: shown, notice: shown }),
    errorPage({
      title: shown,
      message: shown,
      quote: { from: shown, text: shown },
      next: shown,
      reference: shown,
    }),
    donePage({ title: shown, message: shown }),
  ];
}

/** Elements with the names of their attributes, and the values of those that decide what happens. */
function skeleton(page: string): string[] {
  return elements(page).map(({ name, attribs }) => {
    const { action, href, type, role } = attribs;
    return `${name} ${Object.keys(attribs).join(" ")} ${[action, href, type, role].join(" ")}`;
  });
}

/** What would run or load something. */
function foreignParts(page: string): string[] {
  return elements(page).flatMap(({ name, attribs }) => {
    const found = Object.entries(attribs)
      .filter(([key, value]) => /^(on|style$|src)/.test(key) || /^\s*javascript:/i.test(value))
      .filter(([key]) => key !== "value")
      .map(([key]) => `${name}@${key}`);
    const isForeign = ["script", "iframe", "object", "embed", "img", "base"].includes(name);
    return isForeign ? [name, ...found] : found;
  });
}

function elements(from: string | AnyNode | undefined): Element[] {
  const node = typeof from === "string" ? parseDocument(from) : from;
  if (node === undefined || !("children" in node)) return [];
  return node.children.flatMap((child) =>
    "attribs" in child ? [child as Element, ...elements(child)] : [],
  );
}

type AnyNode =
  | ReturnType<typeof parseDocument>
  | ReturnType<typeof parseDocument>["children"][number];

function ancestors(element: Element): Element[] {
  const parent = element.parent;
  return parent !== null && "attribs" in parent
    ? [parent as Element, ...ancestors(parent as Element)]
    : [];
}

function textOf(node: AnyNode): string {
  if ("name" in node && node.name === "style") return "";
  if ("children" in node) return node.children.map(textOf).join("");
  return "data" in node && node.type === "text" ? node.data : "";
}
