/** Marks of a person by which callers may name them, whatever the product and deployment call them. */
export interface UserMarks {
  /** Identifiers that are unique by design: account id, username, key, e-mail address. */
  readonly ids: readonly (string | undefined)[];
  readonly displayName?: string | undefined;
}

/** The words by which a caller means themself. */
export function isMe(identifier: string): boolean {
  return /^(me|myself|currentuser(\(\))?)$/i.test(identifier.trim());
}

/** True for old and new Cloud account ids: 24 hex digits, `557058:UUID`, `712020:UUID`, `qm:UUID:UUID`. */
export function looksLikeAccountId(identifier: string): boolean {
  return /^([0-9a-f]{24}|\d+:\S+|(qm|ug):[0-9a-f:-]+)$/i.test(identifier);
}

/** An `accountid:` prefix, a leading `@` and blanks around are taken off. */
export function bareIdentifier(identifier: string): string {
  return identifier
    .trim()
    .replace(/^accountid:/i, "")
    .replace(/^@/, "")
    .trim();
}

/**
 * Candidates whose id, username, key or e-mail address is exactly the identifier; where there is none, those whose
 * display name is. Accents and case do not count.
 */
export function exactMatches<User>(
  identifier: string,
  candidates: readonly User[],
  marks: (user: User) => UserMarks,
): User[] {
  const wanted = folded(identifier);
  const byId = candidates.filter((user) =>
    marks(user).ids.some((id) => id !== undefined && folded(id) === wanted),
  );
  if (byId.length > 0) return byId;
  return candidates.filter((user) => {
    const { displayName } = marks(user);
    return displayName !== undefined && folded(displayName) === wanted;
  });
}

function folded(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").trim().toLowerCase();
}
