import type { Context } from "@opentelemetry/api";
import { currentOfSdk } from "./current.ts";
import type { OpenAIAgentsOptions } from "./options.ts";
import { type Opening, Run } from "./run.ts";
import type { SdkSpan, SdkTrace } from "./sdk.ts";

/** Runs that never end keep their place; more than this are forgotten, oldest first. */
const MOST_RUNS = 10_000;
/** Whether their function has thrown is asked at the begin of each further one. */
const ASKED_AT_ONCE = 16;

/** What the SDK has told of and what is not over yet. */
class Runs implements Opening {
  readonly #runs = new Map<string, Run>();
  #opening: Context | undefined;

  /** Those that are not over. */
  get size(): number {
    return this.#runs.size;
  }

  traceStarted(trace: SdkTrace, options: OpenAIAgentsOptions): void {
    // A processor that was registered twice tells of it twice; a run that is resumed has the name of the one before.
    const known = this.#runs.get(trace.traceId);
    if (known?.ended === false && !known.hasThrown) return;
    if (known !== undefined) this.#endIfThrown(trace.traceId, known);
    known?.leave();
    this.#endThrown();
    this.#add(trace.traceId, new Run(trace, options, this));
  }

  traceEnded({ traceId }: SdkTrace): void {
    const run = this.#runs.get(traceId);
    if (run === undefined || run.ended) return;
    run.end();
    this.#dropIfOver(traceId, run);
  }

  spanStarted(span: SdkSpan, options: OpenAIAgentsOptions): void {
    const run = this.#runs.get(span.traceId) ?? this.#add(span.traceId, new Run(undefined, options, this));
    const entry = run.entryOf(span);
    entry.span = span;
    // Arguments of a tool are told right after it has begun.
    if (span.spanData.type === "function") queueMicrotask(() => entry.open());
    else entry.open();
  }

  spanEnded(span: SdkSpan): void {
    const run = this.#runs.get(span.traceId);
    // The SDK ends spans of a run that it has read from a file: they began elsewhere.
    const entry = run?.entries.get(span.spanId);
    if (run === undefined || entry === undefined) return;
    entry.span = span;
    entry.end();
    if (entry.parent === undefined) {
      run.failure = span.error;
      if (span.error !== null) setImmediate(() => this.#endIfThrown(span.traceId, run));
    }
    this.#dropIfOver(span.traceId, run);
  }

  /** The run that the SDK is working on here. */
  current(): Run | undefined {
    const { span, trace } = currentOfSdk();
    const id = span?.traceId ?? trace?.traceId;
    return id === undefined ? undefined : this.#runs.get(id);
  }

  /** A context source: see `addContextSource`. */
  readonly currentContext = (): Context | undefined => {
    if (this.#opening !== undefined) return this.#opening;
    if (this.#runs.size === 0) return undefined;
    const { span, trace } = currentOfSdk();
    const id = span?.traceId ?? trace?.traceId;
    return id === undefined ? undefined : this.#runs.get(id)?.contextOf(span);
  };

  within<T>(told: Context, fn: () => T): T {
    const before = this.#opening;
    this.#opening = told;
    try {
      return fn();
    } finally {
      this.#opening = before;
    }
  }

  leaveAll(): void {
    for (const [id, run] of this.#runs) {
      this.#endIfThrown(id, run);
      run.leave();
    }
    this.#runs.clear();
  }

  #add(id: string, run: Run): Run {
    this.#runs.set(id, run);
    if (this.#runs.size > MOST_RUNS) {
      const [oldest] = this.#runs;
      if (oldest !== undefined) {
        this.#runs.delete(oldest[0]);
        oldest[1].leave();
      }
    }
    return run;
  }

  #endThrown(): void {
    for (const [id, run] of [...this.#runs.entries().take(ASKED_AT_ONCE)]) {
      this.#runs.delete(id);
      this.#runs.set(id, run);
      this.#endIfThrown(id, run);
    }
  }

  #endIfThrown(id: string, run: Run): void {
    if (this.#runs.get(id) !== run || !run.hasThrown) return;
    run.end(true);
    this.#dropIfOver(id, run);
  }

  #dropIfOver(id: string, run: Run): void {
    if (run.isOver) this.#runs.delete(id);
  }
}

/** Documented registry, one for the process, as the SDK has one provider of traces: a processor that is registered twice counts once. */
export const runs = new Runs();
