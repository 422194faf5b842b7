import { z } from "zod";
import type { SandboxAnswer, SandboxRequest, SandboxRoute } from "../types.ts";
import { badRequest, Refused } from "./refused.ts";
import type { Site } from "./world.ts";

/** One operation of a pretend site: what a route does, without how its API writes errors. */
export interface Operation {
  readonly method: SandboxRoute["method"];
  readonly pattern: string;
  /** Any one inner list of scopes opens it. */
  readonly scopes?: readonly (readonly string[])[] | undefined;
  readonly anonymous?: boolean | undefined;
  run(call: Call): SandboxAnswer | Promise<SandboxAnswer>;
}

export interface Call {
  readonly site: Site;
  readonly request: SandboxRequest;
  readonly user: SandboxRequest["principal"]["user"];
}

/** Makes a route of an operation; refusals are written by `refuse`. */
export function routeOf(
  site: Site,
  operation: Operation,
  prefix: string,
  refuse: (refused: Refused) => SandboxAnswer,
): SandboxRoute {
  return {
    product: "confluence",
    deployment: site.deployment,
    method: operation.method,
    pattern: prefix + operation.pattern,
    scopes: operation.scopes,
    anonymous: operation.anonymous,
    async run(request) {
      try {
        return await operation.run({ site, request, user: request.principal.user });
      } catch (error) {
        if (error instanceof Refused) return refuse(error);
        throw error;
      }
    },
  };
}

/** A body in the shape that the operation takes. @throws Refused 400 naming the first wrong place. */
export function readJson<T>({ request }: Call, schema: z.ZodType<T>): T {
  const read = schema.safeParse(request.json);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  const place = issue?.path.join(".") || "body";
  throw badRequest(`${place}: ${issue?.message ?? "is not valid"}`);
}

/** An id in a body: clients write it as text or as a number. */
export const idInput = z.union([z.string().min(1), z.number().int()]).transform(String);

/** A parameter of the path. */
export function param({ request }: Call, name: string): string {
  return request.params[name] ?? "";
}

/** All values of a query parameter: repeated ones and comma lists alike. */
export function listParam({ request }: Call, name: string): string[] {
  return request.query.getAll(name).flatMap((value) => value.split(",").filter(Boolean));
}

/** @throws Refused 400 for something that is not a whole number. */
export function numberParam({ request }: Call, name: string): number | undefined {
  const value = request.query.get(name);
  if (value === null || value === "") return undefined;
  if (!/^-?\d+$/.test(value)) throw wrongType(value, name, "int");
  return Number(value);
}

export function booleanParam({ request }: Call, name: string): boolean {
  return request.query.get(name) === "true";
}

export function wrongType(value: string, name: string, type: string): Refused {
  return badRequest(
    `Provided value {${value}} for '${name}' is not the correct type. Expected type is ${type}`,
  );
}

/** @throws Refused 400 for a value outside the list. */
export function enumParam<T extends string>(
  call: Call,
  name: string,
  values: readonly T[],
): T | undefined {
  const value = call.request.query.get(name);
  return value === null ? undefined : oneOf(value, name, values);
}

/** As {@link enumParam} for parameters that take several values. */
export function enumListParam<T extends string>(
  call: Call,
  name: string,
  values: readonly T[],
): T[] {
  return listParam(call, name).map((value) => oneOf(value, name, values));
}

function oneOf<T extends string>(value: string, name: string, values: readonly T[]): T {
  const found = values.find((known) => known === value);
  if (found === undefined) throw wrongType(value, name, `one of ${values.join(", ")}`);
  return found;
}
