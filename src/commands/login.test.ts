import { describe, expect, it } from "vitest";
import {
  type Answers,
  accepting,
  fakeOutside,
  fakeTerminal,
  plainLogin,
  settingsOf,
  type TerminalOptions,
} from "../../test/fakes/command-world.ts";
import type { LoginFlags } from "../config/command-request.ts";
import { AtlassianMcpError } from "../errors.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { runLogin } from "./login.ts";

const acme = {
  id: "11111111-2222-3333-4444-555555555555",
  name: "acme",
  url: "https://acme.atlassian.net",
  scopes: [],
};
const labs = {
  ...acme,
  id: "11111111-2222-3333-4444-666666666666",
  name: "labs",
  url: "https://labs.atlassian.net",
};
const tokens = {
  access_token: "access",
  refresh_token: "refresh",
  expires_in: 3600,
  token_type: "Bearer",
  scope: "",
};

const cloud: Answers = {
  "POST https://auth.atlassian.com/oauth/token": () => Response.json(tokens),
  "GET https://api.atlassian.com/oauth/token/accessible-resources": () => Response.json([acme]),
  "GET https://api.atlassian.com/me": () => Response.json({ account_id: "ann", name: "Ann" }),
};

const app = {
  ATLASSIAN_OAUTH_CLIENT_ID: "the-client",
  ATLASSIAN_OAUTH_CLIENT_SECRET: "the-secret",
};
const atAcme = { ...app, JIRA_URL: "https://acme.atlassian.net" };

interface Scene {
  readonly env?: Readonly<Record<string, string>>;
  readonly answers?: Answers;
  readonly terminal?: TerminalOptions;
  readonly flags?: Partial<LoginFlags>;
  readonly store?: ReturnType<typeof createMemoryStore>;
}

async function play({ env = atAcme, answers = {}, terminal, flags, store }: Scene) {
  const screen = fakeTerminal({ browser: accepting, ...terminal });
  const outside = fakeOutside({ ...cloud, ...answers }, store);
  const input = { settings: settingsOf(env), flags: { ...plainLogin, ...flags }, terminal: screen };
  const code = await runLogin({ ...input, outside });
  const kept = await outside.store.get("grant:cloud:auth.atlassian.com:the-client");
  return { code, screen, outside, grant: kept === undefined ? undefined : JSON.parse(kept) };
}

describe("auth login", () => {
  it("keeps the grant with its site and its owner, and shows no secret", async () => {
    const { code, screen, grant } = await play({});
    expect(code).toBe(0);
    expect(grant).toMatchObject({
      accessToken: "access",
      cloudId: acme.id,
      account: { name: "Ann" },
    });
    const shown = screen.printed() + screen.told();
    expect(shown).toContain("ATLASSIAN_OAUTH_CLIENT_SECRET_FILE");
    for (const secret of ["the-secret", "refresh\n", '"access"'])
      expect(shown).not.toContain(secret);
  });

  it("asks for what the tools in use need, protected by state and PKCE", async () => {
    const { screen } = await play({ env: { ...atAcme, READ_ONLY_MODE: "true" } });
    const [url] = screen.opened;
    const asked = url?.searchParams.get("scope")?.split(" ");
    expect(asked).toEqual(expect.arrayContaining(["offline_access", "read:me", "read:jira-work"]));
    expect(asked?.some((scope) => scope.startsWith("write:"))).toBe(false);
    expect(url?.searchParams.get("code_challenge_method")).toBe("S256");
    expect(url?.searchParams.get("state")).toHaveLength(43);
  });

  it("asks for the settings' scopes where there are any, and for offline_access in any case", async () => {
    const { screen } = await play({ env: { ...atAcme, ATLASSIAN_OAUTH_SCOPE: "read:jira-work" } });
    expect(screen.opened[0]?.searchParams.get("scope")).toBe("read:jira-work offline_access");
    expect(screen.told()).toContain("offline_access is added");
  });

  it("goes on without a browser", async () => {
    const terminal = {
      browser(url: URL, screen: { type(line: string): void }): undefined {
        screen.type(accepting(url));
        throw new Error("no browser here");
      },
    };
    expect((await play({ terminal })).code).toBe(0);
  });

  it("tells which tools will not work with what was granted", async () => {
    const granted = { ...tokens, scope: "offline_access read:me read:jira-work" };
    const { code, screen } = await play({
      answers: { "POST https://auth.atlassian.com/oauth/token": () => Response.json(granted) },
    });
    expect(code).toBe(0);
    expect(screen.printed()).toMatch(/jira_create_issue.*Missing: .*write:jira-work/);
  });

  it.each<[string, Answers]>([
    [
      "there is no refresh token",
      {
        "POST https://auth.atlassian.com/oauth/token": () =>
          Response.json({ ...tokens, refresh_token: undefined }),
      },
    ],
    [
      "no site is reached",
      { "GET https://api.atlassian.com/oauth/token/accessible-resources": () => Response.json([]) },
    ],
    [
      "the site of the settings is not reached",
      {
        "GET https://api.atlassian.com/oauth/token/accessible-resources": () =>
          Response.json([labs]),
        "GET https://acme.atlassian.net/_edge/tenant_info": () =>
          Response.json({ cloudId: acme.id }),
      },
    ],
    [
      "the code is refused",
      {
        "POST https://auth.atlassian.com/oauth/token": () =>
          Response.json({ error: "invalid_grant" }, { status: 403 }),
      },
    ],
  ])("fails and keeps nothing when %s", async (_, answers) => {
    const { code, grant, screen } = await play({ answers });
    expect({ code, grant, printed: screen.printed() }).toEqual({
      code: 1,
      grant: undefined,
      printed: "",
    });
  });

  it("finds a site behind a domain of its own by its id", async () => {
    const env = { ...app, JIRA_URL: "https://jira.acme.example", JIRA_DEPLOYMENT: "cloud" };
    const tenant = () => Response.json({ cloudId: acme.id });
    const { code, grant } = await play({
      env,
      answers: { "GET https://jira.acme.example/_edge/tenant_info": tenant },
    });
    expect(code).toBe(0);
    expect(grant.cloudId).toBe(acme.id);
  });

  it("refuses a Cloud site that looks like Data Center", async () => {
    const { code, screen } = await play({
      env: { ...app, JIRA_URL: "https://jira.acme.example" },
      answers: {
        "GET https://jira.acme.example/_edge/tenant_info": () =>
          Response.json({ cloudId: acme.id }),
      },
    });
    expect(code).toBe(1);
    expect(screen.told()).toContain("JIRA_DEPLOYMENT");
  });

  it("is known to fail before anybody signs in when nothing can be stored", async () => {
    const store = {
      ...createMemoryStore(),
      put: () => Promise.reject(new AtlassianMcpError("config", "The disk is full")),
    };
    const { code, screen } = await play({ store });
    expect(code).toBe(1);
    expect(screen.opened).toEqual([]);
  });

  it("does not store in memory, which ends with the command", async () => {
    const { code, screen } = await play({ env: { ...atAcme, ATLASSIAN_STORE_URL: "memory:" } });
    expect(code).toBe(1);
    expect(screen.told()).toContain("ATLASSIAN_STORE_URL");
  });

  it("ends when the time is over, having said how much is left", async () => {
    const { code, screen } = await play({ terminal: { browser: () => undefined } });
    expect(code).toBe(1);
    expect(screen.told()).toMatch(/4 minutes left.*30 s left/s);
  });

  it("ends with 130 when it is interrupted", async () => {
    const browser = (_: URL, screen: { interrupt(): void }) => void screen.interrupt();
    const { code, grant } = await play({ terminal: { browser } });
    expect({ code, grant }).toEqual({ code: 130, grant: undefined });
  });
});

describe("auth login at a terminal", () => {
  it("asks only for what settings do not say", async () => {
    const { JIRA_URL } = atAcme;
    const { code, screen } = await play({
      env: { JIRA_URL, ATLASSIAN_OAUTH_CLIENT_ID: "the-client" },
      terminal: { isInteractive: true, answers: ["typed-secret"] },
    });
    expect(code).toBe(0);
    expect(screen.questions).toEqual([
      expect.stringMatching(/secret/),
      expect.stringMatching(/Callback/),
    ]);
    expect(screen.printed() + screen.told()).not.toContain("typed-secret");
  });

  it("begins with the site's address where nothing is set; Cloud gives both products", async () => {
    const answers = ["https://acme.atlassian.net/jira/projects", "the-client", "typed-secret"];
    const { code, screen } = await play({ env: {}, terminal: { isInteractive: true, answers } });
    expect(code).toBe(0);
    expect(screen.printed()).toMatch(/^JIRA_URL=https:\/\/acme.atlassian.net$/m);
    expect(screen.printed()).toMatch(/^CONFLUENCE_URL=https:\/\/acme.atlassian.net\/wiki$/m);
  });

  it("asks which of several sites is meant", async () => {
    const both = () => Response.json([acme, labs]);
    const { grant } = await play({
      env: app,
      answers: { "GET https://api.atlassian.com/oauth/token/accessible-resources": both },
      terminal: { isInteractive: true, answers: [undefined, labs.id] },
    });
    expect(grant).toMatchObject({ cloudId: labs.id });
  });

  it("ends with 130 when a question is cancelled", async () => {
    const { code } = await play({ env: {}, terminal: { isInteractive: true, answers: [] } });
    expect(code).toBe(130);
  });
});
