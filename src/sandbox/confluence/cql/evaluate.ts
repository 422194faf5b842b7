import type { SandboxUser } from "../../types.ts";
import { type Site, visibleContents, visibleSpaces } from "../world.ts";
import { type Calendar, readDate } from "./dates.ts";
import {
  dateOf,
  type Field,
  type FieldKind,
  fields,
  type Hit,
  identities,
  titleOf,
} from "./fields.ts";
import {
  type Clause,
  fieldsOf,
  type Operand,
  type Operator,
  type Ordering,
  type Query,
} from "./parse.ts";
import { CqlSyntaxError } from "./tokens.ts";
import { wordSearch } from "./words.ts";

/** Who asks, where. */
export interface Asker {
  readonly site: Site;
  readonly user: SandboxUser;
}

type Predicate = (hit: Hit) => boolean;

const equality = ["=", "!=", "in", "not in"] as const;
const allowed: Readonly<Record<FieldKind, readonly Operator[]>> = {
  term: equality,
  user: equality,
  text: ["~", "!~"],
  title: [...equality, "~", "!~"],
  date: ["=", "!=", ">", ">=", "<", "<="],
};

function fieldNamed(name: string): Field {
  // A record answers for inherited names such as "constructor" too.
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (field === undefined) throw new CqlSyntaxError(`there is no field ${name}`);
  return field;
}

function plainText(operand: Operand, field: Field, { site, user }: Asker): string {
  if (operand.kind === "value") return operand.text;
  if (operand.name === "currentuser" && field.kind === "user" && operand.arguments.length === 0) {
    return identities(site, user)[0] ?? "";
  }
  throw new CqlSyntaxError(`the function ${operand.name} cannot be used here`);
}

function dateTest(operator: Operator, operand: Operand, calendar: Calendar) {
  const { from, to } = readDate(operand, calendar);
  return (value: string): boolean => {
    const at = Date.parse(value);
    switch (operator) {
      case "=":
        return at >= from && at < to;
      case "!=":
        return at < from || at >= to;
      case ">":
        return at > from;
      case ">=":
        return at >= from;
      case "<":
        return at < from;
      default:
        return at <= from;
    }
  };
}

function compileTest(clause: Extract<Clause, { kind: "test" }>, asker: Asker): Predicate {
  const field = fieldNamed(clause.field);
  const { operator, operands } = clause;
  if (!allowed[field.kind].includes(operator)) {
    throw new CqlSyntaxError(`${clause.field} does not support the operator ${operator}`);
  }
  const { site, user } = asker;
  const read = (hit: Hit): readonly string[] | undefined => field.read(hit, site);
  if (field.kind === "date" && operands[0] !== undefined) {
    const passes = dateTest(operator, operands[0], { now: site.now(), timeZone: user.timeZone });
    return (hit) => read(hit)?.some(passes) ?? false;
  }
  const values = operands.map((operand) => plainText(operand, field, asker));
  const negative = operator === "!=" || operator === "!~" || operator === "not in";
  if (operator === "~" || operator === "!~") {
    const searches = values.map(wordSearch);
    return (hit) => {
      const texts = read(hit);
      if (texts === undefined) return false;
      const text = texts.join("\n");
      return searches.some((matches) => matches(text)) !== negative;
    };
  }
  const wanted = new Set(values.map((value) => value.toLowerCase()));
  return (hit) => {
    const held = read(hit);
    if (held === undefined) return false;
    return held.some((value) => wanted.has(value.toLowerCase())) !== negative;
  };
}

function compile(clause: Clause, asker: Asker): Predicate {
  if (clause.kind === "test") return compileTest(clause, asker);
  if (clause.kind === "not") {
    const inner = compile(clause.clause, asker);
    return (hit) => !inner(hit);
  }
  const parts = clause.clauses.map((part) => compile(part, asker));
  return clause.kind === "and"
    ? (hit) => parts.every((part) => part(hit))
    : (hit) => parts.some((part) => part(hit));
}

/** The searches behind `~` that a result was found by: what is marked in excerpts. */
export function searchesOf(clause: Clause | undefined): string[] {
  if (clause === undefined || clause.kind === "not") return [];
  if (clause.kind !== "test") return clause.clauses.flatMap(searchesOf);
  if (clause.operator !== "~") return [];
  return clause.operands.flatMap((operand) => (operand.kind === "value" ? [operand.text] : []));
}

/** Spaces and people are searched only by queries that speak of types or people. */
function candidates({ site, user }: Asker, where: Clause | undefined): Hit[] {
  const current = visibleContents(site, user).filter((content) => {
    const on =
      content.containerId === undefined ? undefined : site.contents.get(content.containerId);
    return content.status === "current" && (on === undefined || on.status === "current");
  });
  const hits = current.map((content): Hit => ({ kind: "content", content }));
  const speaksOf = fieldsOf(where);
  if (!speaksOf.some((field) => field === "type" || field.startsWith("user"))) return hits;
  const spaces = visibleSpaces(site, user).map((space): Hit => ({ kind: "space", space }));
  const people = site.users
    .filter(({ active }) => active)
    .map((person): Hit => ({ kind: "user", user: person }));
  return [...hits, ...spaces, ...people];
}

function sortKey(hit: Hit, { field }: Ordering, site: Site): string | number {
  const definition = fieldNamed(field);
  const value = definition.read(hit, site)?.[0] ?? "";
  if (definition.kind === "date") return Date.parse(value) || 0;
  return field === "id" ? Number(value.replace(/\D/g, "")) : value.toLowerCase();
}

function compareKeys(a: string | number, b: string | number): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  const [left, right] = [String(a), String(b)];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** Titles that match more of the searches first, then what changed last. */
function byRelevance(hits: readonly Hit[], searches: readonly string[]): Hit[] {
  const tests = searches.map(wordSearch);
  const ranked = hits.map((hit) => ({
    hit,
    score: tests.filter((matches) => matches(titleOf(hit))).length,
    changed: Date.parse(dateOf(hit, "lastmodified") ?? "") || 0,
  }));
  return ranked.sort((a, b) => b.score - a.score || b.changed - a.changed).map(({ hit }) => hit);
}

/**
 * Everything visible that the query finds, in its order; without one, titles that match first and
 * then what changed last.
 *
 * @throws CqlSyntaxError for unknown fields and functions, and for operators a field does not take.
 */
export function evaluate(query: Query, asker: Asker): Hit[] {
  const passes = query.where === undefined ? () => true : compile(query.where, asker);
  for (const { field } of query.orderBy) {
    if (fieldNamed(field).kind === "text") {
      throw new CqlSyntaxError(`results cannot be ordered by ${field}`);
    }
  }
  const found = candidates(asker, query.where).filter(passes);
  if (query.orderBy.length === 0) return byRelevance(found, searchesOf(query.where));
  return found.sort((a, b) => {
    for (const ordering of query.orderBy) {
      const difference = compareKeys(
        sortKey(a, ordering, asker.site),
        sortKey(b, ordering, asker.site),
      );
      if (difference !== 0) return ordering.descending ? -difference : difference;
    }
    return 0;
  });
}
