import type { ModelRequest } from "../../agent/model-call.ts";
import { streamAttributes, ToldModelCall } from "../../agent/told/told-model-call.ts";
import { placeIn, Run } from "./run.ts";

/** A call of a model. LangChain runs nothing inside of it, so a client that is instrumented makes it beside. */
export class ModelRun extends Run {
  readonly told: ToldModelCall;
  readonly #request: ModelRequest;
  #streams = false;

  /** @throws the refusal of a limit. */
  constructor(parent: Run | undefined, request: ModelRequest) {
    const within = placeIn(parent);
    const told = new ToldModelCall(request, { clients: "beside", parent: within });
    super(parent, told, within);
    this.told = told;
    this.#request = request;
  }

  /** Whether a piece of its answer has come before the answer itself. */
  get streams(): boolean {
    return this.#streams;
  }

  chunk(): void {
    if (!this.#streams)
      this.told.requested({ attributes: { ...this.#request.attributes, ...streamAttributes(true) } });
    this.#streams = true;
    this.told.chunk();
  }

  /** The answer came from LangChain's cache: nobody was asked. */
  answeredFromCache(): void {
    // As where a client is seen to make the call: there is no span here then, and the limit is told of no cost.
    this.told.innerBegan();
    this.told.end();
  }
}
