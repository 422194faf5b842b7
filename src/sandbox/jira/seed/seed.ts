import type { SandboxDeployment, SandboxUser } from "../../types.ts";
import { issueTypes } from "../catalog.ts";
import { createFields } from "../fields.ts";
import type { Board, Component, JiraWorld, Project, Sprint, Version } from "../model.ts";
import { app } from "./app.ts";
import { growIssues, growLinks } from "./grow.ts";
import { operations } from "./operations.ts";
import { security } from "./security.ts";
import { shop } from "./shop.ts";

export interface WorldSettings {
  readonly deployment: SandboxDeployment;
  readonly users: readonly [SandboxUser, SandboxUser, ...SandboxUser[]];
  readonly now: () => Date;
  readonly indexLagMs: number;
}

const dayMs = 86_400_000;

/** A freshly seeded site. Dates count back from the midnight (UTC) before `now()`; all else is always the same. */
export function createJiraWorld(settings: WorldSettings): JiraWorld {
  const { deployment, users, now, indexLagMs } = settings;
  const base = new Date(now().toISOString().slice(0, 10));
  const projects = seedProjects(deployment, users, base);
  const boards = seedBoards(projects);
  let lastId = 10_000;
  const world: JiraWorld = {
    deployment,
    users,
    now,
    indexLagMs,
    projects,
    boards,
    sprints: seedSprints(base),
    fields: createFields(deployment, projects[1]),
    issues: new Map(),
    keys: new Map(),
    links: new Map(),
    nextId() {
      lastId += 1;
      return lastId;
    },
  };
  const [shopProject, appProject, operationsProject, securityProject] = projects;
  growIssues(world, base, shopProject, shop);
  growIssues(world, base, appProject, app);
  growIssues(world, base, operationsProject, operations);
  growIssues(world, base, securityProject, security);
  growLinks(world);
  return world;
}

type Four = readonly [Project, Project, Project, Project];

function seedProjects(
  deployment: SandboxDeployment,
  users: readonly SandboxUser[],
  base: Date,
): Four {
  const { epic, story, task, bug, subtask, incident } = issueTypes;
  const software = [epic, story, task, bug, subtask];
  const lead = (name: string) => users.find((user) => user.name === name) ?? firstOf(users);
  const bare = { components: [], versions: [], hiddenFrom: [], teamManaged: false, lastNumber: 0 };
  return [
    {
      ...bare,
      id: "10000",
      key: "SHOP",
      name: "Web shop",
      description: "The shop at harbourpine.example",
      lead: lead("ada"),
      kind: "software",
      issueTypes: software,
      components: shopComponents(lead("chloe.martin"), lead("ada")),
      versions: shopVersions(base),
    },
    {
      ...bare,
      id: "10001",
      key: "APP",
      name: "Mobile app",
      description: "Maps and shop for hikers",
      lead: lead("emi"),
      kind: "software",
      teamManaged: deployment === "cloud",
      issueTypes: software,
    },
    {
      ...bare,
      id: "10002",
      key: "OPS",
      name: "Operations",
      description: "Machines, warehouse, incidents",
      lead: lead("farid"),
      kind: "business",
      issueTypes: [epic, task, incident, subtask],
    },
    {
      ...bare,
      id: "10003",
      key: "SEC",
      name: "Security",
      description: "Findings; members only",
      lead: lead("ada"),
      kind: "software",
      issueTypes: software,
      hiddenFrom: ["ben"],
    },
  ];
}

function shopComponents(search: SandboxUser, checkout: SandboxUser): Component[] {
  return [
    {
      id: "10050",
      name: "Search",
      description: "Finding articles",
      lead: search,
    },
    { id: "10051", name: "Basket", description: "" },
    {
      id: "10052",
      name: "Checkout",
      description: "Address, payment, confirmation",
      lead: checkout,
    },
  ];
}

function shopVersions(base: Date): Version[] {
  return [
    version("10060", "1.0", base, -90),
    version("10061", "1.1", base, -26),
    version("10062", "1.2", base, 12),
    version("10063", "2.0", base, 60),
  ];
}

function firstOf(users: readonly SandboxUser[]): SandboxUser {
  const [first] = users;
  if (first === undefined) throw new Error("a site needs a user");
  return first;
}

function version(id: string, name: string, base: Date, releaseInDays: number): Version {
  const day = (days: number) => new Date(base.getTime() + days * dayMs).toISOString().slice(0, 10);
  return {
    id,
    name,
    description: `Release ${name}`,
    released: releaseInDays < 0,
    archived: false,
    startDate: day(releaseInDays - 30),
    releaseDate: day(releaseInDays),
  };
}

function seedBoards([shopProject, appProject, , securityProject]: Four): Board[] {
  return [
    { id: 1, name: "SHOP board", type: "scrum", project: shopProject },
    { id: 2, name: "APP board", type: "kanban", project: appProject },
    { id: 3, name: "SEC board", type: "scrum", project: securityProject },
  ];
}

function seedSprints(base: Date): Sprint[] {
  const sprint = (
    id: number,
    boardId: number,
    name: string,
    state: Sprint["state"],
    startsIn: number | undefined,
    goal: string,
  ): Sprint => {
    if (startsIn === undefined) return { id, boardId, name, goal, state };
    const start = new Date(base.getTime() + startsIn * dayMs + 9 * 3_600_000);
    const end = new Date(start.getTime() + 14 * dayMs);
    return {
      id,
      boardId,
      name,
      goal,
      state,
      start,
      end,
      completed: state === "closed" ? end : undefined,
    };
  };
  return [
    sprint(1, 1, "SHOP Sprint 1", "closed", -55, "Guests can pay"),
    sprint(2, 1, "SHOP Sprint 2", "closed", -41, "Fewer clicks"),
    sprint(3, 1, "SHOP Sprint 3", "active", -6, "Delivery dates before payment"),
    sprint(4, 1, "SHOP Sprint 4", "future", undefined, ""),
    sprint(5, 3, "SEC Sprint 1", "active", -9, "Close the worst findings"),
  ];
}
