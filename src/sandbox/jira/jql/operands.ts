import type { Operand } from "@atlaskit/jql-ast";
import type { Call } from "../call.ts";
import type { ClauseField } from "./clause-fields.ts";
import { parseJqlDate } from "./dates.ts";
import { functionInstant, functionTokens } from "./functions.ts";
import { JqlProblem } from "./parse.ts";

/** Tokens that an operand of a matching field stands for. Throws for a value that does not exist. */
export function operandTokens(call: Call, field: ClauseField, operand: Operand): readonly string[] {
  switch (operand.operandType) {
    case "list":
      return operand.values.flatMap((value) => operandTokens(call, field, value));
    case "function":
      return functionTokens(call, operand);
    case "keyword":
      return [];
    case "value": {
      const tokens = field.resolve?.(operand.value);
      if (tokens === undefined) throw noSuchValue(field, operand.value);
      return tokens;
    }
  }
}

function noSuchValue(field: ClauseField, value: string): JqlProblem {
  return new JqlProblem(
    field.name === "key" || field.name === "parent"
      ? `An issue with key '${value}' does not exist for field '${field.name}'.`
      : `The value '${value}' does not exist for the field '${field.name}'.`,
  );
}

/** Bounds that an operand of a date or number field stands for. */
export function operandNumbers(call: Call, field: ClauseField, operand: Operand): number[] {
  switch (operand.operandType) {
    case "list":
      return operand.values.flatMap((value) => operandNumbers(call, field, value));
    case "function":
      if (field.kind !== "date")
        throw new JqlProblem(`Unable to find JQL function '${operand.function.value}()'.`);
      return [functionInstant(call, operand)];
    case "keyword":
      return [];
    case "value":
      return [
        field.kind === "date" ? dateOf(call, field, operand.value) : numberIn(field, operand.value),
      ];
  }
}

/** An instant for a date operand of any field. */
export function dateOf(call: Call, field: ClauseField, text: string): number {
  const instant = parseJqlDate(text, call.world.now().getTime(), call.user.timeZone);
  if (instant !== undefined) return instant;
  throw new JqlProblem(
    `Date value '${text}' for field '${field.name}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.`,
  );
}

function numberIn(field: ClauseField, text: string): number {
  const number = Number(text);
  if (text.trim() !== "" && !Number.isNaN(number)) return number;
  throw new JqlProblem(
    `Value '${text}' is invalid for the '${field.name}' field. It must be a number.`,
  );
}
