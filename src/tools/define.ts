import { z } from "zod";
import type { Deployment, Product } from "../atlassian/site.ts";
import type { ConfluenceClient } from "../confluence/client.ts";
import type { JiraClient } from "../jira/client.ts";
import type { Toolset } from "./toolsets.ts";

export type Access = "read" | "create" | "update" | "delete";

/** What a tool's `run` receives beside its arguments. */
export interface ToolContext<P extends Product = Product> {
  readonly client: P extends "jira" ? JiraClient : ConfluenceClient;
  /** Aborted when the caller gives up; already bound to every request of `client`. */
  readonly signal: AbortSignal;
  /** Tells a waiting caller how far the work is; does nothing where the caller did not ask. */
  progress(done: number, total: number | undefined, message: string): void;
}

/** What an author writes. `toolset` carries the product and so types `client` and the name's prefix. */
export interface ToolSpec<P extends Product, Shape extends z.ZodRawShape> {
  readonly name: `${NoInfer<P>}_${string}`;
  readonly title: string;
  /** For the model: what it does, when to use it, what to call first. At most 300 characters as a rule. */
  readonly description: string;
  readonly toolset: Toolset<P>;
  /** Gives all four hints and the read-only filter. */
  readonly access: Access;
  readonly input: Shape;
  /** Other names under which an argument is accepted, e.g. `{ comment: "body" }`. */
  readonly argumentAliases?: Readonly<Record<string, keyof NoInfer<Shape> & string>> | undefined;
  /** Only where the tool does not exist elsewhere. */
  readonly deployments?: readonly Deployment[] | undefined;
  /** Only where a repeated call changes nothing more; reads are idempotent anyway. */
  readonly idempotent?: boolean | undefined;
  /** Shown by default, when neither `TOOLSETS` nor `ENABLED_TOOLS` is set. */
  readonly core?: boolean | undefined;
  run(args: z.output<z.ZodObject<Shape>>, context: ToolContext<P>): Promise<unknown>;
}

/** A tool with its generics erased, as the registry holds it. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly toolset: Toolset;
  readonly access: Access;
  readonly input: z.ZodObject;
  readonly argumentAliases: Readonly<Record<string, string>>;
  readonly deployments: readonly Deployment[];
  readonly idempotent: boolean;
  readonly core: boolean;
  run(args: unknown, context: ToolContext): Promise<unknown>;
}

/** Declares one tool. See CONTRIBUTING.md for the steps around it. */
export function defineTool<P extends Product, Shape extends z.ZodRawShape>(
  spec: ToolSpec<P, Shape>,
): Tool {
  return {
    ...spec,
    input: z.strictObject(spec.input),
    argumentAliases: (spec.argumentAliases ?? {}) as Readonly<Record<string, string>>,
    deployments: spec.deployments ?? ["cloud", "datacenter"],
    idempotent: spec.idempotent ?? spec.access === "read",
    core: spec.core ?? false,
    // The one place where the tool layer gives up types: the registry mixes products and shapes.
    run: spec.run as unknown as Tool["run"],
  };
}
