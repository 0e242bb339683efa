import { type Span as ApiSpan, type Context, trace } from "@opentelemetry/api";
import type { ReadableSpan, Span, SpanProcessor } from "@opentelemetry/sdk-trace";
import { callLog } from "../agent/call-log.ts";
import { callRecord } from "../agent/call-record.ts";
import { activeScopeIn, Scope } from "../agent/scope.ts";
import { reportFailure } from "../internal/warn-once.ts";
import { ATTR_AGENT_NAME, ATTR_OPERATION, OP_INVOKE_AGENT, SCOPE_NAME } from "../telemetry/semconv.ts";
import { enrichForeignSpan } from "./enrich-foreign-span.ts";

/** Where a span stands among agents. */
interface Place {
  /** The scope in its context: the same for a child means that nothing of ours came between the two. */
  readonly active: Scope | undefined;
  /** Whose work the span is, by context or through its parents. */
  readonly around: Scope | undefined;
  /** Whose work the spans below it are: its own, where it is the call of an agent. */
  readonly inside: Scope | undefined;
}

/**
 * Brings spans that others made into the picture: agent, caller and cost are written on spans with a GenAI operation, and
 * each becomes a record like a call of ours. Spans of this package and spans without such an operation pass untouched.
 *
 * For a program with an SDK of its own: put it first into `spanProcessors`. `start()` has it built in. No hook of it throws.
 */
export function agentSpanProcessor(): SpanProcessor {
  return new AgentSpanProcessor();
}

class AgentSpanProcessor implements SpanProcessor {
  // Weak: a span that never ends must not be kept by us.
  readonly #places = new WeakMap<ApiSpan, Place>();

  onStart(span: Span, parentContext: Context): void {
    guarded(() => {
      if (isOurs(span)) return;
      const active = activeScopeIn(parentContext);
      const parent = this.#placeOfParent(parentContext);
      const around = active === undefined || active === parent?.active ? (parent?.inside ?? active) : active;
      const agent = agentCalledBy(span);
      const inside = agent === undefined ? around : Scope.agent(around, agent);
      if (inside !== undefined) this.#places.set(span, { active, around, inside });
    });
  }

  onEnding(span: Span): void {
    guarded(() => {
      if (!isOurs(span)) enrichForeignSpan(span, this.#places.get(span)?.around);
    });
  }

  onEnd(span: ReadableSpan): void {
    guarded(() => {
      if (isOurs(span)) return;
      const place = this.#places.get(span as unknown as ApiSpan);
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
        place?.around?.addModelCall(
          (record.inputTokens ?? 0) + (record.outputTokens ?? 0),
          record.costNanoUsd ?? 0,
        );
      }
      callLog.publish(record);
    });
  }

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}

  #placeOfParent(parentContext: Context): Place | undefined {
    const parent = trace.getSpan(parentContext);
    return parent === undefined ? undefined : this.#places.get(parent);
  }
}

function isOurs(span: ReadableSpan): boolean {
  return span.instrumentationScope.name === SCOPE_NAME;
}

function agentCalledBy({ attributes }: ReadableSpan): string | undefined {
  const name = attributes[ATTR_AGENT_NAME];
  return attributes[ATTR_OPERATION] === OP_INVOKE_AGENT && typeof name === "string" ? name : undefined;
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
