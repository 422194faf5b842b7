/** Local calendar values of an instant in a time zone; month 1–12, weekday 0 (Sunday) – 6. */
interface LocalDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

const formats = new Map<string, Intl.DateTimeFormat>();

function format(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  formats.set(timeZone, made);
  return made;
}

/** The instant shifted so that its UTC members read as local ones. */
function shifted(instant: number, timeZone: string): Date {
  const parts = Object.fromEntries(
    format(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second));
}

function fromLocal(local: number, timeZone: string): number {
  const guess = local - (shifted(local, timeZone).getTime() - local);
  // The offset may differ at the guessed instant when the clocks change.
  return guess - (shifted(guess, timeZone).getTime() - local);
}

function localDate(instant: number, timeZone: string): LocalDate {
  const date = shifted(instant, timeZone);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
  };
}

/** `2026-11-23`, `2026/11/23 14:30` in the user's zone, or a period such as `-7d` or `4w 2d` from now. */
export function parseJqlDate(text: string, now: number, timeZone: string): number | undefined {
  const absolute = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T](\d{1,2}):(\d{2}))?$/.exec(
    text.trim(),
  );
  if (absolute !== null) {
    const [year = 0, month = 1, day = 1, hour = 0, minute = 0] = absolute
      .slice(1)
      .map((part) => Number(part ?? 0));
    if (month < 1 || month > 12 || day < 1 || day > 31) return undefined;
    return fromLocal(Date.UTC(year, month - 1, day, hour, minute), timeZone);
  }
  const period = parsePeriod(text);
  return period === undefined ? undefined : now + period;
}

/** A signed period of weeks, days, hours and minutes in milliseconds. */
export function parsePeriod(text: string): number | undefined {
  const match = /^([+-])?((?:\d+\s*[wdhm]\s*)+)$/.exec(text.trim());
  if (match === null) return undefined;
  let length = 0;
  for (const [, amount = "0", unit] of (match[2] ?? "").matchAll(/(\d+)\s*([wdhm])/g)) {
    const unitMs = { w: 7 * dayMs, d: dayMs, h: hourMs, m: 60_000 }[unit ?? ""] ?? 0;
    length += Number(amount) * unitMs;
  }
  return match[1] === "-" ? -length : length;
}

export type CalendarUnit = "day" | "week" | "month" | "year";

/**
 * Start or end of the day, week (Sunday first), month or year around now, moved by `increment`: a number of the
 * unit (`-1`) or with a unit of its own (`-1M`, `2d`). `undefined` for an increment that is none.
 */
export function calendarEdge(
  edge: "start" | "end",
  unit: CalendarUnit,
  increment: string | undefined,
  now: number,
  timeZone: string,
): number | undefined {
  const move = readIncrement(increment, unit);
  if (move === undefined) return undefined;
  const { year, month, day, weekday } = localDate(now, timeZone);
  const step = edge === "end" ? 1 : 0;
  const part = (wanted: CalendarUnit) => (unit === wanted ? step : 0);
  const firstMonth = unit === "year" ? 0 : month - 1;
  const firstDay = { day, week: day - weekday, month: 1, year: 1 }[unit];
  const local = Date.UTC(
    year + move.years + part("year"),
    firstMonth + move.months + part("month"),
    firstDay + move.days + part("day") + part("week") * 7,
    move.hours,
    move.minutes,
  );
  const instant = fromLocal(local, timeZone);
  return edge === "end" ? instant - 1 : instant;
}

function readIncrement(text: string | undefined, unit: CalendarUnit) {
  const nothing = { years: 0, months: 0, days: 0, hours: 0, minutes: 0 };
  if (text === undefined || text.trim() === "") return nothing;
  const [, sign, digits, given] = /^([+-])?(\d+)([yMwdhm])?$/.exec(text.trim()) ?? [];
  if (digits === undefined) return undefined;
  const amount = Number(digits) * (sign === "-" ? -1 : 1);
  switch (given ?? { day: "d", week: "w", month: "M", year: "y" }[unit]) {
    case "y":
      return { ...nothing, years: amount };
    case "M":
      return { ...nothing, months: amount };
    case "w":
      return { ...nothing, days: amount * 7 };
    case "d":
      return { ...nothing, days: amount };
    case "h":
      return { ...nothing, hours: amount };
    default:
      return { ...nothing, minutes: amount };
  }
}
