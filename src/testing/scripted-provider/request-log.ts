import type { ServerResponse } from "node:http";
import { Exchange, type RequestFacts } from "./exchange.ts";
import type { ReceivedRequest } from "./scripted-request.ts";

/** Every request in order of arrival, and those who wait for one. */
export class RequestLog {
  readonly requests: ReceivedRequest[] = [];
  readonly #open = new Set<Exchange>();
  readonly #waiting = new Map<number, PromiseWithResolvers<ReceivedRequest>>();

  add(facts: RequestFacts, response: ServerResponse): Exchange {
    const exchange = new Exchange(this.requests.length, facts, response);
    this.requests.push(exchange.request);
    this.#open.add(exchange);
    response.once("close", () => this.#open.delete(exchange));
    this.#waiting.get(exchange.request.sequence)?.resolve(exchange.request);
    this.#waiting.delete(exchange.request.sequence);
    return exchange;
  }

  received(sequence: number): Promise<ReceivedRequest> {
    const request = this.requests[sequence];
    if (request !== undefined) return Promise.resolve(request);
    const waiting = this.#waiting.get(sequence) ?? Promise.withResolvers<ReceivedRequest>();
    this.#waiting.set(sequence, waiting);
    return waiting.promise;
  }

  /** Nothing more will arrive: those still under way count as broken, those who wait for more are told. */
  close(): void {
    for (const exchange of this.#open) exchange.markBroken();
    for (const [sequence, waiting] of this.#waiting) {
      waiting.reject(
        new Error(
          `scriptedProvider was closed after ${this.requests.length} requests, number ${sequence} never came`,
        ),
      );
    }
    this.#waiting.clear();
  }
}
