import { letIn, type Person } from "../server/onboarding.ts";

/** The server that clients are pointed at. */
export interface Target {
  /** For the line of the report. */
  readonly name: string;
  readonly url: string;
  /** Of the transport of 2024. */
  readonly sseUrl: string;
  /** Sent with each request. Without it the client gets nothing but the address and `person` signs in. */
  readonly authorization?: string | undefined;
  readonly person: Person;
}

/** What every client is asked to do. */
export const search = {
  name: "jira_search",
  arguments: { jql: "assignee = currentUser()", limit: 2 },
};

/** @throws Error unless it is the list of our tools. */
export function checkList(list: unknown): string {
  const tools =
    (list as { tools?: readonly { name?: unknown }[] }).tools ?? (list as { name?: unknown }[]);
  if (!Array.isArray(tools) || !tools.some(({ name }) => name === search.name)) {
    throw new Error(`not our tools: ${JSON.stringify(list).slice(0, 500)}`);
  }
  return `${tools.length} tools`;
}

/** @throws Error unless it is the result of {@link search}. */
export function checkResult(result: unknown): string {
  const { content, isError } = result as { content?: { text?: string }[]; isError?: boolean };
  const text = content?.[0]?.text ?? JSON.stringify(result);
  const issues = isError === true ? undefined : issuesIn(text);
  if (issues !== 2) throw new Error(`not two issues: ${text.slice(0, 500)}`);
  return "2 issues";
}

function issuesIn(text: string): number | undefined {
  try {
    return (JSON.parse(text) as { issues?: readonly unknown[] }).issues?.length;
  } catch {
    return undefined;
  }
}

/**
 * Watches what a program prints for the address at which it wants its user to sign in, and has the person do so.
 *
 * @returns the watcher, and what became of the sign-in.
 */
export function signInWhenAsked({ person, url }: Target): {
  readonly watch: (output: string) => void;
  readonly done: () => Promise<void>;
} {
  const { origin } = new URL(url);
  let visit: Promise<Error | undefined> | undefined;
  const open = async (address: string): Promise<Error | undefined> => {
    try {
      const callback = await letIn(address, person);
      const answer = await fetch(callback);
      await answer.text();
      return answer.ok ? undefined : new Error(`the client's callback answers ${answer.status}`);
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  };
  return {
    watch(output) {
      const address = new RegExp(`${origin}/authorize\\?[^\\s"']+`).exec(output)?.[0];
      if (address !== undefined && output.includes(`${address}\n`)) visit ??= open(address);
    },
    async done() {
      const error = await visit;
      if (error !== undefined) throw error;
    },
  };
}
