import {
  checkoutApi,
  decision,
  deploy,
  home,
  type Mention,
  meeting,
  onCall,
  plain,
  restore,
  roadmap,
  searchIndex,
  serviceMap,
} from "./bodies.ts";

export interface SeedPage {
  readonly space: string;
  readonly title: string;
  /** Title of the page or folder above; absent: the top of the space. */
  readonly under?: string | undefined;
  readonly kind?: "page" | "folder" | "blogpost" | undefined;
  readonly status?: "draft" | "trashed" | "archived" | undefined;
  /** Index of the person who wrote it. */
  readonly author: number;
  readonly daysAgo: number;
  readonly body: (mention: Mention) => string;
  readonly labels?: readonly string[] | undefined;
  /** Later versions: who, when, what is said about it, and what was added at the end. */
  readonly edits?: readonly (readonly [number, number, string, string])[] | undefined;
}

const text =
  (...paragraphs: readonly string[]) =>
  (): string =>
    plain(...paragraphs);

const eng = { space: "ENG" } as const;
const shop = { space: "SHOP" } as const;
const hr = { space: "HR" } as const;

/** Parents come before their children. The first page of a space is its home page. */
export const seedPages: readonly SeedPage[] = [
  {
    ...eng,
    title: "Engineering Home",
    author: 0,
    daysAgo: 700,
    body: () => home("Engineering", "How we build and run the shop."),
  },
  {
    ...eng,
    title: "Architecture",
    kind: "folder",
    under: "Engineering Home",
    author: 0,
    daysAgo: 690,
    body: text(),
  },
  {
    ...eng,
    title: "Service map",
    under: "Architecture",
    author: 4,
    daysAgo: 320,
    labels: ["architecture", "diagram"],
    body: () => serviceMap,
  },
  {
    ...eng,
    title: "Checkout API",
    under: "Architecture",
    author: 1,
    daysAgo: 210,
    labels: ["api", "checkout"],
    body: checkoutApi,
    edits: [
      [1, 60, "Adds the refund rule", plain("Refunds create a new order with a negative total.")],
      [0, 4, "", plain("Rate limit: 20 requests per second.")],
    ],
  },
  {
    ...eng,
    title: "Search index",
    under: "Architecture",
    author: 5,
    daysAgo: 95,
    labels: ["architecture"],
    body: () => searchIndex,
  },
  {
    ...eng,
    title: "Runbooks",
    kind: "folder",
    under: "Engineering Home",
    author: 0,
    daysAgo: 680,
    body: text(),
  },
  {
    ...eng,
    title: "Deploy the shop",
    under: "Runbooks",
    author: 4,
    daysAgo: 150,
    labels: ["runbook", "release"],
    body: deploy,
    edits: [[1, 12, "Ask in the channel first", plain("Ask in the release channel first.")]],
  },
  {
    ...eng,
    title: "Restore a backup",
    under: "Runbooks",
    author: 4,
    daysAgo: 140,
    labels: ["runbook"],
    body: () => restore,
  },
  {
    ...eng,
    title: "On-call handbook",
    under: "Runbooks",
    author: 5,
    daysAgo: 33,
    labels: ["runbook", "on-call"],
    body: onCall,
  },
  {
    ...eng,
    title: "Decisions",
    under: "Engineering Home",
    author: 0,
    daysAgo: 400,
    body: text("Short records of what we decided and why."),
  },
  {
    ...eng,
    title: "ADR 1: Postgres for orders",
    under: "Decisions",
    author: 1,
    daysAgo: 390,
    labels: ["decision"],
    body: () =>
      decision("Orders live in Postgres.", "We need transactions across carts and payments."),
  },
  {
    ...eng,
    title: "ADR 2: One event bus",
    under: "Decisions",
    author: 4,
    daysAgo: 200,
    labels: ["decision"],
    body: () =>
      decision("All services publish to one bus.", "Three point-to-point queues went out of step."),
  },
  {
    ...eng,
    title: 'C++ & Rust: <notes> on "bindings"',
    under: "Decisions",
    author: 6,
    daysAgo: 20,
    body: text("Names with signs are legal: a &lt; b &amp;&amp; c."),
  },
  {
    ...eng,
    title: "Release notes",
    under: "Engineering Home",
    author: 2,
    daysAgo: 120,
    labels: ["release"],
    body: text("One page per release."),
  },
  {
    ...eng,
    title: "Release 2026.10",
    under: "Release notes",
    author: 2,
    daysAgo: 40,
    labels: ["release"],
    body: text("Faster search, fewer clicks in checkout.", "Fixes the backup job."),
  },
  {
    ...eng,
    title: "Release 2026.11",
    under: "Release notes",
    author: 2,
    daysAgo: 6,
    labels: ["release"],
    body: text("Gift cards in beta."),
  },
  {
    ...eng,
    title: "Payment provider comparison",
    under: "Decisions",
    status: "draft",
    author: 0,
    daysAgo: 2,
    body: text("Still collecting quotes."),
  },
  {
    ...eng,
    title: "Old deploy script",
    under: "Runbooks",
    status: "trashed",
    author: 4,
    daysAgo: 500,
    body: text("Replaced by the release job."),
  },
  {
    ...eng,
    title: "Legacy warehouse export",
    under: "Architecture",
    status: "archived",
    author: 6,
    daysAgo: 650,
    body: text("Switched off."),
  },
  {
    ...shop,
    title: "Storefront Home",
    author: 2,
    daysAgo: 720,
    body: () => home("Storefront", "What we sell and how people buy it."),
  },
  {
    ...shop,
    title: "Roadmap 2027",
    under: "Storefront Home",
    author: 2,
    daysAgo: 25,
    labels: ["roadmap"],
    body: roadmap,
  },
  {
    ...shop,
    title: "Launches",
    kind: "folder",
    under: "Storefront Home",
    author: 2,
    daysAgo: 300,
    body: text(),
  },
  {
    ...shop,
    title: "Trail Tent 2 launch",
    under: "Launches",
    author: 3,
    daysAgo: 16,
    labels: ["launch"],
    body: text(
      "Photos by Friday, prices by Monday.",
      "The tent ships from the Rotterdam warehouse.",
    ),
  },
  {
    ...shop,
    title: "Checkout redesign",
    under: "Storefront Home",
    author: 2,
    daysAgo: 80,
    labels: ["checkout", "design"],
    body: text("Two steps instead of five.", "Depends on the checkout API."),
  },
  {
    ...shop,
    title: "Customer interviews",
    under: "Checkout redesign",
    author: 3,
    daysAgo: 70,
    labels: ["research"],
    body: text("Twelve people, three sessions each.", "Nobody found the coupon field."),
  },
  {
    ...shop,
    title: "Meeting notes",
    under: "Storefront Home",
    author: 2,
    daysAgo: 260,
    body: text("Newest first."),
  },
  {
    ...shop,
    title: "2026-11-09 Weekly",
    under: "Meeting notes",
    author: 2,
    daysAgo: 14,
    labels: ["meeting"],
    body: (mention) => meeting(mention, "Gift cards go to beta"),
  },
  {
    ...shop,
    title: "2026-11-16 Weekly",
    under: "Meeting notes",
    author: 0,
    daysAgo: 7,
    labels: ["meeting"],
    body: (mention) => meeting(mention, "Trail Tent 2 slips a week"),
  },
  {
    ...shop,
    title: "Ready for the winter sale",
    kind: "blogpost",
    author: 0,
    daysAgo: 9,
    labels: ["sale"],
    body: text("Traffic doubles next week. The shop is ready, and so is checkout."),
  },
  {
    ...hr,
    title: "People Home",
    author: 0,
    daysAgo: 720,
    body: () => home("People", "Hiring and pay, for leads only."),
  },
  {
    ...hr,
    title: "Hiring plan",
    under: "People Home",
    author: 0,
    daysAgo: 50,
    labels: ["confidential"],
    body: text("Two engineers, one buyer for the warehouse."),
  },
  {
    ...hr,
    title: "Salary bands",
    under: "People Home",
    author: 5,
    daysAgo: 45,
    labels: ["confidential"],
    body: text("Reviewed every spring."),
  },
  { space: "~", title: "Home of Ada", author: 0, daysAgo: 600, body: text("Notes to myself.") },
  {
    space: "~",
    title: "Reading list",
    under: "Home of Ada",
    author: 0,
    daysAgo: 30,
    body: text("Release It! · A Philosophy of Software Design"),
  },
];
