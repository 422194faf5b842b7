export type Product = "jira" | "confluence";

/** As people write it. */
export function productName(product: Product): string {
  return product === "jira" ? "Jira" : "Confluence";
}

/** What the product's settings begin with: `JIRA` of `JIRA_URL`. */
export function settingPrefix(product: Product): string {
  return product.toUpperCase();
}
