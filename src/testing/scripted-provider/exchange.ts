import type { ServerResponse } from "node:http";
import type { ReceivedRequest, RequestOutcome } from "./scripted-request.ts";

/** What is known of a request when it arrives. */
export type RequestFacts = Omit<ReceivedRequest, "sequence" | "aborted" | "outcome">;

/** One request, its response, and how it ends. */
export class Exchange {
  readonly request: ReceivedRequest;
  readonly response: ServerResponse;
  readonly #closed = new AbortController();
  #outcome: RequestOutcome | undefined;

  constructor(sequence: number, facts: RequestFacts, response: ServerResponse) {
    this.response = response;
    const settled = Promise.withResolvers<RequestOutcome>();
    response.once("close", () => {
      this.#outcome ??= response.writableFinished ? "answered" : "aborted";
      this.#closed.abort();
      settled.resolve(this.#outcome);
    });
    const isAborted = () => this.#outcome === "aborted";
    this.request = {
      ...facts,
      sequence,
      outcome: settled.promise,
      get aborted() {
        return isAborted();
      },
    };
  }

  /** Aborted when the response is over, for whatever reason. */
  get signal(): AbortSignal {
    return this.#closed.signal;
  }

  /** From here on it is our doing that the client gets no whole answer. Changes nothing once the exchange is over. */
  markBroken(): void {
    this.#outcome ??= "broken";
  }
}
