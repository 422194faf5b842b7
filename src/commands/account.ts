import { z } from "zod";
import { parseAnswer } from "../atlassian/parse.ts";
import type { Account, Fetch, Issuer } from "../auth/oauth/types.ts";
import { AtlassianMcpError } from "../errors.ts";

const person = z.object({
  key: z.string().optional(),
  userKey: z.string().optional(),
  name: z.string().optional(),
  username: z.string().optional(),
  displayName: z.string().optional(),
  emailAddress: z.string().optional(),
});

/**
 * Whom a token of a Data Center site acts for: the first request that is made with it.
 *
 * @throws AtlassianMcpError `auth` when the site does not take its own token; as the fetch does.
 */
export async function accountAt(
  fetch: Fetch,
  { product, baseUrl }: Extract<Issuer, { readonly kind: "datacenter" }>,
  token: string,
  signal: AbortSignal,
): Promise<Account> {
  const path = product === "jira" ? "rest/api/2/myself" : "rest/api/user/current";
  const url = `${baseUrl.href.replace(/\/+$/, "")}/${path}`;
  const headers = { accept: "application/json", authorization: `Bearer ${token}` };
  const response = await fetch(url, { headers, signal });
  const operation = `GET /${path}`;
  if (!response.ok) {
    const text = `${baseUrl.host} gave a token and does not accept it (status ${response.status})`;
    throw new AtlassianMcpError("auth", text, {
      status: response.status,
      operation,
      product,
      next: "Check the scope that the site's application link allows, and whether a proxy in between removes the Authorization header.",
    });
  }
  const me = parseAnswer(person, await bodyOf(response), operation);
  const id = me.key ?? me.userKey ?? me.name ?? me.username ?? "";
  return { id, name: me.displayName, email: me.emailAddress };
}

async function bodyOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}
