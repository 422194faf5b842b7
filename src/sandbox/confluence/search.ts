import { type Asker, evaluate, searchesOf } from "./cql/evaluate.ts";
import type { Hit } from "./cql/fields.ts";
import { fieldsOf, parseCql } from "./cql/parse.ts";
import { CqlSyntaxError } from "./cql/tokens.ts";
import { markedPattern } from "./cql/words.ts";
import { badRequest } from "./refused.ts";

export interface SearchOutcome {
  readonly hits: readonly Hit[];
  /** Matches the words that the results were found by. */
  readonly pattern: RegExp | undefined;
}

export interface SearchLimits {
  /** Results of this kind only. */
  readonly only?: Hit["kind"] | undefined;
  /** Fields that the query may not leave, e.g. those of people. */
  readonly fieldsWithin?: RegExp | undefined;
}

/** Runs a query. @throws Refused 400 for one that is empty or cannot be read. */
export function search(cql: string, asker: Asker, limits: SearchLimits = {}): SearchOutcome {
  try {
    const query = parseCql(cql);
    const stray = fieldsOf(query.where).find((field) => limits.fieldsWithin?.test(field) === false);
    if (stray !== undefined) throw new CqlSyntaxError(`${stray} cannot be used in this search`);
    const { only } = limits;
    const hits = evaluate(query, asker).filter((hit) => only === undefined || hit.kind === only);
    return { hits, pattern: markedPattern(searchesOf(query.where)) };
  } catch (error) {
    if (!(error instanceof CqlSyntaxError)) throw error;
    throw badRequest(`Could not parse cql : ${cql}`);
  }
}
