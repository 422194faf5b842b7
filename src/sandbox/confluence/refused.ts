export type RefusalStatus = 400 | 403 | 404 | 409;

/** A request that the pretend site turns down; each API writes it in its own error body. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly status: RefusalStatus;

  constructor(status: RefusalStatus, message: string) {
    super(message);
    this.status = status;
  }
}

export function badRequest(message: string): Refused {
  return new Refused(400, message);
}

export function notFound(message: string): Refused {
  return new Refused(404, message);
}
