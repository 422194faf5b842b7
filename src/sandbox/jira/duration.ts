const unitSeconds: Readonly<Record<string, number>> = {
  w: 5 * 8 * 3600,
  d: 8 * 3600,
  h: 3600,
  m: 60,
};

/** `1w 2d 3h 30m` in seconds, with weeks of five and days of eight hours; a bare number is minutes. */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^\d+$/.test(trimmed)) return Number(trimmed) * 60;
  const parts = trimmed.split(/\s+/);
  let seconds = 0;
  for (const part of parts) {
    const [, amount, unit] = /^(\d+(?:\.\d+)?)([wdhm])$/.exec(part) ?? [];
    if (amount === undefined || unit === undefined) return undefined;
    seconds += Number(amount) * (unitSeconds[unit] ?? 0);
  }
  return Math.round(seconds);
}

/** The inverse of {@link parseDuration}; less than a minute is `0m`. */
export function formatDuration(seconds: number): string {
  let rest = seconds;
  const parts: string[] = [];
  for (const [unit, length] of Object.entries(unitSeconds)) {
    const amount = Math.floor(rest / length);
    if (amount > 0) parts.push(`${amount}${unit}`);
    rest -= amount * length;
  }
  return parts.length === 0 ? "0m" : parts.join(" ");
}

/** `2026-11-23T10:00:00.000+0000`, Jira's way of writing a time. */
export function jiraDate(at: Date): string {
  return at.toISOString().replace("Z", "+0000");
}

/** Reads `yyyy-MM-dd'T'HH:mm:ss.SSSZ` with an offset without colon, and nothing else, as Jira does. */
export function parseJiraDate(text: string): Date | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3})([+-]\d\d)(\d\d)$/.exec(text);
  if (match === null) return undefined;
  const date = new Date(`${match[1]}${match[2]}:${match[3]}`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
