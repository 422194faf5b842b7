import { describe, expect, it } from "vitest";
import { answerError, cloud, dataCenter, notFound } from "./dialect/test-sites.ts";

const query = { text: "ada", limit: 10, group: "confluence-users" };

describe("people on cloud", () => {
  const hit = {
    title: "Ada Lovelace",
    user: {
      accountId: "5b10",
      displayName: "Ada Lovelace",
      email: "",
      profilePicture: { path: "/wiki/aa-avatar/5b10" },
    },
  };

  it("are found by name, quotes escaped", async () => {
    const { confluence, requests } = cloud.open({
      "GET /rest/api/search/user": { results: [hit] },
    });
    expect(await confluence.users.search({ ...query, text: 'Ada "A"' })).toEqual({
      results: [
        {
          entity_type: "user",
          title: "Ada Lovelace",
          user: {
            account_id: "5b10",
            display_name: "Ada Lovelace",
            profile_picture: "https://acme.example/wiki/aa-avatar/5b10",
          },
        },
      ],
    });
    expect(requests[0]?.query).toEqual({ cql: 'user.fullname ~ "Ada \\"A\\""', limit: "10" });
  });

  it("are found by CQL as it is", async () => {
    const { confluence, requests } = cloud.open({ "GET /rest/api/search/user": { results: [] } });
    await confluence.users.search({ ...query, text: 'user.fullname ~ "Ada"' });
    expect(requests[0]?.query["cql"]).toBe('user.fullname ~ "Ada"');
  });

  it("come with a note when there may be more", async () => {
    const { confluence } = cloud.open({ "GET /rest/api/search/user": { results: [hit] } });
    expect(await confluence.users.search({ ...query, limit: 1 })).toHaveProperty("note");
  });
});

describe("people on datacenter", () => {
  const member = (username: string, displayName: string) => ({
    type: "known",
    username,
    userKey: `key-${username}`,
    displayName,
  });

  it("are found in the group, over its pages, and by exact username", async () => {
    const { confluence, requests } = dataCenter.open({
      "GET /rest/api/user": member("ada", "Countess"),
      "GET /rest/api/group/confluence-users/member": ({
        query: { start },
      }: {
        query: Record<string, unknown>;
      }) =>
        start === "0"
          ? { results: [member("bob", "Bob"), member("a2", "ADA Two")], _links: { next: "/x" } }
          : { results: [member("ada", "Countess")], _links: {} },
    });
    const { results } = await confluence.users.search(query);
    expect(results.map(({ user }) => user)).toEqual([
      { username: "ada", user_key: "key-ada", display_name: "Countess" },
      { username: "a2", user_key: "key-a2", display_name: "ADA Two" },
    ]);
    expect(requests.filter(({ path }) => path.includes("group"))).toHaveLength(2);
  });

  it("are found by key and by the text in CQL", async () => {
    const { confluence, requests } = dataCenter.open({
      "GET /rest/api/user": notFound,
      "GET /rest/api/group/confluence-users/member": { results: [], _links: {} },
    });
    await confluence.users.search({ ...query, text: 'user.fullname ~ "JIRAUSER10100"' });
    expect(requests.map(({ query: sent }) => sent)).toContainEqual({ key: "JIRAUSER10100" });
  });

  it("come with a note when the group may not be read", async () => {
    const { confluence } = dataCenter.open({
      "GET /rest/api/user": member("ada", "Countess"),
      "GET /rest/api/group/confluence-users/member": answerError("forbidden", 403),
    });
    expect(await confluence.users.search(query)).toMatchObject({
      results: [{ title: "Countess" }],
      note: expect.stringContaining("confluence-users"),
    });
  });

  it("are left unnamed in a page when they cannot be looked up", async () => {
    const { confluence } = dataCenter.open({
      ...dataCenter.readPage({ body: `<p>${dataCenter.mention}</p>` }),
      "GET /rest/api/user": answerError("upstream", 503),
    });
    const read = { page: "123", metadata: false, markdown: true };
    expect(await confluence.pages.get(read)).toMatchObject({
      content: { value: expect.stringContaining("userkey:JIRAUSER10100") },
    });
  });

  it("stops looking through a group at a bound", async () => {
    const page = Array.from({ length: 200 }, (_, at) => member(`u${at}`, `U ${at}`));
    const { confluence, requests } = dataCenter.open({
      "GET /rest/api/user": notFound,
      "GET /rest/api/group/confluence-users/member": { results: page, _links: { next: "/x" } },
    });
    expect(await confluence.users.search({ ...query, text: "nobody" })).toMatchObject({
      results: [],
      note: expect.stringContaining("2000"),
    });
    expect(requests.length).toBeLessThan(13);
  });
});

describe.each([cloud, dataCenter])("people on $deployment", (site) => {
  it("are not searched for without a text", async () => {
    const { confluence } = site.open({});
    await expect(confluence.users.search({ ...query, text: " " })).rejects.toMatchObject({
      code: "input",
    });
  });
});
