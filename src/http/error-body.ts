import { quotable } from "./redact.ts";

/** What an error body says, whatever its shape. All texts are fit to be quoted. */
export interface ErrorBody {
  readonly format: "json" | "markup" | "text" | "empty";
  /** Upstream's sentences, each once. */
  readonly sentences: readonly string[];
  /** Upstream's sentence for each field it complains about. */
  readonly fields: Readonly<Record<string, string>>;
}

/** Reads the error bodies of Jira, Confluence (v1, v2), JSM, the gateway, the login host, and of proxies in between. */
export function readErrorBody(text: string, secrets: Iterable<string> = []): ErrorBody {
  const known = [...secrets];
  const trimmed = text.trim();
  if (trimmed === "") return { format: "empty", sentences: [], fields: {} };
  if (trimmed.startsWith("<")) {
    return { format: "markup", sentences: clean(markupSentences(trimmed), known), fields: {} };
  }
  const json = parseJson(trimmed);
  if (json === undefined) {
    return { format: "text", sentences: clean([trimmed], known), fields: {} };
  }
  const found: Found = { sentences: [], fields: {} };
  collect(json, found, "");
  return {
    format: "json",
    sentences: clean(found.sentences, known),
    fields: cleanFields(found.fields, known),
  };
}

/** Sentences and fields of one body: as many as fit into a message that a model has to read. */
const itemLimit = 30;

interface Found {
  readonly sentences: string[];
  readonly fields: Record<string, string>;
}

/** Real bodies nest three levels; a hostile one must not exhaust the stack. */
const depthLimit = 8;

function collect(value: unknown, found: Found, prefix: string, depth = 0): void {
  if (depth > depthLimit) return;
  if (typeof value === "string") {
    found.sentences.push(value);
    return;
  }
  if (Array.isArray(value)) {
    for (const each of value) collect(each, found, prefix, depth + 1);
    return;
  }
  if (!isRecord(value)) return;
  for (const name of ["errorMessages", "warningMessages"])
    collect(value[name], found, prefix, depth + 1);
  collectErrors(value.errors, found, prefix, depth);
  collectMessages(value, found);
  // Bulk operations number the element that failed.
  const element =
    typeof value.failedElementNumber === "number" ? `${value.failedElementNumber}.` : "";
  collect(value.elementErrors, found, `${prefix}${element}`, depth + 1);
  if (isRecord(value.data)) collectErrors(value.data.errors, found, prefix, depth);
}

/** `errors` is a table of fields in Jira and a list everywhere else. */
function collectErrors(errors: unknown, found: Found, prefix: string, depth: number): void {
  if (!isRecord(errors)) {
    collect(errors, found, prefix, depth + 1);
    return;
  }
  for (const [field, text] of Object.entries(errors).slice(0, itemLimit)) {
    found.fields[`${prefix}${field}`] = typeof text === "string" ? text : JSON.stringify(text);
  }
}

function collectMessages(value: Readonly<Record<string, unknown>>, found: Found): void {
  const { title, detail, message, error } = value;
  if (typeof title === "string") {
    found.sentences.push(
      typeof detail === "string" && detail !== "" ? `${title}: ${detail}` : title,
    );
  }
  if (typeof message === "string") found.sentences.push(message);
  // Confluence v1 validation: the sentence is the translation, or a key when there is none.
  if (isRecord(message)) collect(message.translation ?? message.key, found, "");
  if (typeof value.errorMessage === "string") found.sentences.push(value.errorMessage);
  if (typeof value.error_description === "string") found.sentences.push(value.error_description);
  if (typeof error === "string" && typeof message !== "string") found.sentences.push(error);
}

/** XML error documents of Data Center carry a message; of an HTML page only the title is worth quoting. */
function markupSentences(markup: string): string[] {
  const match =
    /<message>([^<]+)<\/message>/i.exec(markup) ?? /<title[^<>]*>([^<]+)<\/title>/i.exec(markup);
  return match?.[1] === undefined ? [] : [match[1]];
}

function clean(sentences: readonly string[], secrets: readonly string[]): string[] {
  const texts = [...new Set(sentences.map(withoutClass))]
    .slice(0, itemLimit)
    .map((each) => quotable(each, secrets))
    .filter((each) => each !== "");
  return [...new Set(texts)];
}

/** Java's `com.example.SomeException: ` before a sentence says nothing that the sentence does not. */
function withoutClass(sentence: string): string {
  return sentence.replace(/^(?:(?:[a-z_]\w*\.){2,}[A-Z][\w$]*:\s+)+(?=\S)/, "");
}

function cleanFields(fields: Found["fields"], secrets: readonly string[]): Record<string, string> {
  const entries = Object.entries(fields).slice(0, itemLimit);
  return Object.fromEntries(
    entries.map(([name, text]) => [quotable(name, secrets), quotable(text, secrets)]),
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
