/** How a person is named in content and answers. */
export interface PersonRef {
  readonly by: "accountid" | "user" | "userkey";
  readonly id: string;
  /** Display name, where the answer carried it. */
  readonly name?: string | undefined;
}

/** Display names by {@link personKey}. */
export type Names = ReadonlyMap<string, string>;

/** One text per person, for maps. */
export function personKey(person: Pick<PersonRef, "by" | "id">): string {
  return `${person.by}:${person.id}`;
}

/** The display name if known, else the id. */
export function nameOf(person: PersonRef | undefined, names: Names): string | undefined {
  if (person === undefined) return undefined;
  return person.name ?? names.get(personKey(person)) ?? person.id;
}

/** A person in search results. Cloud has `account_id`, Data Center `username` and `user_key`. */
export interface UserResult {
  readonly account_id?: string | undefined;
  readonly username?: string | undefined;
  readonly user_key?: string | undefined;
  readonly display_name: string;
  readonly email?: string | undefined;
  readonly profile_picture?: string | undefined;
  readonly is_active?: boolean | undefined;
}
