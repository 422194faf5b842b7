import manifest from "../../package.json" with { type: "json" };

/** Name and version, as MCP clients and Atlassian's logs see them. */
export const identity = {
  name: manifest.name,
  title: "Jira and Confluence",
  version: manifest.version,
} as const;

export const userAgent = `${identity.name}/${identity.version}`;
