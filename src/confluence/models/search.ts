/** One hit of a search. `type` is the content's type, or `space`, `user`, … for what is not content. */
export interface SearchHit {
  readonly id?: string | undefined;
  readonly title: string;
  readonly type: string;
  readonly space?: { readonly key: string; readonly name: string } | undefined;
  readonly url?: string | undefined;
  readonly created?: string | undefined;
  readonly updated?: string | undefined;
  readonly author?: string | undefined;
  readonly version?: number | undefined;
  /** The passage that matched, as Markdown. */
  readonly content?: { readonly value: string; readonly format: "excerpt" } | undefined;
}
