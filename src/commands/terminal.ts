/** What a command knows of the terminal it runs at. Tests stand in for it. */
export interface Terminal {
  /** Somebody can be asked. */
  readonly isInteractive: boolean;
  /** The result, on stdout. */
  print(text: string): void;
  /** Progress and problems, on stderr. */
  tell(text: string): void;
  /**
   * Calls back for each line that is typed or piped in, and once when there are no more, until the returned function is
   * called.
   */
  readLines(onLine: (line: string) => void, onEnd: () => void): () => void;
  readonly prompts: Prompts;
  /** Rejects where no browser can be started. */
  openBrowser(url: URL): Promise<void>;
  /** Aborted by Ctrl-C and by signals that end the program. */
  readonly interrupted: AbortSignal;
}

/** Questions. Each answer is `undefined` when the person gives up. Only for a terminal that is interactive. */
export interface Prompts {
  text(question: TextQuestion): Promise<string | undefined>;
  /** What is typed is not shown. */
  secret(message: string): Promise<string | undefined>;
  choose<T extends string>(
    message: string,
    options: readonly { readonly value: T; readonly label: string }[],
  ): Promise<T | undefined>;
  confirm(message: string): Promise<boolean | undefined>;
}

export interface TextQuestion {
  readonly message: string;
  /** Taken when nothing is typed. */
  readonly initial?: string | undefined;
  /** What is wrong with an answer. */
  readonly check?: ((answer: string) => string | undefined) | undefined;
}

/** What the commands end with. */
export const exitCodes = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The person gave up: no failure, and nothing to explain. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}
