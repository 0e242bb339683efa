import type { Lifetime } from "../../agent/streams/lifetime.ts";
import type { ToldModelCall } from "../../agent/told/told-model-call.ts";
import { field, text } from "../../instrumentation/fields.ts";
import { safely } from "../../internal/warn-once.ts";
import { modelOf } from "./kinds/model.ts";
import type { Run } from "./run.ts";
import { isAbort } from "./told-error.ts";
import { inputMessages, outputMessages } from "./told-messages.ts";
import { usageOfResponse } from "./told-usage.ts";
import type { WatchedCall } from "./watched-calls.ts";

/** A call of a model class of the SDK. */
export class SeenModelCall implements Lifetime {
  readonly #call: ToldModelCall;
  readonly #watched: WatchedCall;
  readonly #request: unknown;
  readonly #run: Run;
  #hasRawEvents = false;

  constructor(call: ToldModelCall, watched: WatchedCall, request: unknown, run: Run) {
    this.#call = call;
    this.#watched = watched;
    this.#request = request;
    this.#run = run;
  }

  run<T>(fn: () => T): T {
    return this.#call.run(fn);
  }

  async whole(answer: () => unknown): Promise<unknown> {
    try {
      const response = await this.run(answer);
      this.#answered(response);
      this.end();
      return response;
    } catch (error) {
      this.fail(error);
      throw error;
    }
  }

  /** Of a stream. Raw events are the pieces as they came; models that pass none on tell of the text at least. */
  event(event: unknown): void {
    const type = text(event, "type");
    if (type === "model") this.#hasRawEvents = true;
    if (type === "model" || (type === "output_text_delta" && !this.#hasRawEvents)) this.#call.chunk();
    if (type === "response_done") this.#answered(field(event, "response"));
  }

  end(): void {
    this.#settle();
    this.#call.end();
  }

  leave(): void {
    this.#settle();
    this.#call.leave();
  }

  fail(error: unknown): void {
    this.#run.seen = error;
    this.#settle();
    if (isAbort(error, field(this.#request, "signal"))) this.#call.leave();
    else this.#call.fail(error);
  }

  #answered(response: unknown): void {
    safely("reading an answer of the OpenAI Agents SDK", () => {
      const usage = usageOfResponse(field(response, "usage"));
      if (usage !== undefined) this.#call.usage(usage);
      const id = text(response, "responseId") ?? text(response, "id");
      this.#call.response({ id, model: text(field(response, "providerData"), "model") });
      this.#call.output(outputMessages(field(response, "output")));
    });
  }

  #settle(): void {
    safely("reading a span of the OpenAI Agents SDK", () => {
      const { span } = this.#watched;
      const model = span === undefined ? undefined : modelOf(span);
      // The model class for Chat Completions hides its name; its span has it.
      if (model !== undefined) this.#call.requested({ model });
      this.#call.input(
        inputMessages(field(this.#request, "systemInstructions"), field(this.#request, "input")),
      );
    });
  }
}
