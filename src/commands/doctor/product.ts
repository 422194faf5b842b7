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
import { publicPath, type Reached, reach } from "./reach.ts";
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
  const path = own.url === undefined ? "/" : publicPath[product];
  const [certificate, reached] = await Promise.all([
    checkCertificate(own, d.now()),
    reach(product, url, path, d),
  ]);
  const start = [addressFinding(own, url), checkProxy(url, own, d.origins)];
  const { connection } = chosen;
  if (reached.finding.outcome === "problem" || connection === undefined) {
    const signIn =
      chosen.finding ?? (connection && signInFinding(connection, connection.method, d));
    const known = signIn === undefined ? [] : [signIn];
    const rest = skipped("rest", "not looked at, because the connection does not work");
    return [...start, ...certificate, reached.finding, ...known, rest];
  }
  d.progress(`${title}: signing in`);
  const later = await examineSite(own, { ...chosen, connection }, reached, d);
  return [...start, ...certificate, reached.finding, ...later];
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
  if (!("settled" in opened)) {
    const signIn = chosen.finding ?? signInFinding(connection, connection.method, d);
    const isSame = opened.finding.text === signIn.text;
    return [signIn, ...(isSame ? [] : [opened.finding]), ...login.findings, ...token, ...clock];
  }
  const { settled } = opened;
  const signIn = chosen.finding ?? signInFinding(connection, settled.method, d);
  const hasLogin = login.findings.every(({ outcome }) => outcome !== "problem");
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
    return { finding: failed("deployment", error) };
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
    isElsewhere ? reach(product, apiBase, publicPath[product], d, "gateway") : undefined,
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
  return [account, ...tokens, checkScopes(tools, deployment, scopes)];
}

function ignoreLate(error: unknown): Finding[] {
  if (isOurs(error)) return [];
  throw error;
}

function withSignal(api: ApiClient, signal: AbortSignal): ApiClient {
  return { json: (request) => api.json({ ...request, signal }) };
}
