import type { AddressInfo, Server } from "node:net";

/** What `node:http` and `node:https` servers have in common here. */
export interface ClosableServer extends Server {
  closeAllConnections(): void;
}

/** Binds the servers to `base` and the ports after it, or to free ones. All are freed when one port is taken. */
export async function listen(
  servers: readonly ClosableServer[],
  host: string,
  base: number | undefined,
): Promise<number[]> {
  try {
    return await Promise.all(
      servers.map((server, index) => bind(server, host, base === undefined ? 0 : base + index)),
    );
  } catch (error) {
    await close(servers);
    throw error;
  }
}

function bind(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      // A TCP server that listens has an address object, never a pipe name.
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Ends every connection and frees the ports. */
export async function close(servers: readonly ClosableServer[]): Promise<void> {
  await Promise.all(
    servers.map(
      (server) =>
        new Promise<void>((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    ),
  );
}
