import { context, type Span, type SpanContext, SpanStatusCode, TraceFlags, trace } from "@opentelemetry/api";
import { safely } from "../../internal/warn-once.ts";
import { exceptionAttributes } from "../../telemetry/exception-attributes.ts";
import * as names from "../../telemetry/semconv.ts";
import { tellSignal } from "../../telemetry/signals.ts";
import { currentTracer } from "../../telemetry/tracer.ts";
import type { DeadLetter } from "./dead-letter.ts";
import type { ReplayOutcome } from "./letter-metrics.ts";

/** The span that a letter is told on. To be asked for before anything is waited for, as not every program has a context manager. */
export function spanToTell(): Span | undefined {
  let span: Span | undefined;
  safely("looking for the active span", () => {
    span = trace.getActiveSpan();
  });
  return span;
}

/** A letter was put in. Never throws. */
export function letterAdded(span: Span | undefined, { queue, taskType, reason }: DeadLetter): void {
  tellSignal(() => ({ kind: "dead_letter", queue, taskType, reason }));
  safely("telling of a dead letter", () => {
    if (!span?.isRecording()) return;
    span.addEvent(names.EVENT_DEAD_LETTER_ADDED, {
      [names.ATTR_DEAD_LETTER_QUEUE]: queue,
      [names.ATTR_TASK_TYPE]: taskType,
      [names.ATTR_DEAD_LETTER_REASON]: reason,
    });
  });
}

/** The span of one replay, which links to where the letter was put in. */
export class ReplaySpan {
  readonly #span: Span | undefined;

  constructor(letter: DeadLetter, attempt: number) {
    let span: Span | undefined;
    safely("starting the span of a replay", () => {
      span = currentTracer()?.startSpan(`replay_dead_letter ${letter.taskType}`, {
        links: linksTo(letter),
        attributes: {
          [names.ATTR_DEAD_LETTER_QUEUE]: letter.queue,
          [names.ATTR_TASK_TYPE]: letter.taskType,
          [names.ATTR_DEAD_LETTER_ATTEMPT]: attempt,
        },
      });
    });
    this.#span = span;
  }

  run<T>(fn: () => T): T {
    return this.#span === undefined ? fn() : context.with(trace.setSpan(context.active(), this.#span), fn);
  }

  end(outcome: ReplayOutcome, error?: unknown): void {
    const span = this.#span;
    if (span === undefined) return;
    safely("ending the span of a replay", () => {
      span.setAttribute(names.ATTR_DEAD_LETTER_OUTCOME, outcome);
      if (outcome === "failed") {
        span.addEvent(names.EVENT_EXCEPTION, exceptionAttributes(error));
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      span.end();
    });
  }
}

function linksTo({ trace: first }: DeadLetter): { readonly context: SpanContext }[] {
  return first === undefined
    ? []
    : [{ context: { ...first, traceFlags: TraceFlags.SAMPLED, isRemote: true } }];
}
