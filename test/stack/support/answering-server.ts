import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Answers every request with one status, which can be changed. */
export class AnsweringServer {
  #status = 200;
  #server: Server | undefined;

  /** @returns Its address. */
  async open(status: number, port = 0): Promise<string> {
    this.#status = status;
    this.#server = createServer((request, response) => {
      request.resume();
      request.once("end", () => response.writeHead(this.#status).end());
    });
    this.#server.listen(port, "127.0.0.1");
    await once(this.#server, "listening");
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  answer(status: number): void {
    this.#status = status;
  }

  /** May be called twice, and before it was opened. */
  async close(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  }
}
