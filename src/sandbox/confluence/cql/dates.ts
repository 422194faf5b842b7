import type { Operand } from "./parse.ts";
import { CqlSyntaxError } from "./tokens.ts";

/** Milliseconds since 1970: `from` included, `to` excluded. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Whose calendar dates are read in. */
export interface Calendar {
  readonly now: Date;
  readonly timeZone: string;
}

const minuteMs = 60_000;

/** A point on a wall clock, as UTC milliseconds of the same figures. */
function wallClock(instant: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
    hourCycle: "h23",
  });
  const part = Object.fromEntries(
    format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  // The formatter has no milliseconds, but every offset is a whole number of seconds.
  return Date.UTC(
    year,
    month - 1,
    day,
    hour,
    minute,
    second,
    new Date(instant).getUTCMilliseconds(),
  );
}

/** The instant at which a wall clock in that zone shows these figures. */
function instantOf(wall: number, timeZone: string): number {
  const guess = wall - (wallClock(wall, timeZone) - wall);
  return wall - (wallClock(guess, timeZone) - guess);
}

const literal = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T](\d{1,2}):(\d{2}))?$/;

function readLiteral(text: string, { timeZone }: Calendar): Span {
  const found = literal.exec(text.trim());
  if (found === null) throw new CqlSyntaxError(`"${text}" is not a date`);
  const [year = 0, month = 1, day = 1, hour, minute] = found.slice(1).map((part) => {
    return part === undefined ? undefined : Number(part);
  });
  const wall = Date.UTC(year, month - 1, day, hour ?? 0, minute ?? 0);
  const date = new Date(wall);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) {
    throw new CqlSyntaxError(`"${text}" is not a date`);
  }
  const from = instantOf(wall, timeZone);
  if (hour !== undefined) return { from, to: from + minuteMs };
  return { from, to: instantOf(Date.UTC(year, month - 1, day + 1), timeZone) };
}

function shift(wall: number, increment: string | undefined, defaultUnit: string): number {
  if (increment === undefined) return wall;
  const found = /^([+-]?)(\d+)([yMwdhm]?)$/.exec(increment.trim());
  if (found === null) throw new CqlSyntaxError(`"${increment}" is not an increment`);
  const amount = Number(found[2]) * (found[1] === "-" ? -1 : 1);
  const date = new Date(wall);
  switch (found[3] || defaultUnit) {
    case "y":
      date.setUTCFullYear(date.getUTCFullYear() + amount);
      break;
    case "M":
      date.setUTCMonth(date.getUTCMonth() + amount);
      break;
    case "w":
      date.setUTCDate(date.getUTCDate() + 7 * amount);
      break;
    case "d":
      date.setUTCDate(date.getUTCDate() + amount);
      break;
    case "h":
      date.setUTCHours(date.getUTCHours() + amount);
      break;
    default:
      date.setUTCMinutes(date.getUTCMinutes() + amount);
  }
  return date.getTime();
}

const units: Readonly<Record<string, string>> = { day: "d", week: "w", month: "M", year: "y" };

/** The first instant of the day, week (from Sunday), month or year on a wall clock. */
function startOf(wall: number, unit: string): number {
  const date = new Date(wall);
  date.setUTCHours(0, 0, 0, 0);
  if (unit === "week") date.setUTCDate(date.getUTCDate() - date.getUTCDay());
  if (unit === "month" || unit === "year") date.setUTCDate(1);
  if (unit === "year") date.setUTCMonth(0);
  return date.getTime();
}

/** The instants that a date operand means. @throws CqlSyntaxError */
export function readDate(operand: Operand, calendar: Calendar): Span {
  if (operand.kind === "value") return readLiteral(operand.text, calendar);
  const { now, timeZone } = calendar;
  const increment = operand.arguments[0];
  const wall = wallClock(now.getTime(), timeZone);
  if (operand.name === "now") {
    const from = instantOf(shift(wall, increment, "m"), timeZone);
    return { from, to: from + 1 };
  }
  const found = /^(start|end)of(day|week|month|year)$/.exec(operand.name);
  const unit = found?.[2];
  if (unit === undefined) throw new CqlSyntaxError(`there is no date function ${operand.name}`);
  const letter = units[unit] ?? "d";
  const start = shift(startOf(wall, unit), increment, letter);
  const point = found?.[1] === "start" ? start : shift(start, "1", letter) - 1;
  const from = instantOf(point, timeZone);
  return { from, to: from + 1 };
}
