export type LogLevel = "error" | "warn" | "info" | "debug";

/** Facts of one log line. Never a body, an argument value or a secret. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** One JSON line per event on stderr. Event names are `noun.participle`, e.g. `request.sent`. */
export interface Logger {
  error(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  debug(event: string, fields?: LogFields): void;
}
