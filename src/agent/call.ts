import {
  type Attributes,
  type Context,
  context,
  type Span,
  type SpanContext,
  type SpanKind,
  SpanStatusCode,
} from "@opentelemetry/api";
import { redactMessage } from "../internal/redact.ts";
import { reportFailure } from "../internal/warn-once.ts";
import type { CallRecord } from "../telemetry/call-record.ts";
import { errorMessage, errorType } from "../telemetry/error-type.ts";
import { ATTR_ERROR_TYPE } from "../telemetry/semconv.ts";
import { currentTracer } from "../telemetry/tracer.ts";
import { callLog } from "./call-log.ts";
import { callRecord } from "./call-record.ts";
import { runInScope, type Scope, scopeContext } from "./scope.ts";

/** What is the same for every call of one agent, tool or workflow. */
export interface CallKind {
  readonly spanName: string;
  readonly spanKind: SpanKind;
  /** What a sampler may want to see; part of the bag as well. */
  readonly startAttributes: Attributes;
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
export class Call {
  /** Who is at work inside this call. */
  readonly scope: Scope | undefined;
  readonly context: Context;
  /** Becomes the span's attributes at the end. */
  readonly attributes: Attributes;
  readonly span: Span | undefined;
  readonly #startedAt = performance.now();
  readonly #startMs: number;
  readonly #durationMs: number | null | undefined;
  #ended = false;

  /** @param scope Who is at work inside: for a model or tool call the agent that makes it. */
  constructor(kind: CallKind, scope: Scope | undefined, attributes: Attributes, options?: CallOptions) {
    const parent = context.active();
    this.scope = scope;
    this.attributes = attributes;
    this.#startMs = options?.startMs ?? Date.now();
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

  /** Milliseconds since the call began. */
  elapsedMs(): number {
    return performance.now() - this.#startedAt;
  }

  /** Runs a piece of the call: its span is active and its agent known, through every await inside. */
  run<T>(fn: () => T): T {
    return runInScope(this.context, this.scope, fn);
  }

  /** Ends the call. Only the first of `end` and `fail` counts. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#finish(false, undefined);
  }

  /** Ends the call as failed with `error`, whatever was thrown. */
  fail(error: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#finish(true, error);
  }

  #finish(failed: boolean, error: unknown): void {
    let record: CallRecord | undefined;
    try {
      const durationMs =
        this.#durationMs === undefined ? performance.now() - this.#startedAt : this.#durationMs;
      if (failed) this.attributes[ATTR_ERROR_TYPE] = errorType(error);
      this.#endSpan(failed, error);
      const spanContext = this.spanContext();
      record = callRecord(this.attributes, {
        startMs: this.#startMs,
        durationMs: durationMs ?? undefined,
        failed,
        traceId: spanContext?.traceId,
        spanId: spanContext?.spanId,
        ownToolCalls: this.scope?.own.toolCalls,
      });
    } catch (caught) {
      reportFailure("ending a call", caught);
    }
    if (record !== undefined) callLog.publish(record);
  }

  #endSpan(failed: boolean, error: unknown): void {
    const span = this.span;
    if (span === undefined) return;
    try {
      if (span.isRecording()) {
        span.setAttributes(this.attributes);
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
      else span.end(this.#startMs + (this.#durationMs ?? 0));
    } catch (caught) {
      // The record must not be lost with the span: budgets stand on it.
      reportFailure("ending a span", caught);
    }
  }
}
