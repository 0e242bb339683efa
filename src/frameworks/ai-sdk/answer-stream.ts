import type { ToldModelCall } from "../../agent/told/told-model-call.ts";
import { field, text } from "../../instrumentation/fields.ts";
import { safely } from "../../internal/warn-once.ts";
import { readFinish } from "./answer.ts";
import type { AnswerText } from "./answer-text.ts";

/** Parts of a stream that are a piece of the answer: the AI SDK times the same ones. */
const OUTPUT: ReadonlySet<string> = new Set([
  "text-delta",
  "reasoning-delta",
  "tool-input-delta",
  "tool-call",
  "file",
  "reasoning-file",
]);

/** Reads the parts of one streamed answer. */
export class AnswerStream {
  /** A stream may tell of a failure in its midst and end well. */
  failure: { readonly error: unknown } | undefined;
  /** Whether the last part has come: without it the answer broke off. */
  finished = false;
  readonly #call: ToldModelCall;
  readonly #text: AnswerText | undefined;

  /** @param text Where the text is kept; `undefined` where none is recorded. */
  constructor(call: ToldModelCall, text: AnswerText | undefined) {
    this.#call = call;
    this.#text = text;
  }

  /** Takes the next part; never throws. */
  readonly read = (part: unknown): void =>
    safely("reading a part of an answer of the AI SDK", () => this.#part(part));

  #part(part: unknown): void {
    const type = text(part, "type") ?? "";
    this.#text?.part(type, part);
    if (OUTPUT.has(type)) {
      if (field(part, "delta") !== "") this.#call.chunk();
    } else if (type === "response-metadata") {
      this.#call.response({ id: text(part, "id"), model: text(part, "modelId") });
    } else if (type === "finish") {
      this.finished = true;
      readFinish(this.#call, part);
    } else if (type === "error") {
      this.failure ??= { error: field(part, "error") };
    }
  }

  /** Ends the call as its stream has ended, if it has not failed. */
  end(): void {
    const call = this.#call;
    if (this.#text !== undefined) call.output(this.#text.messages);
    if (this.finished) call.end();
    else call.leave();
  }
}
