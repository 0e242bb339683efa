import {
  type Attributes,
  type Context,
  type Span,
  type SpanContext,
  type SpanKind,
  SpanStatusCode,
} from "@opentelemetry/api";
import { redactMessage } from "../internal/redact.ts";
import { reportFailure } from "../internal/warn-once.ts";
import type { HistogramCell } from "../telemetry/call-metrics/cells.ts";
import type { CallRecord } from "../telemetry/call-record.ts";
import { errorMessage, errorType } from "../telemetry/error-type.ts";
import { admission } from "../telemetry/resilience/admission.ts";
import { ATTR_BREAKER_NAME, ATTR_BREAKER_STATE, ATTR_ERROR_TYPE } from "../telemetry/semconv.ts";
import { currentTracer } from "../telemetry/tracer.ts";
import { activeContext, applyInScope, scopeContext } from "./active-scope.ts";
import { callLog } from "./call-log.ts";
import { callRecord } from "./call-record.ts";
import { runLog } from "./run-log.ts";
import type { WatchedStep } from "./run-watch.ts";
import type { Scope } from "./scope.ts";
import type { Lifetime } from "./streams/lifetime.ts";

/** What is the same for every call of one agent, tool or workflow. */
export interface CallKind {
  readonly spanName: string;
  readonly spanKind: SpanKind;
  /** What a sampler may want to see; part of the bag as well. */
  readonly startAttributes: Attributes;
  /** Its duration is asked for whoever listens. */
  readonly timed?: boolean;
  /** Fills the bag before the end. `outcome` is "ok" or the class of the error. */
  readonly finishing?: (call: Call, outcome: string) => void;
}

export interface CallOptions {
  /** Backdates the call, for calls that are reported when they are over. */
  readonly startMs?: number;
  /** `null`: not known. Left out: measured. */
  readonly durationMs?: number | null;
}

/**
 * The one owner of a call's start and end: its span, its bag of attributes, its record. Everything that is known of a call
 * goes into the bag; at the end the bag becomes the span's attributes, and the record is read from it.
 *
 * No method throws: what goes wrong in here is reported once and costs the telemetry, not the call.
 */
export class Call implements Lifetime {
  /** Who is at work inside this call. */
  readonly scope: Scope | undefined;
  readonly context: Context;
  /** Becomes the span's attributes at the end. */
  readonly attributes: Attributes;
  readonly span: Span | undefined;
  /** Seconds between the pieces of a streamed answer: a span has no place for them, the record has. */
  chunkGaps: HistogramCell | undefined;
  /** Who watches this call; of a model call nobody does by itself, but who watches its agent. */
  step: WatchedStep | undefined;
  /** Left out where nobody would ask: the clock is an eighth of a call without an SDK. */
  readonly #startedAt: number | undefined;
  readonly #kind: CallKind;
  readonly #startMs: number | undefined;
  readonly #durationMs: number | null | undefined;
  #ended = false;

  /**
   * @param scope Who is at work inside: for a model or tool call the agent that makes it.
   * @param parent The active context, from those who have looked it up already.
   */
  constructor(
    kind: CallKind,
    scope: Scope | undefined,
    attributes: Attributes,
    options?: CallOptions,
    parent = activeContext(),
  ) {
    this.scope = scope;
    this.attributes = attributes;
    noteBreaker(attributes);
    this.#kind = kind;
    this.#startedAt = kind.timed || callLog.hasListeners || runLog.hasLogger ? performance.now() : undefined;
    this.#startMs = options?.startMs;
    this.#durationMs = options?.durationMs;
    let span: Span | undefined;
    try {
      span = currentTracer()?.startSpan(
        kind.spanName,
        options?.startMs === undefined
          ? { kind: kind.spanKind, attributes: kind.startAttributes }
          : { kind: kind.spanKind, attributes: kind.startAttributes, startTime: options.startMs },
        parent,
      );
    } catch (error) {
      reportFailure("starting a span", error);
    }
    this.span = span;
    this.context = scopeContext(parent, scope, span);
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Ids of the span; `undefined` without an SDK. */
  spanContext(): SpanContext | undefined {
    try {
      return this.span?.spanContext();
    } catch (error) {
      reportFailure("reading a span's ids", error);
      return undefined;
    }
  }

  /** Milliseconds since the call began; `undefined` where nobody listened then. */
  elapsedMs(): number | undefined {
    return this.#startedAt === undefined ? undefined : performance.now() - this.#startedAt;
  }

  /** Runs a piece of the call: its span is active and its agent known, through every await inside. */
  run<T>(fn: () => T): T {
    return this.apply(fn, undefined, []);
  }

  /** As `run`, for a function with `this` and arguments. */
  apply<A extends unknown[], R>(fn: (...args: A) => R, self: unknown, args: A): R {
    return applyInScope(this.context, this.scope, fn, self, args);
  }

  /** Ends the call. Only the first of `end`, `leave` and `fail` counts. */
  end(): void {
    this.#endWell(false);
  }

  leave(): void {
    this.#endWell(true);
  }

  #endWell(left: boolean): void {
    if (this.#ended) return;
    this.#finishing("ok", left);
    this.#ended = true;
    this.#finish(false, undefined);
  }

  /** Ends the call as failed with `error`, whatever was thrown. */
  fail(error: unknown): void {
    if (this.#ended) return;
    this.#finishing(errorType(error), false);
    this.#ended = true;
    this.#finish(true, error);
  }

  #finishing(outcome: string, left: boolean): void {
    try {
      this.#kind.finishing?.(this, outcome);
      const step = this.step ?? this.scope?.step;
      if (step !== undefined) step.ending(this, outcome, left);
    } catch (error) {
      reportFailure("finishing a call", error);
    }
  }

  #finish(failed: boolean, error: unknown): void {
    let record: CallRecord | undefined;
    try {
      if (failed) this.attributes[ATTR_ERROR_TYPE] = errorType(error);
      // Before the span ends: what its processors do is not the call's time.
      const elapsedMs = this.elapsedMs();
      this.#endSpan(failed, error);
      if (callLog.hasListeners) record = this.#record(failed, elapsedMs);
    } catch (caught) {
      reportFailure("ending a call", caught);
    }
    if (record !== undefined) callLog.publish(record);
  }

  #record(failed: boolean, elapsedMs: number | undefined): CallRecord | undefined {
    const spanContext = this.spanContext();
    const durationMs = this.#durationMs === undefined ? elapsedMs : this.#durationMs;
    return callRecord(this.attributes, {
      startMs: this.#startMs ?? (elapsedMs === undefined ? undefined : Math.round(Date.now() - elapsedMs)),
      durationMs: durationMs ?? undefined,
      failed,
      traceId: spanContext?.traceId,
      spanId: spanContext?.spanId,
      ownToolCalls: this.scope?.own.toolCalls,
      chunkGaps: this.chunkGaps,
    });
  }

  /** What stood on the span from the start is not set again: the SDK looks at each value anew. */
  #setAttributes(span: Span): void {
    const { attributes } = this;
    for (const key in attributes) {
      const value = attributes[key];
      if (value !== undefined && value !== this.#kind.startAttributes[key]) span.setAttribute(key, value);
    }
  }

  #endSpan(failed: boolean, error: unknown): void {
    const span = this.span;
    if (span === undefined) return;
    try {
      if (span.isRecording()) {
        this.#setAttributes(span);
        if (failed) {
          const message = errorMessage(error);
          span.setStatus(
            message === undefined
              ? { code: SpanStatusCode.ERROR }
              : { code: SpanStatusCode.ERROR, message: redactMessage(message) },
          );
        }
      }
      if (this.#durationMs === undefined) span.end();
      else span.end((this.#startMs ?? Date.now() - (this.elapsedMs() ?? 0)) + (this.#durationMs ?? 0));
    } catch (caught) {
      // The record must not be lost with the span: budgets stand on it.
      reportFailure("ending a span", caught);
    }
  }
}

/** What the breaker that let this call through had decided. */
function noteBreaker(attributes: Attributes): void {
  const admitted = admission.take();
  if (admitted === undefined) return;
  attributes[ATTR_BREAKER_NAME] = admitted.breaker;
  attributes[ATTR_BREAKER_STATE] = admitted.state;
}
