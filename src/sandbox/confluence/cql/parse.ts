import { CqlSyntaxError, type Token, tokenize } from "./tokens.ts";

export type Operator = "=" | "!=" | "~" | "!~" | ">" | ">=" | "<" | "<=" | "in" | "not in";

export type Operand =
  | { readonly kind: "value"; readonly text: string }
  | { readonly kind: "call"; readonly name: string; readonly arguments: readonly string[] };

export type Clause =
  | { readonly kind: "and" | "or"; readonly clauses: readonly Clause[] }
  | { readonly kind: "not"; readonly clause: Clause }
  | {
      readonly kind: "test";
      /** Lower case. */
      readonly field: string;
      readonly operator: Operator;
      /** One operand, several for `in` and `not in`. */
      readonly operands: readonly Operand[];
    };

export interface Ordering {
  readonly field: string;
  readonly descending: boolean;
}

export interface Query {
  /** Absent for a query that only orders. */
  readonly where: Clause | undefined;
  readonly orderBy: readonly Ordering[];
}

const operators = new Set(["=", "!=", "~", "!~", ">", ">=", "<", "<="]);
const reserved = new Set(["and", "or", "not", "in", "order", "by"]);

class Reader {
  private readonly tokens: readonly Token[];
  private at = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  get next(): Token {
    return this.tokens[this.at] ?? { kind: "end", text: "" };
  }

  get following(): Token {
    return this.tokens[this.at + 1] ?? { kind: "end", text: "" };
  }

  take(): Token {
    const token = this.next;
    this.at += 1;
    return token;
  }

  /** Takes the token if it is this keyword or sign. */
  accept(text: string): boolean {
    const { kind, text: found } = this.next;
    if (kind === "string" || kind === "end" || found.toLowerCase() !== text) return false;
    this.at += 1;
    return true;
  }

  expect(text: string): void {
    if (!this.accept(text)) throw new CqlSyntaxError(`expected "${text}", got "${this.next.text}"`);
  }
}

function operand(reader: Reader): Operand {
  const { kind, text } = reader.take();
  if (kind === "string") return { kind: "value", text };
  if (kind !== "word" || reserved.has(text.toLowerCase())) {
    throw new CqlSyntaxError(`expected a value, got "${text}"`);
  }
  if (!reader.accept("(")) return { kind: "value", text };
  const values: string[] = [];
  while (!reader.accept(")")) {
    if (values.length > 0) reader.expect(",");
    const value = reader.take();
    if (value.kind !== "string" && value.kind !== "word") {
      throw new CqlSyntaxError("expected an argument");
    }
    values.push(value.text);
  }
  return { kind: "call", name: text.toLowerCase(), arguments: values };
}

function operandList(reader: Reader): Operand[] {
  reader.expect("(");
  const found = [operand(reader)];
  while (reader.accept(",")) found.push(operand(reader));
  reader.expect(")");
  return found;
}

function isOperator(text: string): text is Operator {
  return operators.has(text);
}

function test(reader: Reader): Clause {
  const { kind, text } = reader.take();
  if (kind !== "word" || reserved.has(text.toLowerCase())) {
    throw new CqlSyntaxError(`expected a field, got "${text}"`);
  }
  const field = text.toLowerCase();
  if (reader.accept("in")) {
    return { kind: "test", field, operator: "in", operands: operandList(reader) };
  }
  if (reader.accept("not")) {
    reader.expect("in");
    return { kind: "test", field, operator: "not in", operands: operandList(reader) };
  }
  const sign = reader.take().text;
  if (!isOperator(sign)) throw new CqlSyntaxError(`expected an operator, got "${sign}"`);
  return { kind: "test", field, operator: sign, operands: [operand(reader)] };
}

function negation(reader: Reader): Clause {
  if (reader.accept("not")) return { kind: "not", clause: negation(reader) };
  if (reader.accept("(")) {
    const inner = disjunction(reader);
    reader.expect(")");
    return inner;
  }
  return test(reader);
}

/** `a and not b` has the sign of a negation, `a not b` is read as the same. */
function conjunction(reader: Reader): Clause {
  const clauses = [negation(reader)];
  for (;;) {
    if (reader.accept("and")) clauses.push(negation(reader));
    else if (reader.next.text.toLowerCase() === "not" && reader.next.kind === "word") {
      clauses.push(negation(reader));
    } else break;
  }
  return clauses.length === 1 && clauses[0] !== undefined ? clauses[0] : { kind: "and", clauses };
}

function disjunction(reader: Reader): Clause {
  const clauses = [conjunction(reader)];
  while (reader.accept("or")) clauses.push(conjunction(reader));
  return clauses.length === 1 && clauses[0] !== undefined ? clauses[0] : { kind: "or", clauses };
}

function ordering(reader: Reader): Ordering[] {
  if (!reader.accept("order")) return [];
  reader.expect("by");
  const found: Ordering[] = [];
  do {
    const { kind, text } = reader.take();
    if (kind !== "word") throw new CqlSyntaxError("expected a field to order by");
    const descending = reader.accept("desc");
    if (!descending) reader.accept("asc");
    found.push({ field: text.toLowerCase(), descending });
  } while (reader.accept(","));
  return found;
}

/** Reads a query. @throws CqlSyntaxError */
export function parseCql(source: string): Query {
  const reader = new Reader(tokenize(source));
  if (reader.next.kind === "end") throw new CqlSyntaxError("the query is empty");
  const isOrder =
    reader.next.text.toLowerCase() === "order" && reader.following.text.toLowerCase() === "by";
  const where = isOrder ? undefined : disjunction(reader);
  const orderBy = ordering(reader);
  const last = reader.take();
  if (last.kind !== "end") throw new CqlSyntaxError(`unexpected "${last.text}"`);
  return { where, orderBy };
}

/** Every field that the clause tests. */
export function fieldsOf(clause: Clause | undefined): string[] {
  if (clause === undefined) return [];
  if (clause.kind === "test") return [clause.field];
  return clause.kind === "not" ? fieldsOf(clause.clause) : clause.clauses.flatMap(fieldsOf);
}
