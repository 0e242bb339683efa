import { ATTR_ERROR_TYPE, VALUE_OTHER } from "../../telemetry/semconv.ts";
import { isFailed, type TraceSpan } from "../../telemetry/trace-span.ts";
import { isWork, type StepFacts } from "./step.ts";
import { stepOf } from "./step-of-attributes.ts";

/** A span that is a call of a run. */
export interface TraceCall {
  readonly span: TraceSpan;
  readonly facts: StepFacts;
  /** The innermost agent or workflow around it. */
  readonly parent: TraceCall | undefined;
  /** The first agent or workflow. */
  readonly root: TraceCall;
  /** How many agents and workflows are around it. */
  readonly depth: number;
  readonly errorType: string | undefined;
}

/** A span that nobody can climb to the top of stands in a ring, or is made to waste time. */
const MAX_CLIMB = 1_000;

/** Finds the calls of a trace, and which stands in which. Calls outside of any agent or workflow belong to no run. */
export class TraceCalls {
  readonly #spans = new Map<string, TraceSpan>();
  readonly #calls = new Map<string, TraceCall | undefined>();

  constructor(spans: readonly TraceSpan[]) {
    for (const span of spans) this.#spans.set(span.spanId, span);
  }

  get spans(): Iterable<TraceSpan> {
    return this.#spans.values();
  }

  /** @returns `undefined` where the span is no call, or one of no run. */
  of(span: TraceSpan): TraceCall | undefined {
    if (this.#calls.has(span.spanId)) return this.#calls.get(span.spanId);
    const facts = stepOf(span.attributes);
    // Until it is known: of a ring the first span found has nothing around it.
    this.#calls.set(span.spanId, undefined);
    const call = facts && this.#callOf(span, facts);
    this.#calls.set(span.spanId, call);
    return call;
  }

  /** The innermost agent or workflow that a span stands in, or is. */
  around(span: TraceSpan): TraceCall | undefined {
    let at: TraceSpan | undefined = span;
    for (let climbed = 0; at !== undefined && climbed < MAX_CLIMB; climbed++) {
      const facts = stepOf(at.attributes);
      if (facts !== undefined && isWork(facts)) return this.of(at);
      at = this.#above(at);
    }
    return undefined;
  }

  #callOf(span: TraceSpan, facts: StepFacts): TraceCall | undefined {
    const above = this.#above(span);
    const parent = above && this.around(above);
    if (parent === undefined && !isWork(facts)) return undefined;
    const errorType = span.attributes[ATTR_ERROR_TYPE];
    const call = {
      span,
      facts,
      parent,
      depth: parent === undefined ? 0 : parent.depth + 1,
      errorType: typeof errorType === "string" ? errorType : isFailed(span) ? VALUE_OTHER : undefined,
    };
    const withRoot: TraceCall = Object.assign(call, { root: parent?.root ?? (call as unknown as TraceCall) });
    return withRoot;
  }

  #above(span: TraceSpan): TraceSpan | undefined {
    return span.parentSpanId === undefined ? undefined : this.#spans.get(span.parentSpanId);
  }
}
