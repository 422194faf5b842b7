import type { SandboxDeployment, SandboxUser } from "../../types.ts";
import { addComment, addContent, addLabel, putProperty } from "../edits.ts";
import type { Body } from "../storage/body.ts";
import {
  type Content,
  type InlineAnchor,
  identityOf,
  latest,
  type Site,
  type Space,
  stableUuid,
} from "../world.ts";
import { childrenMacro, type Mention, openMarker, plain, resolvedMarker } from "./bodies.ts";
import { type SeedPage, seedPages } from "./pages.ts";

const dayMs = 86_400_000;

interface Seeding {
  readonly site: Site;
  /** The person with this index; short lists of people are used in turn. */
  person(index: number): SandboxUser;
  ago(days: number): string;
  mention: Mention;
}

function storage(value: string): Body {
  return { format: "storage", value };
}

function begin(site: Site): Seeding {
  const start = site.now().getTime();
  const person = (index: number): SandboxUser => {
    const found = site.users[index % site.users.length];
    if (found === undefined) throw new Error("the sandbox needs at least one person");
    return found;
  };
  return {
    site,
    person,
    ago: (days) => new Date(start - days * dayMs).toISOString(),
    mention: (index) => {
      const by = site.deployment === "cloud" ? "account-id" : "userkey";
      return `<ac:link><ri:user ri:${by}="${identityOf(site, person(index))}"/></ac:link>`;
    },
  };
}

function addSpaces({ site, person, ago }: Seeding): void {
  const owner = person(0).name;
  const add = (key: string, name: string, description: string, more: Partial<Space> = {}): void => {
    const id = site.nextId();
    const space: Space = {
      id,
      key,
      name,
      description,
      type: "global",
      createdAt: ago(730),
      author: owner,
      homepageId: undefined,
      readers: undefined,
      ...more,
    };
    site.spaces.set(id, space);
  };
  add("ENG", "Engineering", "How we build and run the shop");
  add("SHOP", "Storefront", "What we sell and how people buy it");
  add("HR", "People", "Hiring and pay", { readers: [owner, person(5).name] });
  add(`~${owner}`, person(0).displayName, "", { type: "personal" });
}

function spaceOf(site: Site, page: SeedPage): Space {
  const found = [...site.spaces.values()].find(({ key }) => key.startsWith(page.space));
  if (found === undefined) throw new Error(`no space ${page.space} in the seed`);
  return found;
}

function addPage(seeding: Seeding, page: SeedPage, byTitle: Map<string, Content>): void {
  const { site, person, ago, mention } = seeding;
  const space = spaceOf(site, page);
  const isFolder = page.kind === "folder";
  const asPage = isFolder && site.deployment === "datacenter";
  const author = person(page.author).name;
  const createdAt = ago(page.daysAgo);
  const content = addContent(site, {
    kind: asPage ? "page" : (page.kind ?? "page"),
    space,
    title: page.title,
    author,
    body: storage(asPage ? childrenMacro : page.body(mention)),
    status: page.status,
    parentId: page.under === undefined ? undefined : byTitle.get(page.under)?.id,
    createdAt,
  });
  for (const [editor, daysAgo, message, added] of page.edits ?? []) {
    const before = latest(content);
    const version = {
      ...before,
      number: before.number + 1,
      body: storage(before.body.value + added),
      createdAt: ago(daysAgo),
      author: person(editor).name,
      message,
    };
    content.versions = [...content.versions, version];
  }
  for (const label of page.labels ?? []) addLabel(site, content, label);
  if (content.kind === "page") space.homepageId ??= content.id;
  byTitle.set(page.title, content);
}

function addFile(
  { site, ago }: Seeding,
  on: Content,
  name: string,
  [mediaType, sizeBytes, comment]: readonly [string, number, string],
): void {
  const space = site.spaces.get(on.spaceId);
  if (space === undefined) return;
  addContent(site, {
    kind: "attachment",
    space,
    title: name,
    author: on.author,
    containerId: on.id,
    createdAt: ago(30),
    file: { mediaType, sizeBytes, comment, mediaId: stableUuid(`${on.id}/${name}`) },
  });
}

function addTalk({ site, person, mention, ago }: Seeding, byTitle: Map<string, Content>): void {
  const checkout = byTitle.get("Checkout API");
  const deploy = byTitle.get("Deploy the shop");
  const roadmap = byTitle.get("Roadmap 2027");
  if (checkout === undefined || deploy === undefined || roadmap === undefined) return;
  let daysAgo = 60;
  const say = (
    author: number,
    on: Content,
    text: string,
    more: { replyTo?: Content; inline?: InlineAnchor } = {},
  ): Content => {
    daysAgo -= 3;
    const createdAt = ago(daysAgo);
    return addComment(site, person(author), { on, body: storage(plain(text)), createdAt, ...more });
  };
  const question = say(2, checkout, `${mention(1)}, does a refund need a new cart?`);
  const answer = say(1, checkout, "No, only a new order.", { replyTo: question });
  say(2, checkout, "Thanks, that helps.", { replyTo: answer });
  say(0, checkout, "Please keep the table sorted by method.");
  const paid: InlineAnchor = {
    markerRef: resolvedMarker,
    selection: "immutable once paid",
    resolution: "resolved",
    resolvedBy: person(1).name,
    resolvedAt: ago(50),
  };
  say(5, checkout, "Even for address changes?", { inline: paid });
  const green: InlineAnchor = {
    markerRef: openMarker,
    selection: "all checks are green",
    resolution: "open",
  };
  const doubt = say(6, deploy, "Including the flaky one?", { inline: green });
  say(4, deploy, "Yes, including that one.", { replyTo: doubt });
  say(3, roadmap, "Gift cards could move to Q2.");
}

/** Fills an empty site with the spaces, pages and talk of a small company. */
export function seedSite(site: Site): void {
  const seeding = begin(site);
  const byTitle = new Map<string, Content>();
  addSpaces(seeding);
  for (const page of seedPages) addPage(seeding, page, byTitle);
  const at = (title: string): Content | undefined => byTitle.get(title);
  const map = at("Service map");
  const interviews = at("Customer interviews");
  const checkout = at("Checkout API");
  if (map) addFile(seeding, map, "service-map.png", ["image/png", 48_213, "Drawn in October"]);
  if (interviews) addFile(seeding, interviews, "interviews.csv", ["text/csv", 9_120, ""]);
  if (checkout) {
    addFile(seeding, checkout, "checkout-flow.pdf", ["application/pdf", 182_044, "For the review"]);
    const value = { reviewed: true, by: "platform" };
    putProperty(site, seeding.person(0), checkout, { key: "review-state", value });
    checkout.favouriteOf = [seeding.person(0).name];
  }
  addTalk(seeding, byTitle);
}

/** An empty site of this deployment with its own clock reading and ids. */
export function emptySite(
  deployment: SandboxDeployment,
  users: readonly SandboxUser[],
  now: () => Date,
): Site {
  // Large enough that ids of spaces, pages and comments look like real ones and never repeat.
  let last = 98_300;
  const active = users.filter((user) => user.active).map(({ name }) => name);
  return {
    deployment,
    users,
    spaces: new Map(),
    contents: new Map(),
    groups: {
      "confluence-users": active,
      "confluence-administrators": active.slice(0, 1),
    },
    now,
    nextId() {
      last += 1;
      return String(last);
    },
  };
}
