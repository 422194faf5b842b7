import {
  type CallToolResult,
  type ListToolsResult,
  ProtocolError,
  Server,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { Deployment, Product } from "../atlassian/site.ts";
import type { Caller } from "../auth/caller.ts";
import type { Connection, Resolution } from "../auth/connection.ts";
import { resolveConnection } from "../auth/resolve.ts";
import { AtlassianMcpError } from "../errors.ts";
import { closest } from "../spelling.ts";
import { catalogue, findEntry, type ToolEntry } from "../tools/catalogue.ts";
import { hiddenBecause, isListed, type Selection } from "../tools/select.ts";
import { Connections } from "./connections.ts";
import { identity } from "./identity.ts";
import { instructionsFor, setupHint } from "./instructions.ts";
import {
  callToolName,
  findTools,
  findToolsName,
  type ListedTool,
  metaTools,
  readInnerCall,
} from "./meta-tools.ts";
import { type CallRecord, recordCall, traceCall } from "./operations/call-record.ts";
import { errorResultOf, resultOf } from "./result.ts";
import type { RequestScope, Runtime } from "./runtime.ts";
import { allows, mayOnlyRead, scopeMissing } from "./user-scopes.ts";

const invalidParams = -32602;
const oneHourMs = 3_600_000;

/** Where the transports get their servers from. */
export interface ServerSource {
  /** Tool calls that were accepted and not answered yet. */
  readonly running: number;
  /** A server for one caller. */
  build(scope: RequestScope): Server;
}

/** Makes MCP servers, one per request (HTTP) or connection (stdio). Everything costly is shared between them. */
export class ServerBuilder implements ServerSource {
  readonly #runtime: Runtime;
  readonly #connections: Connections;
  readonly #lists = new Map<string, ListToolsResult>();
  #loaded: Promise<ToolCode> | undefined;
  #running = 0;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    this.#connections = new Connections(runtime);
  }

  get running(): number {
    return this.#running;
  }

  build({ caller, policy, request: http }: RequestScope): Server {
    const { access, authRules } = this.#runtime;
    const resolutions = {
      jira: resolveConnection("jira", access, caller, authRules),
      confluence: resolveConnection("confluence", access, caller, authRules),
    };
    const selection = { ...policy, products: productsOf(resolutions) };
    const server = new Server(
      { name: identity.name, title: identity.title, version: identity.version },
      {
        capabilities: { tools: { listChanged: false } },
        instructions: instructionsFor(selection),
        cacheHints: {
          "tools/list": { ttlMs: oneHourMs, cacheScope: "private" },
          "server/discover": { ttlMs: oneHourMs, cacheScope: "private" },
        },
      },
    );
    server.setRequestHandler("tools/list", () => this.#listOf(selection));
    server.setRequestHandler("tools/call", (request, context) => {
      const { name, arguments: args } = request.params;
      const clientOf = () => server.getClientVersion();
      const record = { request: http };
      const scope = { caller, resolutions, selection };
      return this.#traced({ name, args: args ?? {}, ...scope, context, record, clientOf });
    });
    return server;
  }

  #listOf(selection: Selection): ListToolsResult {
    const key = keyOf(selection);
    const known = this.#lists.get(key);
    if (known) return known;
    const usable = catalogue.filter((entry) => hiddenBecause(entry, selection) === undefined);
    const listed = usable.filter((entry) => isListed(entry, selection)).map(asListed);
    const tools: readonly ListedTool[] =
      selection.surface === "core" ? [...metaTools(selection.readOnly), ...listed] : listed;
    // Narrowing queries are the callers' choice: their number must not grow without bound.
    if (this.#lists.size >= 100) this.#lists.clear();
    // The SDK types schemas as arbitrary JSON; ours say more, and TypeScript cannot relate the two.
    const list = { tools } as unknown as ListToolsResult;
    this.#lists.set(key, list);
    return list;
  }

  #traced(call: Call): Promise<CallToolResult> {
    const tool = findEntry(call.name)?.name ?? "unknown";
    const { operations } = this.#runtime;
    const { record, context } = call;
    return traceCall(operations, tool, record.request, context.mcpReq, (failed) =>
      this.#call(call, failed),
    );
  }

  async #call(call: Call, failed: (code: string) => void): Promise<CallToolResult> {
    const { operations, log } = this.#runtime;
    const requestId = call.record.request?.requestId;
    this.#running++;
    operations.metrics.callStarted();
    const started = performance.now();
    let outcome = "ok";
    try {
      return await this.#dispatch(call);
    } catch (error) {
      if (error instanceof ProtocolError) {
        outcome = "protocol";
        throw error;
      }
      // Nobody waits for an answer any more; what the abort broke on its way out is no failure of ours.
      if (call.context.mcpReq.signal.aborted) {
        outcome = "cancelled";
        return resultOf("Cancelled.");
      }
      outcome = error instanceof AtlassianMcpError ? error.code : "internal";
      failed(outcome);
      return errorResultOf(error, call.name, log, requestId);
    } finally {
      this.#running--;
      const ms = Math.round(performance.now() - started);
      log.debug("tool.called", { requestId, tool: call.name.slice(0, 64), outcome, ms });
      const accountOf = (connection: Connection) =>
        signedInAccount(call.caller, connection) ?? this.#connections.accountOf(connection);
      recordCall(operations, call.record, { outcome, ms, accountOf, clientOf: call.clientOf });
    }
  }

  #dispatch(call: Call): Promise<CallToolResult> | CallToolResult {
    if (call.selection.surface === "core") {
      if (call.name === findToolsName) {
        const usable = catalogue.filter(
          (entry) => hiddenBecause(entry, call.selection) === undefined,
        );
        return findTools(usable, call.args, setupHint(call.selection));
      }
      if (call.name === callToolName) {
        const inner = readInnerCall(call.args);
        return this.#run({ ...call, name: inner.name, args: inner.arguments });
      }
    }
    return this.#run(call);
  }

  async #run({
    name,
    args,
    caller,
    resolutions,
    selection,
    context,
    record,
  }: Call<unknown>): Promise<CallToolResult> {
    const entry = findEntry(name) ?? throwUnknown(name, selection);
    record.entry = entry;
    record.args = args;
    const resolution = resolutions[entry.product];
    const reason = hiddenBecause(entry, selection);
    if (resolution.kind === "refusal") throw resolution.error;
    record.connection = resolution.connection;
    if (reason !== undefined) throw hidden(entry, reason, selection);
    if (!allows(caller, entry)) throw scopeMissing(entry);
    const { toolsByName, parseArguments } = await this.#code();
    const tool = toolsByName.get(entry.name) ?? throwUnknown(name, selection);
    const parsed = parseArguments(tool, args);
    const { signal } = context.mcpReq;
    const options = {
      signal,
      readOnly: selection.readOnly || mayOnlyRead(caller, entry.product),
      requestId: record.request?.requestId,
    };
    const client = await this.#connections.open(resolution.connection, options);
    record.value = await tool.run(parsed, { client, signal, progress: progressOf(context) });
    return resultOf(record.value);
  }

  /** The tools' code, loaded at the first call. Importing it again each time would cost more than some calls do. */
  #code(): Promise<ToolCode> {
    this.#loaded ??= Promise.all([
      import("../tools/registry.ts"),
      import("../tools/arguments.ts"),
    ]).then(([{ toolsByName }, { parseArguments }]) => ({ toolsByName, parseArguments }));
    return this.#loaded;
  }
}

/** Whoever signed in here said then who they are. */
function signedInAccount(caller: Caller, { credential }: Connection): string | undefined {
  const isTheirs = caller.kind === "http" && credential.kind === "user";
  return isTheirs ? caller.user?.account : undefined;
}

interface ToolCode {
  readonly toolsByName: typeof import("../tools/registry.ts").toolsByName;
  readonly parseArguments: typeof import("../tools/arguments.ts").parseArguments;
}

type Resolutions = Readonly<Record<Product, Resolution>>;

function productsOf(resolutions: Resolutions): Selection["products"] {
  const products: Partial<Record<Product, Deployment | "unsure">> = {};
  for (const product of ["jira", "confluence"] as const) {
    const resolution = resolutions[product];
    if (resolution.kind === "connection") products[product] = resolution.connection.deployment;
  }
  return products;
}

function hidden(entry: ToolEntry, reason: string, { surface }: Selection): AtlassianMcpError {
  const others = surface === "core" ? `${findToolsName} finds what is possible` : "see the list";
  return new AtlassianMcpError("unsupported", `${entry.name} cannot be used: ${reason}.`, {
    next: `Use another tool (${others}), or ask whoever set this connection up.`,
  });
}

interface Call<Arguments = Readonly<Record<string, unknown>>> {
  readonly name: string;
  readonly args: Arguments;
  readonly caller: Caller;
  readonly resolutions: Resolutions;
  readonly selection: Selection;
  readonly context: ServerContext;
  readonly record: CallRecord;
  clientOf(): { readonly name: string; readonly version: string } | undefined;
}

function throwUnknown(name: string, selection: Selection): never {
  const usable = catalogue.filter((entry) => hiddenBecause(entry, selection) === undefined);
  const meant = closest(
    name,
    usable.map((entry) => entry.name),
  );
  const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
  throw new ProtocolError(invalidParams, `Unknown tool: ${name.slice(0, 100)}${hint}`);
}

function progressOf(context: ServerContext) {
  const token = context.mcpReq._meta?.progressToken;
  let last = 0;
  return (done: number, total: number | undefined, message: string): void => {
    if (token === undefined || done <= last || context.mcpReq.signal.aborted) return;
    last = done;
    const params = { progressToken: token, progress: done, message, ...(total && { total }) };
    void context.mcpReq.notify({ method: "notifications/progress", params }).catch(() => undefined);
  };
}

function asListed(entry: ToolEntry): ListedTool {
  const { name, title, description, inputSchema, annotations } = entry;
  return { name, title, description, inputSchema, annotations };
}

function keyOf({ products, readOnly, toolsets, names, surface }: Selection): string {
  return JSON.stringify([
    products,
    readOnly,
    toolsets && [...toolsets].sort(),
    names && [...names].sort(),
    surface,
  ]);
}
