import { describe, expect, it } from "vitest";
import { fakeJira, jiraSites, siteError } from "../../test/fakes/jira.ts";
import { assigneeReference, userReference } from "./users.ts";

const id = "5b10a2844c20165700ede210";

describe.each(jiraSites)("finding a person on $deployment", ({ deployment }) => {
  const isCloud = deployment === "cloud";
  const person = (number: number, displayName: string, email?: string) => ({
    ...(isCloud
      ? { accountId: `id${number}` }
      : { name: `user${number}`, key: `JIRAUSER${number}` }),
    displayName,
    emailAddress: email,
    active: true,
  });
  const reference = (number: number) =>
    isCloud ? { accountId: `id${number}` } : { name: `user${number}` };
  const site = (found: unknown[], more: Record<string, unknown> = {}) =>
    fakeJira(deployment, {
      "GET {root}/user": siteError("not_found"),
      "GET {root}/user/search": found,
      ...more,
    });

  it("by display name, accents and case aside", async () => {
    const { context, requests } = site([person(1, "José García"), person(2, "José Garcíaz")]);
    await expect(userReference(context, "jose garcia")).resolves.toEqual(reference(1));
    expect(requests.at(-1)?.query).toMatchObject(
      isCloud ? { query: "jose garcia" } : { username: "jose garcia" },
    );
  });

  it("by e-mail address, also where the site hides it", async () => {
    const shown = site([person(1, "Ada", "ada@example.com"), person(2, "Bo", "b@example.com")]);
    await expect(userReference(shown.context, "ADA@example.com")).resolves.toEqual(reference(1));
    const hidden = site([person(3, "Ada")]);
    await expect(userReference(hidden.context, "ada@example.com")).resolves.toEqual(reference(3));
  });

  it("lists the candidates when several people have the name", async () => {
    const { context } = site([person(1, "Ada"), person(2, "Ada")]);
    await expect(userReference(context, "Ada")).rejects.toMatchObject({
      code: "input",
      message: expect.stringContaining(isCloud ? "Ada [id1], Ada [id2]" : "Ada [user1]"),
    });
  });

  it("prefers people who are active", async () => {
    const { context } = site([{ ...person(1, "Ada"), active: false }, person(2, "Ada")]);
    await expect(userReference(context, "Ada")).resolves.toEqual(reference(2));
  });

  it("never guesses from similar names", async () => {
    const { context } = site([person(1, "Adam")]);
    await expect(userReference(context, "Ada")).rejects.toMatchObject({
      code: "not_found",
      message: expect.stringContaining("Adam"),
    });
  });

  it("names similar people once, however often they were found", async () => {
    const { context } = site([person(1, "Adam")], {
      "GET {root}/user/assignable/search": [person(1, "Adam"), person(2, "Adaline")],
    });
    const scope = { issueKey: "PROJ-1" };
    const mark = isCloud ? "id" : "user";
    await expect(userReference(context, "Ada", scope)).rejects.toMatchObject({
      message: expect.stringContaining(`: Adam [${mark}1], Adaline [${mark}2].`),
    });
  });

  it("asks who can be assigned when the search finds nobody", async () => {
    const { context, requests } = site([], {
      "GET {root}/user/assignable/search": [person(4, "Ada")],
    });
    const scope = { issueKey: "PROJ-1" };
    await expect(userReference(context, "Ada", scope)).resolves.toEqual(reference(4));
    expect(requests.at(-1)?.query).toMatchObject({ issueKey: "PROJ-1" });
  });

  it("takes the word me", async () => {
    const { jira, requests } = fakeJira(deployment, {
      "GET {root}/myself": person(5, "Ada", "a@b.c"),
    });
    const profile = await jira.users.profile("me");
    expect(profile).toMatchObject({ display_name: "Ada", email: "a@b.c", active: true });
    expect(requests).toHaveLength(1);
  });

  it.each(["", "none", "Unassigned"])("reads %j as nobody", async (word) => {
    const { context } = fakeJira(deployment, {});
    await expect(assigneeReference(context, word)).resolves.toBeNull();
  });

  it("lets Jira choose", async () => {
    const { context } = fakeJira(deployment, {});
    await expect(assigneeReference(context, "-1")).resolves.toEqual(
      isCloud ? { accountId: "-1" } : { name: "-1" },
    );
  });

  it("passes on refusals of the search", async () => {
    const { context } = site([], { "GET {root}/user/search": siteError("rate_limited") });
    await expect(userReference(context, "Ada")).rejects.toMatchObject({ code: "rate_limited" });
  });
});

it("uses an account id without asking on Cloud", async () => {
  const { context, requests } = fakeJira("cloud", {});
  await expect(userReference(context, `accountid:${id}`)).resolves.toEqual({ accountId: id });
  expect(requests).toHaveLength(0);
});

it("turns a user key into the username on Data Center", async () => {
  const { context, sent } = fakeJira("datacenter", {
    "GET {root}/user": { name: "ada", key: "JIRAUSER10100", displayName: "Ada" },
  });
  await expect(userReference(context, "JIRAUSER10100")).resolves.toEqual({ name: "ada" });
  expect(sent()).toEqual(["GET {root}/user?key=JIRAUSER10100"]);
});
