import { AtlassianMcpError } from "../errors.ts";
import type { SpaceStore } from "./dialect/types.ts";
import type { Space } from "./models/space.ts";

/** Binds every call to the spaces of `CONFLUENCE_SPACES_FILTER`. Space keys are compared without case. */
export class SpaceGuard {
  readonly #allowed: ReadonlyMap<string, string> | undefined;
  readonly #spaces: SpaceStore;

  constructor(allowed: readonly string[] | undefined, spaces: SpaceStore) {
    const keys = allowed?.map((key) => [key.trim().toLowerCase(), key.trim()] as const);
    this.#allowed = keys && new Map(keys);
    this.#spaces = spaces;
  }

  /** @throws AtlassianMcpError `forbidden`. */
  requireSpace(space: Pick<Space, "key">): void {
    if (!this.allows(space.key)) throw outside(this.#keys());
  }

  /** Looks the content's space up, when there is a limit at all. @throws AtlassianMcpError `forbidden`, `not_found`. */
  async requireContent(id: string): Promise<void> {
    if (this.#allowed === undefined) return;
    this.requireSpace(await this.#spaces.ofContent(id));
  }

  allows(key: string | undefined): boolean {
    if (this.#allowed === undefined) return true;
    return key !== undefined && this.#allowed.has(key.toLowerCase());
  }

  /**
   * The spaces to search: those wanted, as far as they are allowed. `undefined`: everywhere.
   *
   * @throws AtlassianMcpError `forbidden` when none of the wanted ones is allowed.
   */
  searchable(wanted: readonly string[] | undefined): readonly string[] | undefined {
    if (wanted === undefined || wanted.length === 0) return this.#allowed && this.#keys();
    const within = wanted.filter((key) => this.allows(key));
    if (within.length === 0) throw outside(this.#keys());
    return within;
  }

  #keys(): string[] {
    return [...(this.#allowed?.values() ?? [])];
  }
}

function outside(allowed: readonly string[]): AtlassianMcpError {
  return new AtlassianMcpError("forbidden", "This server may not use the space of this content", {
    setting: "CONFLUENCE_SPACES_FILTER",
    next: `Work in one of these spaces: ${allowed.join(", ")}; the operator can allow others.`,
  });
}
