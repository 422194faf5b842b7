/** A space as other models refer to it. */
export interface Space {
  readonly key: string;
  readonly name: string;
  /** Numeric id as text, where the site has told it. */
  readonly id?: string | undefined;
}
