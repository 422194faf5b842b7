import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { onTestFinished } from "vitest";
import { startServer } from "../fakes/loopback.ts";
import {
  authorizeUrl,
  type Fields,
  redeem,
  register,
  type TokenReply,
} from "../fakes/oauth-server.ts";

/** An MCP client on the user's machine, with the port at which it waits for its answer. */
export interface WaitingClient {
  readonly id: string;
  readonly redirectUri: string;
  /** Queries of the answers so far. */
  readonly answers: readonly URLSearchParams[];
  /** Where it sends the browser. */
  authorizeUrl(change?: Fields): string;
  /** Makes tokens of its last answer. */
  redeem(): Promise<TokenReply>;
}

/** Registers with the server at `base`; ends with the test. */
export async function startClient(base: string, metadata: object = {}): Promise<WaitingClient> {
  const answers: URLSearchParams[] = [];
  const { url } = await startServer(({ url: path }, response) => {
    const { pathname, searchParams } = new URL(path, "http://client.invalid");
    if (pathname === "/callback") answers.push(searchParams);
    response.writeHead(200, { "content-type": "text/html" });
    response.end("<!doctype html><title>Client</title><link rel=icon href=data:,><h1>Back</h1>");
  });
  const redirectUri = new URL("/callback", url).href;
  const { body } = await register({ base }, { redirect_uris: [redirectUri], ...metadata });
  const id = String(body["client_id"]);
  const setup = { base, resource: `${base}/mcp` };
  return {
    id,
    redirectUri,
    answers,
    authorizeUrl: (change) => authorizeUrl(setup, id, { redirect_uri: redirectUri, ...change }),
    redeem: () =>
      redeem(setup, id, answers.at(-1)?.get("code") ?? "", { redirect_uri: redirectUri }),
  };
}

/** A person's window with cookies of its own. */
export interface Window {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the browser complained about. */
  readonly complaints: readonly string[];
  /** Addresses that it opened, redirects included. */
  readonly visited: readonly string[];
}

/** Opens a window that closes with the test. */
export async function openWindow(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<Window> {
  const context = await browser.newContext(options);
  onTestFinished(() => context.close());
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  const visited: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("request", (request) => {
    if (request.isNavigationRequest()) visited.push(request.url());
  });
  return { page, context, complaints, visited };
}

export const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

/** Steps of a person, each from one page to the next. */
export const steps = {
  approve: async (page: Page) => {
    await button(page, "Approve").click();
    await button(page, "Accept").waitFor();
  },
  signIn: async (page: Page) => {
    await page.getByRole("radio", { name: "Ben Okafor" }).check();
    await button(page, "Accept").click();
    await page.getByRole("heading", { name: "Choose an Atlassian site" }).waitFor();
  },
  chooseSite: async (page: Page) => {
    await page.getByRole("radio", { name: "harbourpine-labs" }).check();
    await button(page, "Continue").click();
    await page.getByRole("heading", { name: "Back" }).waitFor();
  },
} as const;

/** The whole way from the client back to it, with `look` at every page of ours and of Atlassian. */
export async function letIn(
  page: Page,
  client: WaitingClient,
  look: (name: string) => Promise<void> = async () => {},
): Promise<void> {
  await page.goto(client.authorizeUrl());
  for (const [name, step] of Object.entries(steps)) {
    await look(name);
    await step(page);
  }
}

/** Moves on by Tab until the focus is on what has this text or value. */
export async function tabTo(page: Page, text: string): Promise<void> {
  const focused =
    "document.activeElement.closest('label')?.innerText ?? document.activeElement.innerText";
  for (let presses = 0; presses < 30; presses++) {
    await page.keyboard.press("Tab");
    if ((await page.evaluate<string>(focused)).includes(text)) return;
  }
  throw new Error(`No way to ${text} by keyboard`);
}

/** A page at another port of this machine, whose body may hold anything. */
export async function foreignPage(body: () => string) {
  const { port } = await startServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/html" });
    response.end(`<!doctype html><link rel=icon href=data:,>${body()}`);
  });
  // Cookies do not know ports, so that the second name is of one site with the server, and the first is not.
  return { crossSite: `http://127.0.0.1:${port}/`, sameSite: `http://localhost:${port}/` };
}
