import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A server that nobody outside of this machine can reach. */
export interface LoopbackServer {
  /** `http://127.0.0.1:{port}` */
  readonly url: string;
  /** Stops listening and cuts every connection. Safe to call twice. */
  close(): Promise<void>;
}

/** @throws Error when the port is taken. */
export async function loopbackServer(
  listener: RequestListener,
  { port = 0, unref = false }: { readonly port?: number; readonly unref?: boolean } = {},
): Promise<LoopbackServer> {
  const server = createServer(listener);
  // A connection closed by us between two requests would look to the client like a fault that nobody scripted.
  server.keepAliveTimeout = 0;
  if (unref) unrefAll(server);
  const url = `http://127.0.0.1:${await listen(server, port)}`;
  return { url, close: () => closeServer(server) };
}

function unrefAll(server: Server): void {
  server.unref();
  server.on("connection", (socket) => socket.unref());
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

/** Closing a server that is closed already is an error to Node, and the wish fulfilled to us. */
function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
