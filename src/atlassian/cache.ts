/**
 * What one identity may remember between calls (field lists, space ids): never shared with another identity, bounded in
 * time and number. Failures are not remembered.
 */
export class ConnectionCache {
  readonly #entries = new Map<
    string,
    { readonly value: Promise<unknown>; readonly expires: number }
  >();
  readonly #lifetimeMs: number;
  readonly #now: () => number;
  readonly #maxEntries = 500;

  constructor(lifetimeMs = 300_000, now: () => number = Date.now) {
    this.#lifetimeMs = lifetimeMs;
    this.#now = now;
  }

  /** The remembered value of `key`, else what `make` gives; concurrent callers share one `make`. */
  remember<T>(
    key: string,
    make: () => Promise<T>,
    options: { refresh?: boolean } = {},
  ): Promise<T> {
    const known = this.#entries.get(key);
    if (known && known.expires > this.#now() && !options.refresh) {
      // The key decides the type: each key has one caller.
      return known.value as Promise<T>;
    }
    const value = make();
    this.#entries.delete(key);
    this.#entries.set(key, { value, expires: this.#now() + this.#lifetimeMs });
    value.catch(() => {
      if (this.#entries.get(key)?.value === value) this.#entries.delete(key);
    });
    const oldest = this.#entries.keys().next().value;
    if (this.#entries.size > this.#maxEntries && oldest !== undefined) this.#entries.delete(oldest);
    return value;
  }
}
