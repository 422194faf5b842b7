import { forEachProduct, type Setting } from "../setting.ts";

const operator = { group: "server", audience: "operator" } as const;
const callers = { group: "callers", audience: "operator" } as const;

/** Transport, address and guards of the server. */
export const serverSettings: readonly Setting[] = [
  {
    ...operator,
    name: "TRANSPORT",
    flag: "--transport",
    type: "enum",
    values: ["stdio", "streamable-http", "sse"],
    synonyms: { http: "streamable-http" },
    default: "stdio",
    summary: "How clients talk to the server; sse adds the deprecated transport of 2024.",
  },
  {
    ...operator,
    name: "HOST",
    flag: "--host",
    type: "string",
    default: "127.0.0.1",
    summary: "Address to listen on; `0.0.0.0` for all interfaces, as in a container.",
  },
  {
    ...operator,
    name: "PORT",
    flag: "--port",
    type: "integer",
    min: 0,
    max: 65_535,
    default: "8000",
    summary: "Port to listen on; 0 picks a free one.",
  },
  {
    ...operator,
    name: "STREAMABLE_HTTP_PATH",
    flag: "--path",
    type: "string",
    defaultNote: "`/mcp`, or `/sse` with that transport",
    summary: "Path of the MCP endpoint.",
    example: "/mcp",
  },
  {
    ...operator,
    name: "STATELESS",
    flag: "--stateless",
    type: "boolean",
    default: "false",
    summary: "Serves each HTTP request on its own, without sessions.",
  },
  {
    ...operator,
    name: "MCP_ALLOWED_HOSTS",
    flag: "--allowed-hosts",
    type: "hosts",
    defaultNote: "loopback names when listening on loopback, else any",
    summary: "Values of the Host header that are answered; guards against DNS rebinding.",
    example: "mcp.example.com,mcp.example.com:8443",
  },
  {
    ...operator,
    name: "MCP_ALLOWED_ORIGINS",
    flag: "--allowed-origins",
    type: "origins",
    defaultNote: "loopback origins",
    summary: "Web origins whose pages may call the server.",
    example: "https://chat.example.com",
  },
];

/** Whose credentials serve an HTTP request. */
export const callerSettings: readonly Setting[] = [
  {
    ...callers,
    name: "ALLOW_GLOBAL_CRED_FALLBACK",
    type: "boolean",
    default: "false",
    summary: "Lets HTTP requests that carry no credentials act with those of the operator.",
  },
  {
    ...callers,
    name: "IGNORE_HEADER_AUTH",
    type: "boolean",
    default: "false",
    summary: "Ignores credentials in request headers; needs ALLOW_GLOBAL_CRED_FALLBACK.",
  },
  {
    ...callers,
    name: "MCP_ALLOWED_URL_DOMAINS",
    type: "domains",
    defaultNote: "none: callers cannot choose a site",
    summary:
      "Hosts that URL headers may name: domains with all below them, networks, `*` for any public one.",
    example: "example.com,*.example.org,10.20.0.0/16",
  },
  {
    ...callers,
    name: "ATLASSIAN_EXTERNAL_AUTH_ENABLE",
    type: "boolean",
    default: "false",
    summary: "Leaves signing in to a gateway in front: only passed-through headers say who asks.",
  },
  ...forEachProduct([
    {
      ...callers,
      suffix: "PASSTHROUGH_HEADERS",
      type: "list",
      separator: "comma",
      summary: "Names of request headers that are copied to the product.",
      example: "X-Forwarded-User",
    },
  ]),
  {
    ...callers,
    name: "MCP_ATLASSIAN_VALIDATION_CACHE_TTL",
    type: "integer",
    min: -1,
    max: 86_400,
    default: "300",
    summary:
      "Seconds for which a caller's checked credentials are not checked again; 0 checks each time.",
  },
  {
    ...callers,
    name: "MCP_ATLASSIAN_VALIDATION_CACHE_MAXSIZE",
    type: "integer",
    min: -1,
    max: 100_000,
    default: "100",
    summary: "How many callers' checked credentials are remembered.",
  },
];
