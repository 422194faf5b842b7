import { AtlassianMcpError } from "../errors.ts";

/**
 * Jira's `2026-01-31T09:00:00.000+0100` → ISO 8601 with a colon in the offset (`Z` for none) and no empty milliseconds. Text that is
 * not such a time stamp is returned as it is.
 */
export function isoDate(text: string): string {
  return text.replace(
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:?\d\d)$/,
    (_, time: string, fraction: string | undefined, zone: string) =>
      time +
      (fraction !== undefined && Number(fraction) > 0 ? fraction : "") +
      (/^[+-]00:?00$/.test(zone) ? "Z" : zone.replace(/^([+-]\d\d)(\d\d)$/, "$1:$2")),
  );
}

/**
 * What a caller may write for a point in time → `yyyy-MM-dd'T'HH:mm:ss.SSSZ`, the only form that Jira takes. A date
 * alone is its start; without an offset UTC is meant. The caller's offset is kept.
 *
 * @param name argument or field, for the error.
 * @throws AtlassianMcpError `input` when the text is not such a time.
 */
export function toJiraDateTime(text: string, name: string): string {
  const match =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?$/i.exec(
      text.trim(),
    );
  if (match === null || Number.isNaN(Date.parse(`${match[1]}T${match[2] ?? "00:00"}Z`))) {
    throw notADate(name, text, "an ISO 8601 time such as 2026-01-31T09:00:00+01:00");
  }
  const [, date = "", minutes = "00:00", seconds = "00", fraction = "", zone = "Z"] = match;
  return `${date}T${minutes}:${seconds}.${fraction.slice(0, 3).padEnd(3, "0")}${offset(zone)}`;
}

/**
 * @returns `YYYY-MM-DD`, from a date or a time stamp (its date as written).
 * @throws AtlassianMcpError `input` when the text is neither.
 */
export function toJiraDate(text: string, name: string): string {
  const date = /^(\d{4}-\d\d-\d\d)(?:$|[T ])/.exec(text.trim())?.[1];
  if (date === undefined || !isCalendarDate(date)) {
    throw notADate(name, text, "a date such as 2026-01-31");
  }
  return date;
}

function isCalendarDate(date: string): boolean {
  const parsed = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(date);
}

function offset(zone: string): string {
  if (zone.toUpperCase() === "Z") return "+0000";
  return zone.replace(":", "").padEnd(5, "0");
}

function notADate(name: string, text: string, wanted: string): AtlassianMcpError {
  return new AtlassianMcpError("input", `"${text}" is not a date that Jira takes for ${name}.`, {
    fields: { [name]: `must be ${wanted}` },
    next: `Give ${wanted}.`,
  });
}
