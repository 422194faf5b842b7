import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A site on a real socket whose every answer is decided by the test. */
export interface EchoSite {
  readonly url: string;
  /** `Authorization` of each request, in order of arrival. */
  readonly authorizations: string[];
  close(): Promise<void>;
}

export async function startEchoSite(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<EchoSite> {
  const authorizations: string[] = [];
  const server = createServer((request, response) => {
    authorizations.push(request.headers.authorization ?? "");
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    authorizations,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
