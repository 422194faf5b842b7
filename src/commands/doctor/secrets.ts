import type { Settings } from "../../config/product.ts";
import { secretsOf } from "../../config/secrets.ts";
import { mask, maskSecrets } from "../../log.ts";

/** Every form in which secrets of the settings could turn up in what sites and libraries say. */
export function secretFormsOf(settings: Settings): string[] {
  const basics = Object.values(settings.products).flatMap((product) => {
    const { username, apiToken } = product ?? {};
    if (username === undefined || apiToken === undefined) return [];
    return [Buffer.from(`${username}:${apiToken}`, "utf8").toString("base64")];
  });
  return [...secretsOf(settings), ...basics];
}

/** The same value with secrets masked in each of its texts. Made of texts, so that no escaping can hide one. */
export function withoutSecretsIn<T>(value: T, secrets: readonly string[]): T;
export function withoutSecretsIn(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === "string") {
    // The general rule leaves short values alone; here none may show.
    const given = secrets.filter((secret) => secret !== "");
    return maskSecrets(
      given.reduce((text, secret) => text.replaceAll(secret, mask), value),
      secrets,
    );
  }
  if (Array.isArray(value)) return value.map((each: unknown) => withoutSecretsIn(each, secrets));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, withoutSecretsIn(each, secrets)]),
  );
}
