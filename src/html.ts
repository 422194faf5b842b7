declare const brand: unique symbol;

/** Markup that is safe to put into a page as it stands. Made by {@link html}. */
export interface Html {
  readonly markup: string;
  readonly [brand]: true;
}

type Part = Html | string | number | undefined | false | readonly Html[];

/**
 * Tagged template for markup: `` html`<p title="${title}">${text}</p>` ``. Text is escaped, markup and lists of it are
 * put in as they are, `undefined` and `false` leave nothing. Attributes have to stand in double quotes.
 */
export function html(parts: TemplateStringsArray, ...values: readonly Part[]): Html {
  let markup = parts[0] ?? "";
  values.forEach((value, index) => {
    markup += markupOf(value) + (parts[index + 1] ?? "");
  });
  return { markup } as Html;
}

function markupOf(part: Part): string {
  if (part === undefined || part === false) return "";
  if (typeof part === "string") return escaped(part);
  if (typeof part === "number") return String(part);
  return "markup" in part ? part.markup : part.map(({ markup }) => markup).join("");
}

const references: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => references[character] ?? "");
}

/** Markup from a constant of ours, which is not escaped. Nothing that was said by anybody else may pass here. */
export function constantMarkup(markup: string): Html {
  return { markup } as Html;
}
