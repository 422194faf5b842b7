import { createHash } from "node:crypto";
import { modernCall } from "./harness.ts";
import { letIn, type Person, plainly, type Take } from "./onboarding.ts";

export interface TokenAnswer {
  readonly access_token: string;
  readonly refresh_token: string;
}

const redirect = "http://127.0.0.1:5555/callback";
const verifier = "v".repeat(43);
const issue = { issue_key: "SHOP-1", fields: "summary" };

/** A client that takes each step of a login by hand, so that something can happen before each of them. */
export class LoginClient {
  readonly #base: string;
  readonly #take: Take;
  #id = "";

  constructor(base: string, take: Take = plainly) {
    this.#base = base;
    this.#take = take;
  }

  /** From nothing to tokens. */
  async login(person: Person = {}): Promise<TokenAnswer> {
    return (await this.redeem(await this.authorize(person))).json() as Promise<TokenAnswer>;
  }

  /** Registers and has the person sign in; gives the code. */
  async authorize(person: Person = {}): Promise<string> {
    const registered = await this.#send("/register", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        client_name: "Tests",
        redirect_uris: [redirect],
        grant_types: ["authorization_code", "refresh_token"],
        token_endpoint_auth_method: "none",
      }),
    });
    this.#id = ((await registered.json()) as { client_id: string }).client_id;
    const query = new URLSearchParams({
      response_type: "code",
      client_id: this.#id,
      redirect_uri: redirect,
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      code_challenge_method: "S256",
      resource: `${this.#base}/mcp`,
      state: "s",
    });
    const back = await letIn(`${this.#base}/authorize?${query}`, {
      ...person,
      take: this.#take,
    });
    return back.searchParams.get("code") ?? "";
  }

  redeem(code: string): Promise<Response> {
    return this.#token({
      grant_type: "authorization_code",
      code,
      redirect_uri: redirect,
      code_verifier: verifier,
    });
  }

  refresh(token: string): Promise<Response> {
    return this.#token({ grant_type: "refresh_token", refresh_token: token });
  }

  async read(accessToken: string): Promise<{ status: number; text: string }> {
    const { headers, body } = modernCall("jira_get_issue", issue);
    const authorization = `Bearer ${accessToken}`;
    const init = { method: "POST", headers: { ...headers, authorization }, body };
    const answer = await this.#send("/mcp", init);
    return { status: answer.status, text: await answer.text() };
  }

  #token(fields: Record<string, string>): Promise<Response> {
    const body = new URLSearchParams({ ...fields, client_id: this.#id });
    return this.#send("/token", { method: "POST", body });
  }

  #send(path: string, init: RequestInit): Promise<Response> {
    const url = `${this.#base}${path}`;
    return this.#take(url, () => fetch(url, init));
  }
}
