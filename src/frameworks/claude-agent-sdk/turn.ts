import type { Context } from "@opentelemetry/api";
import type { Call } from "../../agent/call.ts";
import { openAgent } from "../../agent/told/told-calls.ts";

/** One call of the agent: from a message of the user to the result. */
export class Turn {
  readonly #call: Call;

  /** @throws the refusal of a limit. */
  constructor(name: string, parent: Context, prompt: string | undefined, capture: boolean) {
    // Where the prompt is a stream nobody knows yet what is asked: no two turns are known to be the same.
    const args = [prompt ?? {}];
    this.#call = openAgent(name, { parent, args, capture: capture && prompt !== undefined });
  }

  get context(): Context {
    return this.#call.context;
  }

  end(): void {
    this.#call.end();
  }

  leave(): void {
    this.#call.leave();
  }

  fail(error: unknown): void {
    this.#call.fail(error);
  }
}
