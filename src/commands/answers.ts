import { cloudIdOf } from "../auth/oauth/sites.ts";
import type { Fetch } from "../auth/oauth/types.ts";
import { nothing, type Problem } from "../config/problems.ts";
import { type Product, productWords } from "../config/setting.ts";
import { deploymentOfHost, siteBase } from "../config/site-url.ts";
import { AtlassianMcpError, isOurs } from "../errors.ts";
import { parsedUrl } from "../parsed-url.ts";
import type { Draft } from "./drafts.ts";
import { Interrupted, type Prompts } from "./terminal.ts";

export const defaultRedirectUri = "http://localhost:8080/callback";

/** What has to be known before somebody can sign in and is not, each with the setting and flag that say it. */
export function missingAnswers(drafts: readonly Draft[], only: Product | undefined): Problem[] {
  const place = drafts.length > 0 ? [] : [missingPlace(only)];
  const perDraft = (drafts.length > 0 ? drafts : [undefined]).flatMap((draft) => [
    ...(draft?.parts.clientId === undefined ? [missingPart(draft, "CLIENT_ID")] : []),
    ...(draft?.parts.clientSecret === undefined ? [missingPart(draft, "CLIENT_SECRET")] : []),
  ]);
  return [...place, ...perDraft];
}

function missingPlace(only: Product | undefined): Problem {
  const env = only === undefined ? "JIRA_URL" : `${productWords[only].env}_URL`;
  const other = only === undefined ? ", or CONFLUENCE_URL (--confluence-url)," : "";
  return {
    setting: env,
    found: nothing,
    problem: "is needed to know where to sign in",
    remedy: `Set ${env} (--${only ?? "jira"}-url)${other} to the address of the site.`,
  };
}

function missingPart(draft: Draft | undefined, suffix: "CLIENT_ID" | "CLIENT_SECRET"): Problem {
  const prefix = draft?.prefix ?? "ATLASSIAN";
  const setting = `${prefix}_OAUTH_${suffix}`;
  const flag = `--oauth-${suffix.toLowerCase().replace("_", "-")}`;
  const written = prefix === "ATLASSIAN" ? `${setting} (${flag})` : setting;
  const file = suffix === "CLIENT_SECRET" ? ` or ${setting}_FILE` : "";
  return {
    setting,
    found: nothing,
    problem: "is needed to sign in",
    remedy: `Set ${written}${file}, or run this at a terminal, where it is asked for. ${whereFrom(draft)}`,
  };
}

function whereFrom(draft: Draft | undefined): string {
  return draft?.deployment === "datacenter"
    ? "It is shown in the site's application links (administration, incoming link)."
    : "It is shown in the developer console (developer.atlassian.com/console/myapps).";
}

/** Asks for everything that is missing. Throws {@link Interrupted} when the person gives up. */
export async function askForRest(draft: Draft, title: string, prompts: Prompts): Promise<Draft> {
  const { clientId, clientSecret, redirectUri, scopes } = draft.parts;
  const asked = {
    clientId: clientId ?? answered(await prompts.text({ message: `Client id for ${title}` })),
    clientSecret: clientSecret ?? answered(await prompts.secret(`Client secret for ${title}`)),
    redirectUri:
      redirectUri ??
      new URL(
        answered(
          await prompts.text({
            message: "Callback address, exactly as registered with the app",
            initial: defaultRedirectUri,
            check: (text) => (isWeb(text) ? undefined : "Type an address: http:// or https://…"),
          }),
        ),
      ),
  };
  return { ...draft, parts: { ...asked, scopes } };
}

/** Asks which site is meant. A Cloud site holds both products. */
export async function askForPlace(
  draft: Pick<Draft, "parts">,
  only: Product | undefined,
  prompts: Prompts,
): Promise<Draft> {
  const written = new URL(
    answered(
      await prompts.text({
        message: "Address of your Jira or Confluence, e.g. https://your-site.atlassian.net",
        check: (text) => (isWeb(text) ? undefined : "Type an address: https://…"),
      }),
    ),
  );
  const byHost = deploymentOfHost(written.hostname);
  const deployment = byHost === "cloud" ? "cloud" : "datacenter";
  const product = only ?? (deployment === "cloud" ? "jira" : await askForProduct(prompts));
  const isBoth = deployment === "cloud" && only === undefined;
  return {
    parts: draft.parts,
    deployment,
    products: isBoth ? ["jira", "confluence"] : [product],
    isGuess: byHost === "unsure",
    url: siteBase(written, product, deployment).url,
    prefix: "ATLASSIAN",
  };
}

async function askForProduct(prompts: Prompts): Promise<Product> {
  return answered(
    await prompts.choose<Product>("Which product is at this address?", [
      { value: "jira", label: "Jira" },
      { value: "confluence", label: "Confluence" },
    ]),
  );
}

/** A Cloud site behind a name of its own looks like Data Center, and no sign-in there would ever end well. */
export async function refuseHiddenCloud(
  { isGuess, url, products: [product] }: Draft,
  fetch: Fetch,
  signal: AbortSignal,
): Promise<void> {
  if (!isGuess || url === undefined) return;
  const id = await cloudIdOf(fetch, url, signal).catch((error: unknown) => {
    // Signing in itself will tell what is wrong with the site.
    if (isOurs(error)) return undefined;
    throw error;
  });
  if (id === undefined) return;
  const setting = `${productWords[product].env}_DEPLOYMENT`;
  throw new AtlassianMcpError("config", `${url.host} belongs to Atlassian Cloud`, {
    setting,
    next: `Set ${setting} to cloud, or use the site's own address, which ends in atlassian.net.`,
  });
}

/** @throws Interrupted for a question that was cancelled. */
export function answered<T>(answer: T | undefined): T {
  if (answer === undefined) throw new Interrupted();
  return answer;
}

function isWeb(text: string): boolean {
  return /^https?:$/.test(parsedUrl(text)?.protocol ?? "");
}
