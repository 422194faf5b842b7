/**
 * Takes the pictures of the sign-in pages for the documentation: docs/images/<page>-<light|dark>.png. Needs Chromium;
 * CHROMIUM names it where it is not at /usr/bin/chromium. `--all` takes every page, narrow ones too, into build/pages.
 */
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import { accountPage } from "../src/oauth-server/pages/account.ts";
import { consentPage } from "../src/oauth-server/pages/consent.ts";
import { donePage } from "../src/oauth-server/pages/done.ts";
import { errorPage } from "../src/oauth-server/pages/error.ts";
import { pageHeaders } from "../src/oauth-server/pages/headers.ts";
import { examples } from "../src/oauth-server/pages/pages.fixtures.ts";
import { signInPage } from "../src/oauth-server/pages/sign-in.ts";
import { sitePage } from "../src/oauth-server/pages/site.ts";
import { withPalette } from "./palette-png.ts";

const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const maxBytes = 60_000;
const address = "https://pages.invalid/";

const documented = {
  consent: consentPage(examples.consent),
  site: sitePage(examples.site),
  account: accountPage(examples.account),
  error: errorPage(examples.error),
};
const others = {
  "consent-unverified": consentPage(examples.consentUnverified),
  "sign-in": signInPage(examples.signIn),
  "sign-in-account": signInPage({ form: examples.signIn.form }),
  "account-empty": accountPage({ ...examples.account, clients: [], notice: undefined }),
  done: donePage(),
};

if (existsSync(executablePath)) await takeAll(process.argv.includes("--all"));
else console.log(`No pictures taken: there is no Chromium at ${executablePath}.`);

async function takeAll(isReview: boolean): Promise<void> {
  const folder = isReview ? "build/pages" : "docs/images";
  const pages = Object.entries(isReview ? { ...documented, ...others } : documented);
  const widths = isReview ? [1280, 320] : [720];
  mkdirSync(folder, { recursive: true });
  const browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic"],
  });
  try {
    for (const [name, page] of pages) {
      for (const width of widths) {
        for (const colorScheme of ["light", "dark"] as const) {
          const suffix = isReview ? `-${width}` : "";
          const path = `${folder}/${name}-${colorScheme}${suffix}.png`;
          await take(browser, page, { path, width, colorScheme });
        }
      }
    }
  } finally {
    await browser.close();
  }
}

interface Picture {
  readonly path: string;
  readonly width: number;
  readonly colorScheme: "light" | "dark";
}

/** The page comes with its own headers, so that a policy that blocks the stylesheet shows in the picture. */
async function take(
  browser: Browser,
  body: string,
  { path, width, colorScheme }: Picture,
): Promise<void> {
  const context = await browser.newContext({ viewport: { width, height: 200 }, colorScheme });
  await context.route("**/*", (route) => route.fulfill({ body, headers: pageHeaders() }));
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("console", (message) => problems.push(message.text()));
  await page.goto(address);
  const overhang = await page
    .locator("html")
    .evaluate((root) => root.scrollWidth - root.clientWidth);
  if (overhang > 0) problems.push(`scrolls sideways by ${overhang} px`);
  writeFileSync(path, withPalette(await page.screenshot({ fullPage: true })));
  await context.close();
  const { size } = statSync(path);
  if (size > maxBytes) problems.push(`has ${size} bytes`);
  if (problems.length > 0) throw new Error(`${path}: ${problems.join("; ")}`);
  console.log(`${path}: ${size} bytes`);
}
