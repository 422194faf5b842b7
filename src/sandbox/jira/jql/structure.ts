import type { Clause, Field, Operand, Query } from "@atlaskit/jql-ast";
import type { Json } from "../call.ts";

/** A parsed query as `/jql/parse` answers it. */
export function structureOf(query: Query): Json {
  const { where, orderBy } = query;
  return {
    ...(where === undefined ? {} : { where: clauseOf(where) }),
    ...(orderBy === undefined
      ? {}
      : {
          orderBy: {
            fields: orderBy.fields.map(({ field, direction }) => ({
              field: fieldOf(field),
              ...(direction === undefined ? {} : { direction: direction.value.toLowerCase() }),
            })),
          },
        }),
  };
}

function clauseOf(clause: Clause): Json {
  switch (clause.clauseType) {
    case "compound":
      return { operator: clause.operator.value, clauses: clause.clauses.map(clauseOf) };
    case "not":
      return { operator: "not", clauses: [clauseOf(clause.clause)] };
    case "terminal": {
      const operator = clause.operator?.value;
      const historical = operator === "changed" || operator?.startsWith("was") === true;
      return {
        field: fieldOf(clause.field),
        operator,
        ...(clause.operand === undefined ? {} : { operand: operandOf(clause.operand) }),
        ...(historical
          ? {
              predicates: clause.predicates.map((predicate) => ({
                operator: predicate.operator.value,
                ...(predicate.operand ? { operand: operandOf(predicate.operand) } : {}),
              })),
            }
          : {}),
      };
    }
  }
}

function fieldOf(field: Field): Json {
  return { name: field.value, encodedName: field.text };
}

function operandOf(operand: Operand): Json {
  switch (operand.operandType) {
    case "value":
      return { value: operand.value, encodedValue: operand.text };
    case "keyword":
      return { keyword: operand.value };
    case "function":
      return {
        function: operand.function.value,
        arguments: operand.arguments.map(({ value }) => value),
      };
    case "list":
      return { values: operand.values.map(operandOf) };
  }
}
