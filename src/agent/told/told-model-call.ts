import type { Context } from "@opentelemetry/api";
import type { TokenUsage } from "../../cost/token-usage.ts";
import { safely } from "../../internal/warn-once.ts";
import { ATTR_REQUEST_STREAM } from "../../telemetry/semconv.ts";
import { activeContext, activeScope, applyInScope, scopeContext } from "../active-scope.ts";
import { type AdmittedCall, askBeforeModelCall, type GuardChain } from "../call-guard.ts";
import { ChunkTimes } from "../chunk-times.ts";
import { contentCapture } from "../content/capture-mode.ts";
import { type RecordedMessages, recordedMessages } from "../content/recorded-messages.ts";
import { ModelCall, type ModelRequest, type ModelResponse } from "../model-call.ts";
import { type OuterCall, Scope } from "../scope.ts";
import type { Lifetime } from "../streams/lifetime.ts";
import { placeBeside, type ToldCall, toldAround } from "./beside.ts";

/** Options of {@link ToldModelCall}. */
export interface ToldModelOptions {
  /**
   * Where calls of clients that are the same find it. `inside`: they are made in its context. `beside`: the framework runs nothing in
   * its context, so they are those that the same agent makes meanwhile.
   */
  readonly clients: "inside" | "beside";
  /** @default the active context */
  readonly parent?: Context;
}

/**
 * A model call that a framework tells of. Where a client that is instrumented makes the call, that one is the span, and this is none:
 * one model call is one span, whoever tells of it. So the span is made when the call is over, with the times that it had.
 *
 * @throws the refusal of a limit, from its constructor.
 */
export class ToldModelCall implements Lifetime, OuterCall, ToldCall {
  /** For the calls inside: whose work they are. Its span is that of whoever makes the call. */
  readonly context: Context;
  readonly guards: GuardChain | undefined;
  readonly outer: ToldCall | undefined;
  innerCalls = 0;
  readonly #scope: Scope;
  readonly #parent: Context;
  readonly #admitted: AdmittedCall | undefined;
  readonly #startMs = Date.now();
  readonly #startedAt = performance.now();
  readonly #takeAway: (() => void) | undefined;
  #request: ModelRequest;
  #usage: TokenUsage | undefined;
  #response: ModelResponse = {};
  #chunks: ChunkTimes | undefined;
  #input: RecordedMessages | undefined;
  #output: RecordedMessages | undefined;
  #innerCounted = false;
  #attempts = 0;
  #answeredAt: number | undefined;
  #ended = false;

  constructor(request: ModelRequest, { clients, parent = activeContext() }: ToldModelOptions) {
    const around = activeScope(parent);
    this.#request = request;
    this.#parent = parent;
    this.guards = around?.guards;
    this.outer = toldAround(around);
    this.#admitted = askBeforeModelCall(request, undefined, around, this.outer ?? null);
    this.outer?.innerBegan();
    this.#scope = Scope.model(around, this);
    this.context = scopeContext(parent, this.#scope, undefined);
    this.#takeAway = clients === "beside" ? placeBeside(around, this) : undefined;
  }

  get ended(): boolean {
    return this.#ended;
  }

  get isFree(): boolean {
    return this.innerCalls === 0;
  }

  mayBe({ operation = "chat", model }: ModelRequest): boolean {
    const mine = this.#request;
    return (
      (operation === "embeddings") === (mine.operation === "embeddings") &&
      (model === undefined || mine.model === undefined || model === mine.model)
    );
  }

  get awaitsAttempt(): boolean {
    return this.innerCalls > 0 && this.#attempts === 0 && !this.#innerCounted;
  }

  innerBegan(): void {
    this.innerCalls += 1;
    this.#attempts += 1;
  }

  innerFailed(): void {
    this.#attempts -= 1;
  }

  innerCounted(): void {
    this.#innerCounted = true;
    this.outer?.innerCounted();
  }

  run<T>(fn: () => T): T {
    return applyInScope(this.context, this.#scope, fn, undefined, []);
  }

  /** What the framework says of the request only later. */
  requested(more: Partial<ModelRequest>): void {
    if (!this.#ended) this.#request = { ...this.#request, ...more };
  }

  /** As the provider billed them; a later report replaces an earlier one. */
  usage(usage: TokenUsage): void {
    if (!this.#ended) this.#usage = usage;
  }

  response(response: ModelResponse): void {
    if (!this.#ended) this.#response = { ...this.#response, ...response };
  }

  /** The answer is there, though the framework will end the call only later. */
  answered(): void {
    this.#answeredAt ??= performance.now();
  }

  /** A piece of a streamed answer arrived. */
  chunk(): void {
    if (this.#ended) return;
    const elapsedMs = performance.now() - this.#startedAt;
    if (this.#chunks === undefined) this.#chunks = new ChunkTimes(elapsedMs);
    else this.#chunks.next(elapsedMs);
  }

  /** Not even kept where no content is recorded. */
  input(messages: RecordedMessages): void {
    if (contentCapture.active && !this.#ended) this.#input = messages;
  }

  output(messages: RecordedMessages): void {
    if (contentCapture.active && !this.#ended) this.#output = messages;
  }

  end(): void {
    this.#finish((call) => call.end());
  }

  leave(): void {
    this.#finish((call) => call.leave());
  }

  fail(error: unknown): void {
    this.#finish((call) => call.fail(error));
  }

  #finish(how: (call: ModelCall) => void): void {
    if (this.#ended) return;
    safely("ending a model call of a framework", () => {
      this.#ended = true;
      this.#takeAway?.();
      if (this.#isTheClients()) this.#admitted?.ended(0, 0);
      else how(this.#spanned());
    });
  }

  /** A client that was seen to call but did not know its tokens leaves them to us. */
  #isTheClients(): boolean {
    return this.#innerCounted || (this.innerCalls > 0 && this.#usage === undefined);
  }

  #spanned(): ModelCall {
    const durationMs = (this.#answeredAt ?? performance.now()) - this.#startedAt;
    const options = { startMs: this.#startMs, durationMs, parent: this.#parent, told: true };
    const call = new ModelCall(this.#request, options, this.#admitted);
    if (this.#usage !== undefined) {
      call.usage(this.#usage);
      this.outer?.innerCounted();
    }
    call.response(this.#response);
    if (this.#chunks !== undefined) call.chunksCame(this.#chunks);
    const [input, output] = [this.#input, this.#output];
    if (input !== undefined) call.content?.request(() => ({ input: recordedMessages(input, "user") }));
    if (output !== undefined) call.content?.output(() => recordedMessages(output, "assistant"));
    return call;
  }
}

/** As attributes of a request: whether its answer comes in pieces. */
export function streamAttributes(stream: boolean): { readonly [ATTR_REQUEST_STREAM]?: true } {
  return stream ? { [ATTR_REQUEST_STREAM]: true } : {};
}
