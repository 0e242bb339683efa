import { type Attributes, type Context, SpanKind } from "@opentelemetry/api";
import type { TokenUsage } from "../cost/token-usage.ts";
import { reportFailure } from "../internal/warn-once.ts";
import * as names from "../telemetry/semconv.ts";
import { activeContext, activeScope } from "./active-scope.ts";
import { Call, type CallOptions } from "./call.ts";
import type { AdmittedCall, GuardChain } from "./call-guard.ts";
import { ChunkTimes } from "./chunk-times.ts";
import { boundSpanName, boundValue, boundValues } from "./content/attribute-limits.ts";
import { CallContent } from "./content/call-content.ts";
import { contentCapture } from "./content/capture-mode.ts";
import { repeatsCounted } from "./counted-once.ts";
import { emitException } from "./exception-event.ts";
import { addUsage, modelCallCost } from "./model-call-cost.ts";
import { Scope } from "./scope.ts";
import { addAgent } from "./scope-attributes.ts";
import type { Lifetime } from "./streams/lifetime.ts";
import { type ToldCall, toldCallOf } from "./told/beside.ts";

/** Of English text; the provider's own count comes with the end of the answer. */
const CHARACTERS_A_TOKEN = 4;

/** What is known of a model call before it is sent. */
export interface ModelRequest {
  /** @default "chat" */
  readonly operation?: "chat" | "generate_content" | "text_completion" | "embeddings";
  /** In the conventions' names: openai, anthropic, gcp.gemini, aws.bedrock, … */
  readonly provider: string | undefined;
  readonly model: string | undefined;
  /** More `gen_ai.request.*` and `server.*` attributes. */
  readonly attributes?: Attributes;
  /** The agent to book it on, where it is not the one at work. */
  readonly agent?: string;
}

export interface ModelCallOptions extends CallOptions {
  /** @default the active context */
  readonly parent?: Context;
  /** A framework tells of it, and no client does. @default false */
  readonly told?: boolean;
}

/** What an answer says of itself; each part may come at another time. */
export interface ModelResponse {
  readonly id?: string | undefined;
  readonly model?: string | undefined;
  readonly finishReasons?: readonly string[] | undefined;
  /** US dollars, where the provider's answer names its price: then nothing is estimated. */
  readonly costUsd?: number | undefined;
}

/**
 * One model call, whoever saw it: `chat()`, a patched client, `recordUsage()`. Owns usage and cost, so that both are written
 * and added up exactly once.
 */
export class ModelCall implements Lifetime {
  /** Where its text goes; `undefined` where none is recorded. */
  readonly content: CallContent | undefined;
  readonly #call: Call;
  readonly #request: ModelRequest;
  readonly #startMs: number;
  #usage: TokenUsage | undefined;
  #costUsd: number | undefined;
  #chunks: ChunkTimes | undefined;
  /** The call around this one, of another layer, and whether one inside has been counted. */
  readonly #outer: ModelCall | undefined;
  #countedBelow = false;
  /** The same call, where a framework tells of it too. */
  readonly #told: ToldCall | undefined;
  innerCalls = 0;
  readonly guards: GuardChain | undefined;
  readonly #admitted: AdmittedCall | undefined;
  #characters = 0;

  /** @param admitted Of those who let it through, to be told what it cost. */
  constructor(request: ModelRequest, options?: ModelCallOptions, admitted?: AdmittedCall) {
    this.#request = request;
    this.#admitted = admitted;
    this.#startMs = options?.startMs ?? Date.now();
    const operation = request.operation ?? names.OP_CHAT;
    const parent = options?.parent ?? activeContext();
    const around = activeScope(parent);
    this.#told = options?.told ? undefined : toldCallOf(around, request);
    this.#told?.innerBegan();
    this.#outer = around?.modelCall instanceof ModelCall ? around.modelCall : undefined;
    this.guards = around?.guards;
    const scope = Scope.model(around, this);
    const startAttributes: Attributes = { ...request.attributes, [names.ATTR_OPERATION]: operation };
    if (request.provider !== undefined) startAttributes[names.ATTR_PROVIDER] = request.provider;
    if (request.model !== undefined) startAttributes[names.ATTR_REQUEST_MODEL] = request.model;
    addAgent(startAttributes, scope);
    if (request.agent !== undefined) startAttributes[names.ATTR_AGENT_NAME] = request.agent;
    boundValues(startAttributes);
    const attributes = { ...startAttributes };
    const spanName = request.model === undefined ? operation : boundSpanName(`${operation} ${request.model}`);
    this.#call = new Call(
      { spanName, spanKind: SpanKind.CLIENT, startAttributes, timed: true },
      scope,
      attributes,
      options,
      parent,
    );
    // An embedding is no inference: the conventions have no content for it.
    if (contentCapture.active && operation !== names.OP_EMBEDDINGS)
      this.content = CallContent.of(this.#call.context, this.#call.spanContext());
  }

  get ended(): boolean {
    return this.#call.ended;
  }

  run<T>(fn: () => T): T {
    return this.#call.run(fn);
  }

  /** Takes the usage that the provider reported. A later report replaces an earlier one: streams send running totals. */
  usage(usage: TokenUsage): void {
    if (!this.ended) this.#usage = usage;
  }

  response(response: ModelResponse): void {
    if (this.ended) return;
    const { attributes } = this.#call;
    if (response.id !== undefined) attributes[names.ATTR_RESPONSE_ID] = boundValue(response.id);
    if (response.model !== undefined) attributes[names.ATTR_RESPONSE_MODEL] = boundValue(response.model);
    if (response.finishReasons !== undefined && response.finishReasons.length > 0) {
      attributes[names.ATTR_FINISH_REASONS] = boundValue([...response.finishReasons]);
    }
    const { costUsd } = response;
    if (costUsd !== undefined && costUsd >= 0 && Number.isFinite(costUsd)) this.#costUsd = costUsd;
  }

  /** A piece of a streamed answer arrived: gives the time to the first one, and the time between each two. */
  chunk(): void {
    const elapsedMs = this.ended ? undefined : this.#call.elapsedMs();
    if (elapsedMs === undefined) return;
    if (this.#chunks === undefined) this.#chunks = new ChunkTimes(elapsedMs);
    else this.#chunks.next(elapsedMs);
  }

  /** Takes the times of a streamed answer that somebody else has watched. */
  chunksCame(times: ChunkTimes): void {
    if (!this.ended) this.#chunks = times;
  }

  /** Whether somebody wants to know how long the answer gets while it streams in. */
  get isWatched(): boolean {
    return this.#admitted?.grew !== undefined;
  }

  /**
   * Takes so many more characters of a streamed answer.
   *
   * @returns Why it is to be broken off; `undefined` where it may go on.
   */
  grew(characters: number): Error | undefined {
    this.#characters += characters;
    return this.#admitted?.grew?.(Math.ceil(this.#characters / CHARACTERS_A_TOKEN));
  }

  end(): void {
    if (this.ended) return;
    this.#settle();
    this.#call.end();
    this.#emitContent();
  }

  fail(error: unknown): void {
    if (this.ended) return;
    this.#markBroken();
    this.#settle();
    this.#call.fail(error);
    this.#emitContent();
    emitException(this.#call.context, error);
  }

  leave(): void {
    if (this.ended) return;
    this.#markBroken();
    this.end();
  }

  #emitContent(): void {
    const { context, attributes } = this.#call;
    if (names.ATTR_OPERATION in attributes) this.content?.emit(context, attributes);
  }

  /** A stream that was cancelled or broke has "error" where its finish reason would stand (GenAI conventions). */
  #markBroken(): void {
    const { attributes } = this.#call;
    const begun = this.#chunks !== undefined || attributes[names.ATTR_REQUEST_STREAM] === true;
    if (begun && !(names.ATTR_FINISH_REASONS in attributes))
      attributes[names.ATTR_FINISH_REASONS] = ["error"];
  }

  #settle(): void {
    const { attributes, scope } = this.#call;
    const usage = this.#usage;
    const repeats = this.#repeats(usage);
    this.#addChunkTimes();
    this.content?.finish(attributes);
    if (repeats) {
      this.#admitted?.ended(0, 0);
      // Without an operation it is no call, and makes neither a record nor an event.
      delete attributes[names.ATTR_OPERATION];
      return;
    }
    if (usage !== undefined) {
      addUsage(attributes, usage);
      this.#coverOuter();
    } else this.#told?.innerFailed();
    let costNanoUsd: number | undefined;
    try {
      const answered = attributes[names.ATTR_RESPONSE_MODEL];
      costNanoUsd = modelCallCost(this.#request, {
        model: typeof answered === "string" ? answered : undefined,
        usage,
        costUsd: this.#costUsd,
        startMs: this.#startMs,
      });
    } catch (error) {
      // The call and its tokens count all the same: limits stand on them.
      reportFailure("pricing a model call", error);
    }
    if (costNanoUsd !== undefined) {
      attributes[names.ATTR_COST_AMOUNT] = costNanoUsd / 1e9;
      attributes[names.ATTR_COST_CURRENCY] = "USD";
      attributes[names.ATTR_COST_SOURCE] = this.#costUsd === undefined ? "local" : "provider";
    }
    const tokens = usage === undefined ? 0 : usage.input + usage.output;
    scope?.addModelCall(tokens, costNanoUsd ?? 0);
    this.#admitted?.ended(tokens, costNanoUsd);
  }

  /** The innermost call that knows the tokens counts; an embedding is no part of an inference. */
  #coverOuter(): void {
    this.#told?.innerCounted();
    const embeds = this.#embeds;
    for (let outer = this.#outer; outer !== undefined; outer = outer.#outer) {
      if (outer.#embeds === embeds) outer.#countedBelow = true;
    }
  }

  get #embeds(): boolean {
    return this.#request.operation === names.OP_EMBEDDINGS;
  }

  /** Whether another layer has told of this call already: one of ours, known without an SDK, or a span of somebody else. */
  #repeats(usage: TokenUsage | undefined): boolean {
    const answered = this.#call.attributes[names.ATTR_RESPONSE_MODEL];
    const model = typeof answered === "string" ? answered : this.#request.model;
    const tokens = usage === undefined ? undefined : ([usage.input, usage.output] as const);
    // Asked in any case: who asks there is told to take the operation back from the span.
    return repeatsCounted(this.#call.span, { model, tokens }) || this.#countedBelow;
  }

  #addChunkTimes(): void {
    if (this.#chunks === undefined) return;
    const { toFirst, perChunk, gaps } = this.#chunks;
    const { attributes } = this.#call;
    attributes[names.ATTR_TIME_TO_FIRST_CHUNK] = toFirst;
    if (perChunk !== undefined) attributes[names.ATTR_TIME_PER_OUTPUT_CHUNK] = perChunk;
    this.#call.chunkGaps = gaps;
  }
}
