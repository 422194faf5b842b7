import { writeSync } from "node:fs";

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

export interface LoggerOptions {
  /** Lines below it are dropped before they cost anything. */
  readonly level: LogLevel;
  /** Values that must never be printed. Read again for each line, so that a live set may grow. */
  readonly secrets?: Iterable<string> | undefined;
  /** Receives each finished line with its newline, in place of stderr. */
  readonly write?: ((line: string) => void) | undefined;
}

interface Line {
  readonly level: LogLevel;
  readonly time: string;
  readonly event: string;
  readonly [field: string]: unknown;
}

type Sink = (line: Line) => void;

const severity: Readonly<Record<LogLevel, number>> = { debug: 20, info: 30, warn: 40, error: 50 };

/** A logger that says nothing. */
export const silentLogger: Logger = {
  error() {},
  warn() {},
  info() {},
  debug() {},
};

/**
 * A logger that writes JSON lines (`level`, `time`, `event`, …) to stderr and masks secrets on the way, by field name
 * and by value. The writing library is loaded at the first line; lines written until then, or while the process
 * ends, are not lost.
 */
export function createLogger(options: LoggerOptions): Logger {
  const sink = openSink(options.write);
  const at =
    (level: LogLevel) =>
    (event: string, fields: LogFields = {}) => {
      if (severity[level] < severity[options.level]) return;
      const time = new Date().toISOString();
      sink({ level, time, event, ...maskFields(fields, options.secrets ?? []) });
    };
  return { error: at("error"), warn: at("warn"), info: at("info"), debug: at("debug") };
}

/** What stands where a secret stood. */
export const mask = "[redacted]";

const secretName =
  /authorization|cookie|token|secret|passw|passphrase|api[-_]?key|private[-_]?key|credential|signature|^sig$|assertion|verifier|samlre|^jwt$|session/i;

/** True for the name of a header, query parameter or log field whose value is secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

/** Each takes time linear in the text: no two places to begin at may read the same characters to the end in vain. */
const secretShapes: readonly [RegExp, string][] = [
  // Digits, mixed case or padding tell a credential from words: "Basic authentication is deprecated".
  [
    /\b([Bb]earer|[Bb]asic|BASIC|BEARER|Negotiate|JWT) +(?=\S*(?:\d|[a-z][A-Z]|=))[\w.~+/=-]{6,}/g,
    `$1 ${mask}`,
  ],
  [/\beyJ(?:(?!-eyJ)[\w-]){5,}\.[\w-]+\.[\w-]*/g, mask],
  [/\bAT[A-Z]{2,3}3x[\w=-]{8,}/g, mask],
  // To the last @: an e-mail address as user name has one of its own.
  [/:\/\/[^\s/"'<>]+@/g, `://${mask}@`],
];

/** Shorter values would mask ordinary words, and no usable secret is that short. */
const shortestSecret = 6;

/** The text without the given secret values, also percent-encoded, and without what looks like a credential. */
export function maskSecrets(text: string, secrets: Iterable<string> = []): string {
  let masked = text;
  for (const secret of secrets) {
    if (secret.length < shortestSecret) continue;
    masked = masked.replaceAll(secret, mask).replaceAll(encodeURIComponent(secret), mask);
  }
  for (const [shape, replacement] of secretShapes) masked = masked.replace(shape, replacement);
  return masked;
}

function maskFields(fields: LogFields, secrets: Iterable<string>): LogFields {
  const masked: Record<string, LogFields[string]> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value !== "string") masked[name] = value;
    else masked[name] = isSecretName(name) ? mask : maskSecrets(value, secrets);
  }
  return masked;
}

function openSink(write: LoggerOptions["write"]): Sink {
  const waiting: Line[] = [];
  let ready: Sink | undefined;
  const plain: Sink = (line) => (write ?? writeStderr)(`${JSON.stringify(line)}\n`);
  const flush = () => {
    ready ??= plain;
    for (const line of waiting.splice(0)) ready(line);
  };
  return (line) => {
    if (ready !== undefined) {
      ready(line);
      return;
    }
    if (waiting.push(line) > 1) return;
    // A dynamic import, because only that is bundled into a chunk of its own; it cannot finish while the process ends.
    process.once("exit", flush);
    void openPino(write)
      .catch((): Sink => plain)
      .then((sink) => {
        ready = sink;
        process.removeListener("exit", flush);
        flush();
      });
  };
}

async function openPino(write: LoggerOptions["write"]): Promise<Sink> {
  const { destination, pino } = await import("pino");
  const stream = write === undefined ? destination({ fd: 2, sync: true }) : { write };
  // A closed stderr must not take the server down.
  if ("on" in stream) stream.on("error", () => {});
  const levels = { level: (level: string) => ({ level }) };
  const options = { base: null, timestamp: false, level: "debug", formatters: levels };
  const logger = pino(options, stream);
  return ({ level, ...facts }) => logger[level](facts);
}

function writeStderr(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // stderr is closed: there is nobody left to tell.
  }
}
