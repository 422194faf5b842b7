import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { basic, jiraClient } from "../../../../test/fakes/sandbox-client.ts";
import { type Sandbox, startSandbox } from "../../server.ts";

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ now: () => new Date("2026-03-11T12:00:00Z") });
});
afterEach(() => sandbox.reset());
afterAll(() => sandbox.close());

const noCheck = { "x-atlassian-token": "no-check" };

describe.each(["cloud", "datacenter"] as const)("attachments on %s", (deployment) => {
  const api = deployment === "cloud" ? "/rest/api/3" : "/rest/api/2";
  const send = (method: string, path: string) =>
    jiraClient(sandbox, deployment)(method, api + path);
  const found = async (jql: string) =>
    (
      await jiraClient(sandbox, deployment)(
        "GET",
        `/rest/api/2${searchPath}${encodeURIComponent(jql)}`,
      )
    ).body.issues.map(({ key }: { key: string }) => key);
  const searchPath =
    deployment === "cloud" ? "/search/jql?fields=key&jql=" : "/search?fields=key&jql=";

  async function upload(
    files: readonly File[],
    options: {
      readonly headers?: Record<string, string>;
      readonly issue?: string;
      readonly user?: number;
    } = {},
  ) {
    const { headers = noCheck, issue = "SHOP-6", user = 0 } = options;
    const person = sandbox.users[user] ?? sandbox.users[0];
    const authorization =
      deployment === "cloud"
        ? basic(person.email, person.apiToken)
        : `Bearer ${person.personalToken}`;
    const base = deployment === "cloud" ? sandbox.urls.cloud : sandbox.urls.jiraDataCenter;
    const form = new FormData();
    form.append("comment", "is left aside");
    for (const file of files) form.append("file", file);
    const response = await fetch(`${base}${api}/issue/${issue}/attachments`, {
      method: "POST",
      headers: { authorization, ...headers },
      body: form,
    });
    const text = await response.text();
    return { status: response.status, body: text.startsWith("[") ? JSON.parse(text) : undefined };
  }

  it("are added, listed, found, described and part of the history", async () => {
    const { status, body } = await upload([
      new File(["grüße"], "Größe 1.txt"),
      new File([new Uint8Array(9)], "plan.png"),
    ]);
    expect({ status, body }).toMatchObject({
      status: 200,
      body: [
        {
          filename: "Größe 1.txt",
          size: 7,
          mimeType: "text/plain",
          author: { displayName: "Ada Moreno" },
          created: "2026-03-11T12:00:00.000+0000",
        },
        { filename: "plan.png", mimeType: "image/png", thumbnail: expect.any(String) },
      ],
    });
    const issue = (await send("GET", "/issue/SHOP-6?fields=attachment&expand=changelog")).body;
    expect(issue.fields.attachment).toEqual(body);
    expect(JSON.stringify(issue.changelog)).toContain('"toString":"Größe 1.txt"');
    const meta = (await send("GET", `/attachment/${body[0].id}`)).body;
    expect(meta).toMatchObject({ filename: "Größe 1.txt", size: 7 });
    expect(await found("project = SHOP AND attachments is not EMPTY")).toEqual(["SHOP-6"]);
  });

  it("are taken only with the header that forged requests cannot have", async () => {
    const files = [new File(["x"], "x.txt")];
    expect(await upload(files, { headers: {} })).toMatchObject({ status: 403 });
    expect((await send("GET", "/issue/SHOP-6?fields=attachment")).body.fields.attachment).toEqual(
      [],
    );
  });

  it("are refused where the issue is absent or hidden, and without a file", async () => {
    const files = [new File(["x"], "x.txt")];
    expect(await upload(files, { issue: "NONE-1" })).toMatchObject({ status: 404 });
    expect(await upload([])).toMatchObject({ status: 400 });
    const json = jiraClient(sandbox, deployment);
    expect(await json("POST", `${api}/issue/SHOP-6/attachments`, {})).toMatchObject({
      status: 415,
    });
  });

  it("have a limit that the site tells", async () => {
    const { uploadLimit } = (await send("GET", "/attachment/meta")).body;
    const status = deployment === "cloud" ? 413 : 404;
    const large = new File([new Uint8Array(uploadLimit + 1)], "large.bin");
    expect(await upload([large])).toMatchObject({ status });
    const many = Array.from({ length: 61 }, (_, index) => new File(["x"], `${index}.txt`));
    expect(await upload(many)).toMatchObject({ status });
  });

  it("of hidden issues are not described", async () => {
    const [{ id }] = (await upload([new File(["x"], "x.txt")], { issue: "SEC-1" })).body;
    const other = jiraClient(sandbox, deployment, 1);
    expect(await other("GET", `${api}/attachment/${id}`)).toMatchObject({ status: 403 });
    expect(await other("GET", `${api}/attachment/1`)).toMatchObject({ status: 404 });
    expect(await upload([new File(["x"], "x.txt")], { issue: "SEC-1", user: 1 })).toMatchObject({
      status: 404,
    });
  });
});
