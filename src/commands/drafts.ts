import type { OAuthApp } from "../auth/oauth/types.ts";
import type { OAuthClientParts, Settings } from "../config/product.ts";
import { type Product, productWords } from "../config/setting.ts";
import { type Deployment, deploymentOfHost } from "../config/site-url.ts";
import { appOf } from "../server/compose.ts";

/** One sign-in as far as settings describe it: an app and the products that it opens. */
export interface Draft {
  /** Both on Cloud, where one grant serves both. */
  readonly products: readonly [Product, ...Product[]];
  readonly deployment: Deployment;
  /** Of the first product; absent where OAuth alone says which Cloud site is meant. */
  readonly url?: URL | undefined;
  /** Nothing but the form of the address says that this is Data Center. */
  readonly isGuess: boolean;
  readonly parts: OAuthClientParts;
  /** Which of the settings' names are the right ones for what is missing. */
  readonly prefix: "ATLASSIAN" | "JIRA" | "CONFLUENCE";
}

/** The sign-ins that settings speak of. Empty: nothing tells which site is meant. */
export function draftsOf(settings: Settings, only: Product | undefined): Draft[] {
  const drafts: Draft[] = [];
  for (const draft of (["jira", "confluence"] as const).flatMap((product) => {
    const wanted = only === undefined || only === product;
    return wanted ? (draftOf(settings, product) ?? []) : [];
  })) {
    const index = drafts.findIndex((other) => isSameApp(other, draft));
    const same = drafts[index];
    if (same === undefined) drafts.push(draft);
    else drafts[index] = { ...same, products: [...same.products, ...draft.products] };
  }
  const begun = drafts.filter(({ parts }) => parts.clientId ?? parts.clientSecret);
  return (begun.length > 0 ? begun : drafts).map((draft) => ({
    ...draft,
    prefix: prefixOf(draft, settings),
  }));
}

function draftOf(settings: Settings, product: Product): Draft | undefined {
  const own = settings.products[product];
  if (own === undefined) return undefined;
  const { url, deployment } = own;
  const byHost = url === undefined ? "cloud" : deploymentOfHost(url.hostname);
  return {
    products: [product],
    deployment: (deployment ?? byHost) === "cloud" ? "cloud" : "datacenter",
    isGuess: deployment === undefined && byHost === "unsure",
    url,
    parts: settings.oauthParts[product],
    prefix: productWords[product].env,
  };
}

function isSameApp(one: Draft, other: Draft): boolean {
  return (
    one.deployment === "cloud" &&
    other.deployment === "cloud" &&
    one.parts.clientId === other.parts.clientId
  );
}

/** The names that both products share are right where nothing else uses them. */
function prefixOf({ products }: Draft, settings: Settings): Draft["prefix"] {
  const others = (["jira", "confluence"] as const).filter(
    (product) => settings.products[product] !== undefined && !products.includes(product),
  );
  return others.length > 0 ? productWords[products[0]].env : "ATLASSIAN";
}

/** The app of a draft; what is missing stays empty. */
export function appOfDraft(
  { products: [product], url, deployment, parts }: Draft,
  settings: Pick<Settings, "authUrl" | "apiUrl">,
): OAuthApp {
  const { clientId = "", clientSecret = "", redirectUri, scopes } = parts;
  const app = appOf(
    { product, url, deployment, oauth: { clientId, clientSecret, redirectUri, scopes } },
    settings,
  );
  // It is undefined for products without an app, and this one has one.
  if (app === undefined) throw new TypeError("no app");
  return app;
}

/** What a sign-in is called in sentences: `Jira and Confluence (Atlassian Cloud)`. */
export function titleOf({ products, deployment, url }: Draft): string {
  const names = products.map((product) => productWords[product].title).join(" and ");
  return deployment === "cloud" ? `${names} (Atlassian Cloud)` : `${names} at ${url?.host ?? ""}`;
}
