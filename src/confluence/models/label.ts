/** A label. `label` is the text people see: the name, with its prefix unless that is `global`. */
export interface Label {
  readonly id?: string | undefined;
  readonly name: string;
  readonly prefix: string;
  readonly label: string;
}

/** Makes a label of its parts. */
export function makeLabel(name: string, prefix: string | undefined, id?: string): Label {
  const kind = prefix ?? "global";
  const label = kind === "global" ? name : `${kind}:${name}`;
  return { ...(id === undefined ? {} : { id }), name, prefix: kind, label };
}
