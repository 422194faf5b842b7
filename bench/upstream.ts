import { Agent, request } from "undici";

/** The request that every compared server makes upstream: one issue, the same fields, straight from the site. */
export interface Upstream {
  readonly url: string;
  readonly authorization: string;
}

const agent = new Agent({ connections: 64, pipelining: 1 });

export async function askDirectly({ url, authorization }: Upstream): Promise<unknown> {
  const answer = await request(url, { dispatcher: agent, headers: { authorization } });
  if (answer.statusCode !== 200) throw new Error(`upstream answered ${answer.statusCode}`);
  return answer.body.json();
}

export function closeDirect(): Promise<void> {
  return agent.close();
}
