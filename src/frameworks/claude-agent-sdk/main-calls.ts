import type { Context } from "@opentelemetry/api";
import { ToldModelCall } from "../../agent/told/told-model-call.ts";
import { readAnthropicUsage } from "../../cost/readers/anthropic.ts";
import { field, list, text } from "../../instrumentation/fields.ts";
import { outputMessages } from "./messages.ts";

/** Ids of messages that were seen, of which one model call has several. */
const MOST_KNOWN = 1_000;
/** As the CLI names the model of messages that it has written itself. */
const SYNTHETIC = "<synthetic>";

/** The model calls of the agent itself, of which the CLI passes on the provider's events. */
export class MainCalls {
  readonly #provider: string;
  readonly #context: () => Context;
  readonly #known = new Set<string>();
  #model: string | undefined;
  #call: ToldModelCall | undefined;
  /** Of the answer that is coming in. */
  #answer: string | undefined;
  #usage: object = {};
  #content: unknown[] = [];

  constructor(provider: string, model: string | undefined, context: () => Context) {
    this.#provider = provider;
    this.#model = model;
    this.#context = context;
  }

  /** @throws the refusal of a limit: the CLI is about to ask. */
  system(message: unknown): void {
    const subtype = text(message, "subtype");
    if (subtype === "init") this.#model = text(message, "model") ?? this.#model;
    else if (subtype === "status" && text(message, "status") === "requesting") this.#begin();
  }

  /** @throws the same. */
  event(event: unknown): void {
    const type = text(event, "type");
    if (type === "message_start") this.#started(field(event, "message"));
    else if (type === "content_block_delta") this.#call?.chunk();
    else if (type === "message_delta") this.#changed(event);
    else if (type === "message_stop") this.#finish((call) => call.end());
  }

  /** A piece of an answer, or an answer that did not come in pieces. @throws the same. */
  assistant(message: unknown): void {
    const answer = field(message, "message");
    const id = text(answer, "id");
    if (text(answer, "model") === SYNTHETIC) {
      if (field(message, "error") !== undefined) this.close(apiError(message));
      return;
    }
    if (id === undefined) return;
    const isWhole = !this.#known.has(id);
    if (isWhole) this.#started(answer);
    this.#content.push(answer);
    if (!isWhole) return;
    // Without a reason to stop it is the beginning of an answer, whose tokens nobody knows yet.
    if (text(answer, "stop_reason") === undefined) return;
    this.#changed({ delta: answer, usage: field(answer, "usage") });
    this.#finish((call) => call.end());
  }

  /** @param error What the agent has failed with; left out: nobody waits for the answer any more. */
  close(error?: unknown): void {
    this.#finish((call) => (error === undefined ? call.leave() : call.fail(error)));
  }

  #begin(): ToldModelCall {
    this.#call ??= new ToldModelCall(
      { provider: this.#provider, model: this.#model },
      { clients: "inside", parent: this.#context() },
    );
    return this.#call;
  }

  #started(answer: unknown): void {
    const id = text(answer, "id");
    // The answer before broke off, and the CLI has asked again.
    if (this.#answer !== undefined && this.#answer !== id) this.close();
    this.#answer = id;
    if (id !== undefined) this.#known.add(id);
    const [oldest] = this.#known.size > MOST_KNOWN ? this.#known : [];
    if (oldest !== undefined) this.#known.delete(oldest);
    const call = this.#begin();
    const model = text(answer, "model");
    this.#usage = { ...(field(answer, "usage") as object | undefined) };
    call.response({ id, model });
    if (this.#model === undefined) call.requested({ model });
  }

  #changed(event: unknown): void {
    const call = this.#call;
    if (call === undefined) return;
    const counts = Object.entries({ ...(field(event, "usage") as object | undefined) });
    this.#usage = { ...this.#usage, ...Object.fromEntries(counts.filter(([, count]) => count !== null)) };
    const usage = readAnthropicUsage(this.#usage);
    if (usage !== undefined) call.usage(usage);
    const reason = text(field(event, "delta"), "stop_reason");
    if (reason !== undefined) call.response({ finishReasons: [reason] });
  }

  #finish(how: (call: ToldModelCall) => void): void {
    const call = this.#call;
    const content = this.#content;
    this.#call = undefined;
    this.#answer = undefined;
    this.#content = [];
    if (call === undefined) return;
    call.output(outputMessages(content));
    how(call);
  }
}

function apiError(message: unknown): Error {
  const name = text(message, "api_error_type") ?? text(message, "error") ?? "api_error";
  const [said] = list(field(message, "message"), "content");
  return Object.assign(new Error(text(said, "text") ?? ""), { name });
}
