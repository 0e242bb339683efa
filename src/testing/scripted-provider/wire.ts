import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import type { Exchange } from "./exchange.ts";

/** Thrown inside the server, and caught there, when there is nobody left to answer. */
export class ConnectionGone extends Error {}

/** The way back to the client: waits and writes that give up, with ConnectionGone, as soon as the client is gone. */
export class Wire {
  readonly #exchange: Exchange;
  readonly #ref: boolean;

  /** @param ref Whether waiting keeps the process alive. */
  constructor(exchange: Exchange, ref: boolean) {
    this.#exchange = exchange;
    this.#ref = ref;
  }

  head(status: number, headers: Readonly<Record<string, string>>): void {
    if (this.#exchange.signal.aborted) throw new ConnectionGone();
    this.#exchange.response.writeHead(status, headers);
    this.#exchange.response.flushHeaders();
  }

  async write(text: string | Uint8Array): Promise<void> {
    const { response, signal } = this.#exchange;
    if (signal.aborted) throw new ConnectionGone();
    if (!response.write(text)) await orGone(once(response, "drain", { signal }));
  }

  async wait(ms: number): Promise<void> {
    if (ms > 0) await orGone(delay(ms, undefined, { signal: this.#exchange.signal, ref: this.#ref }));
  }

  end(text = ""): void {
    this.#exchange.response.end(text);
  }

  /** Says nothing more, until the client or `close()` ends the connection. */
  async stall(): Promise<void> {
    if (!this.#exchange.signal.aborted) await once(this.#exchange.response, "close");
  }

  /** Cuts the connection once its last words have left. */
  async cut(lastWords: string): Promise<void> {
    const { response, signal } = this.#exchange;
    if (signal.aborted) return;
    const left = new Promise<void>((resolve) => response.write(lastWords, () => resolve()));
    await Promise.race([left, once(response, "close")]);
    this.#exchange.markBroken();
    response.destroy();
  }
}

async function orGone(waiting: Promise<unknown>): Promise<void> {
  try {
    await waiting;
  } catch (cause) {
    throw new ConnectionGone("the client is gone", { cause });
  }
}
