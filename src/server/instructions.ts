import type { Selection } from "../tools/select.ts";
import { callToolName, findToolsName } from "./meta-tools.ts";

/** What a client's model is told once about this server. Under 2,000 characters, the most important first. */
export function instructionsFor(selection: Selection): string {
  const setup = setupHint(selection);
  const lines = [
    ...(setup ? [setup] : []),
    "Reads and writes Jira and Confluence as the signed-in user.",
    ...(selection.surface === "core"
      ? [
          `Only common tools are listed: ${findToolsName} finds the others, ${callToolName} calls them.`,
        ]
      : []),
    ...(selection.readOnly ? ["This connection is read-only."] : []),
    "Texts are Markdown in both directions. Keep tokens such as {opaque:…}, {status:…} and @[Name](accountid:…) " +
      "as they are when you send an edited text back: they stand for content that Markdown cannot express.",
    "Lists are paged: pass on the cursor or token of the answer to get more. Errors say what to do next.",
  ];
  return lines.join("\n");
}

/** What is missing when no product can be used; `undefined` when one can. */
export function setupHint({ products }: Selection): string | undefined {
  if (Object.keys(products).length > 0) return undefined;
  return (
    "No product is configured. Set JIRA_URL and CONFLUENCE_URL with JIRA_USERNAME/JIRA_API_TOKEN and " +
    "CONFLUENCE_USERNAME/CONFLUENCE_API_TOKEN (Cloud) or JIRA_PERSONAL_TOKEN and CONFLUENCE_PERSONAL_TOKEN " +
    "(Data Center), or start with --sandbox to try everything without an account."
  );
}
