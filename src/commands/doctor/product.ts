import type { Product } from "../../atlassian/site.ts";
import type { Connection } from "../../auth/connection.ts";
import type { SettledConnection } from "../../auth/settle.ts";
import type { ProductSettings } from "../../config/product.ts";
import { productWords } from "../../config/setting.ts";
import { isOurs } from "../../errors.ts";
import type { ApiClient } from "../../http/types.ts";
import type { OpenConnection } from "../../server/connections.ts";
import { checkAccount } from "./account.ts";
import { checkCertificate } from "./certificate.ts";
import { within } from "./deadline.ts";
import { askVersion, deploymentFinding, readSiteFacts } from "./deployment.ts";
import type { Diagnosis } from "./diagnosis.ts";
import { checkLogin } from "./login.ts";
import { checkProxy } from "./proxy.ts";
import { publicPath, publicResource, type Reached, reach } from "./reach.ts";
import { type Finding, failed, ok, type Section, skipped } from "./report.ts";
import { checkScopes, toolsInUse } from "./scopes.ts";
import { type Chosen, chooseConnection, signInFinding } from "./sign-in.ts";
import { checkClock, checkLatency } from "./timing.ts";
import { checkAccessToken, checkPersonalTokens } from "./token.ts";

/** Everything about one product. Never rejects, and takes a bounded time whatever the site does. */
export async function examineProduct(product: Product, diagnosis: Diagnosis): Promise<Section> {
  const { title, env } = productWords[product];
  const own = diagnosis.settings.products[product];
  if (own === undefined) {
    return { title, findings: [ok("address", `not configured; ${env}_URL is not set`)] };
  }
  // Each product has a limit of its own; a person at a terminal does not want to wait for a long one.
  const d = { ...diagnosis, limitMs: Math.min(diagnosis.limitMs, own.timeoutMs) };
  try {
    return { title, findings: await examine(own, d) };
  } catch (error) {
    return { title, findings: [failed("rest", error)] };
  }
}

async function examine(own: ProductSettings, d: Diagnosis): Promise<Finding[]> {
  const { product } = own;
  const { title } = productWords[product];
  const url = own.url ?? d.settings.apiUrl;
  const chosen = chooseConnection(product, d);
  d.progress(`${title}: connecting to ${url.host}`);
  const resource =
    own.url === undefined
      ? { base: url, path: "/" }
      : publicResource(product, own.url, d.runtime.access[product]?.deployment ?? "unsure");
  const [certificate, reached] = await Promise.all([
    checkCertificate(own, d.now()),
    reach(product, resource, d),
  ]);
  const start = [addressFinding(own, url), checkProxy(url, own, d.origins)];
  const { connection } = chosen;
  const known = [chosen.finding ?? (connection && signInFinding(connection, connection.method, d))];
  const stop = (reason: string) => [
    ...start,
    ...certificate,
    reached.finding,
    ...known.filter((each) => each !== undefined),
    skipped("rest", `not looked at, because ${reason}`),
  ];
  const brokenConnection = () => stop("the connection does not work");
  if (reached.probe === undefined || connection === undefined) return brokenConnection();
  if (own.url === undefined && !chosen.isOperator) return stop("callers say which site they mean");
  d.progress(`${title}: signing in`);
  const later = await examineSite(own, { ...chosen, connection }, reached, d);
  if (reached.finding.outcome !== "problem") {
    return [...start, ...certificate, reached.finding, ...later];
  }
  const isAccepted = later.some(({ check, outcome }) => check === "account" && outcome === "ok");
  return isAccepted
    ? [...start, ...certificate, onlyForStrangers(reached.finding), ...later]
    : brokenConnection();
}

/** A proxy may stop strangers and let through who has credentials. */
function onlyForStrangers(finding: Finding): Finding {
  const text = `works with credentials, but without: ${finding.text}`;
  return { ...finding, outcome: "warning", text };
}

function addressFinding({ product, url }: ProductSettings, used: URL): Finding {
  const { env } = productWords[product];
  const shown = `${used.origin}${used.pathname}`.replace(/\/$/, "");
  const text = url === undefined ? `none; the site is named by its id at ${shown}` : shown;
  return ok("address", text, { facts: { url: shown, setting: url && `${env}_URL` } });
}

interface ChosenConnection extends Chosen {
  readonly connection: Connection;
}

/** What can be looked at once something answers. */
async function examineSite(
  own: ProductSettings,
  chosen: ChosenConnection,
  reached: Reached,
  d: Diagnosis,
): Promise<Finding[]> {
  const { connection, isOperator } = chosen;
  const grantOf: Parameters<typeof checkLogin>[1] = (app) =>
    // A keychain may wait for its owner.
    within(d.limitMs, async () => (await d.runtime.oauth()).managerOf(app, "grant").grant());
  const [login, opened] = await Promise.all([
    checkLogin(connection, grantOf, d.now()),
    open(connection, d),
  ]);
  const { grant } = login;
  if (grant !== undefined) d.secrets.push(grant.accessToken, ...[grant.refreshToken ?? []].flat());
  const clock = reached.probe ? [checkClock(reached.probe, reached.at)] : [];
  const token = isOperator ? checkAccessToken(connection, d.now()) : [];
  const hasLogin = login.findings.every(({ outcome }) => outcome !== "problem");
  if (!("settled" in opened)) {
    const signIn = chosen.finding ?? signInFinding(connection, connection.method, d);
    // Without a login there is no site to find.
    const place = hasLogin
      ? opened.finding
      : skipped("rest", "not looked at before the login works");
    return [signIn, ...login.findings, ...token, place, ...clock];
  }
  const { settled } = opened;
  const signIn = chosen.finding ?? signInFinding(connection, settled.method, d);
  const [places, latency, account] = await Promise.all([
    examinePlaces(own, opened, reached, d),
    checkLatency(own.product, settled.apiBase, d),
    isOperator && hasLogin ? examineAccount(opened, grant?.scopes, d) : [],
  ]);
  return [...places, signIn, ...login.findings, ...token, ...account, latency, ...clock];
}

async function open(
  connection: Connection,
  { connections, limitMs }: Diagnosis,
): Promise<OpenConnection | { readonly finding: Finding }> {
  try {
    return await within(limitMs, () => connections.inspect(connection, true));
  } catch (error) {
    const finding = failed("deployment", error);
    if (connection.deployment !== "unsure" || finding.code === "auth") return { finding };
    const { env } = productWords[connection.product];
    const remedy = `${finding.remedy} With ${env}_DEPLOYMENT set, the site need not be asked what it is.`;
    return { finding: { ...finding, remedy } };
  }
}

/** The deployment with its version, and the gateway where requests go there. */
async function examinePlaces(
  own: ProductSettings,
  { settled, api }: OpenConnection,
  reached: Reached,
  d: Diagnosis,
): Promise<Finding[]> {
  const { product, deployment, apiBase } = settled;
  const url = own.url ?? d.settings.apiUrl;
  const isElsewhere = apiBase.origin !== url.origin;
  const told = reached.probe && own.url ? readSiteFacts(reached.probe) : {};
  const [facts, gateway, cloudId] = await Promise.all([
    versionOf(api, settled, told, d),
    isElsewhere
      ? reach(product, { base: apiBase, path: publicPath[product] }, d, "gateway")
      : undefined,
    cloudIdFinding(settled, d),
  ]);
  return [
    deploymentFinding(own, deployment, facts),
    ...cloudId,
    ...(gateway === undefined ? [] : [gateway.finding]),
  ];
}

function versionOf(
  api: ApiClient,
  { product, deployment }: SettledConnection,
  told: ReturnType<typeof readSiteFacts>,
  { limitMs }: Diagnosis,
) {
  const asked = within(limitMs, (signal) =>
    askVersion(product, deployment, told, withSignal(api, signal)),
  );
  return asked.catch(() => told);
}

/** The id that gateway paths hold; on Cloud only, and only where it is known or to be found. */
async function cloudIdFinding(settled: SettledConnection, { limitMs }: Diagnosis) {
  const ofGateway = settled.gateway;
  const url = ofGateway ? await within(limitMs, ofGateway).catch(() => undefined) : settled.apiBase;
  const id = /\/ex\/\w+\/([^/]+)/.exec(url?.pathname ?? "")?.[1];
  if (id !== undefined) return [ok("cloud_id", id, { facts: { cloud_id: id } })];
  return ofGateway === undefined
    ? []
    : [skipped("cloud_id", "the site does not tell it; tokens with scopes cannot be used without")];
}

/** Who one is, and what the credentials are good for. */
async function examineAccount(
  { settled, api, route }: OpenConnection,
  granted: readonly string[] | undefined,
  d: Diagnosis,
): Promise<Finding[]> {
  const { product, deployment, method } = settled;
  if (method === "external") {
    return [skipped("account", "a gateway in front says who callers are")];
  }
  const isAtGateway = settled.apiBase.hostname === d.settings.apiUrl.hostname && !settled.gateway;
  const takenBy = () =>
    route.route === "gateway" || (isAtGateway && /\/ex\//.test(settled.apiBase.pathname))
      ? "Atlassian's gateway"
      : "the site";
  const limited = <T>(run: (limitedApi: ApiClient) => Promise<T>) =>
    within(d.limitMs, (signal) => run(withSignal(api, signal)));
  const account = await limited((each) => checkAccount(product, each, takenBy)).catch(
    (error: unknown) => failed("account", error),
  );
  if (account.outcome === "problem") return [account];
  const tokens =
    method === "pat"
      ? await limited((each) => checkPersonalTokens(each, d.now())).catch(ignoreLate)
      : [];
  const isScoped = method === "oauth" || method === "token" || method === "service-account";
  if (!isScoped) return [account, ...tokens];
  const scopes = granted ?? (await limited(() => settled.scopes()).catch(() => undefined));
  const tools = toolsInUse(product, deployment, d.runtime.policy);
  return [account, ...tokens, checkScopes(tools, settled, scopes)];
}

function ignoreLate(error: unknown): Finding[] {
  if (isOurs(error)) return [];
  throw error;
}

function withSignal(api: ApiClient, signal: AbortSignal): ApiClient {
  return { json: (request) => api.json({ ...request, signal }) };
}
