import { type Context, type SpanContext, trace } from "@opentelemetry/api";
import type { ReadableSpan, Span, SpanProcessor } from "@opentelemetry/sdk-trace";
import { activeScopeIn } from "../agent/active-scope.ts";
import { callLog } from "../agent/call-log.ts";
import { callRecord, isModelOperation } from "../agent/call-record.ts";
import type { Scope } from "../agent/scope.ts";
import { toldCallOf } from "../agent/told/beside.ts";
import { reportFailure } from "../internal/warn-once.ts";
import type { CallRecord } from "../telemetry/call-record.ts";
import { OP_INVOKE_AGENT, SCOPE_NAME } from "../telemetry/semconv.ts";
import { addSessionTo } from "./foreign/add-session.ts";
import { enrichForeignSpan } from "./foreign/enrich.ts";
import { Layers } from "./foreign/layers.ts";
import { Place } from "./foreign/place.ts";

/**
 * Brings spans that others made into the picture: operation, agent, caller, usage and cost are written on calls of models, agents
 * and tools, in whatever dialect, and each becomes a record like a call of ours. Where several layers tell of one model call,
 * one of them counts: the innermost that knows its usage. Other spans pass untouched.
 *
 * For a program with an SDK of its own: put it first into `spanProcessors`. `start()` has it built in. No hook of it throws.
 */
export function agentSpanProcessor(): SpanProcessor {
  return new AgentSpanProcessor();
}

class AgentSpanProcessor implements SpanProcessor {
  // Weak: a span that never ends must not be kept by us. By its context, which wrappers of a span have in common with it.
  readonly #places = new WeakMap<SpanContext, Place>();
  readonly #layers = new Layers();

  onStart(span: Span, parentContext: Context): void {
    guarded(() => {
      if (isOurs(span)) {
        this.#layers.startOurs(span, parentContext);
        return;
      }
      const active = activeScopeIn(parentContext);
      const parent = this.#placeOfParent(parentContext);
      const around = active === undefined || active === parent?.active ? (parent?.inside ?? active) : active;
      this.#places.set(span.spanContext(), new Place(span, active, around));
      addSessionTo(span, around);
      this.#layers.startForeign(span, parentContext);
    });
  }

  onEnding(span: Span): void {
    guarded(() => {
      if (isOurs(span)) {
        this.#layers.endOurs(span);
        return;
      }
      const scope = this.#places.get(span.spanContext())?.around;
      enrichForeignSpan(span, scope, (told) => this.#layers.repeats(span, told));
      this.#layers.endForeign(span);
    });
  }

  onEnd(span: ReadableSpan): void {
    guarded(() => {
      if (isOurs(span)) return;
      if (this.#layers.repeated(span)) return;
      const record = callRecord(span.attributes, {
        startMs: milliseconds(span.startTime),
        durationMs: milliseconds(span.duration),
        failed: span.status.code === 2,
        traceId: span.spanContext().traceId,
        spanId: span.spanContext().spanId,
      });
      // An agent call needs an agent: the tool loop of Anthropic's client calls itself one and names none.
      if (record === undefined || (record.operation === OP_INVOKE_AGENT && record.agent === undefined))
        return;
      if (record.inputTokens !== undefined || record.costNanoUsd !== undefined) {
        const tokens = (record.inputTokens ?? 0) + (record.outputTokens ?? 0);
        this.#places.get(span.spanContext())?.around?.addModelCall(tokens, record.costNanoUsd ?? 0);
      }
      if (isModelOperation(record.operation))
        tellFramework(record, this.#places.get(span.spanContext())?.around);
      callLog.publish(record);
    });
  }

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}

  #placeOfParent(parentContext: Context): Place | undefined {
    const parent = trace.getSpan(parentContext);
    return parent === undefined ? undefined : this.#places.get(parent.spanContext());
  }
}

/** A client that somebody else instruments has made the call that a framework tells of. */
function tellFramework({ provider, requestModel, inputTokens }: CallRecord, around: Scope | undefined): void {
  const told = toldCallOf(around, { provider, model: requestModel });
  told?.innerBegan();
  if (inputTokens === undefined) told?.innerFailed();
  else told?.innerCounted();
}

function isOurs(span: ReadableSpan): boolean {
  return span.instrumentationScope.name === SCOPE_NAME;
}

function milliseconds([seconds, nanos]: readonly [number, number]): number {
  return seconds * 1e3 + nanos / 1e6;
}

function guarded(hook: () => void): void {
  try {
    hook();
  } catch (error) {
    reportFailure("the agent span processor", error);
  }
}
