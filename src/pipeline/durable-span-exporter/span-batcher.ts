import { type Context, TraceFlags } from "@opentelemetry/api";
import type { ReadableSpan, Span, SpanProcessor } from "@opentelemetry/sdk-trace";

/** Who takes batches: at once, without throwing. */
export interface BatchTaker {
  /** A span has ended that is to be exported. */
  ended(): void;
  take(spans: readonly ReadableSpan[]): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

export interface BatcherOptions {
  readonly batchSize: number;
  /** Milliseconds. */
  readonly batchDelayMs: number;
}

/** Batches that may wait for a turn of their own. Past it whoever ends the next span pays for a batch: slow, but not lost. */
const MOST_BATCHES_WAITING = 4;

/**
 * Gathers sampled spans into batches, and never drops one: where the stock batch processor is full, this one hands a batch on
 * within the call that ended the span.
 */
export class SpanBatcher implements SpanProcessor {
  readonly #taker: BatchTaker;
  readonly #options: BatcherOptions;
  #pending: ReadableSpan[] = [];
  #timer: NodeJS.Timeout | undefined;
  #turn: NodeJS.Immediate | undefined;
  #awaitsReady = false;

  constructor(taker: BatchTaker, options: BatcherOptions) {
    this.#taker = taker;
    this.#options = options;
  }

  /** Spans that wait for their batch. */
  get waiting(): number {
    return this.#pending.length;
  }

  onStart(_span: Span, _parent: Context): void {}

  onEnd(span: ReadableSpan): void {
    if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) return;
    this.#taker.ended();
    const waiting = this.#pending.push(span);
    const { batchSize } = this.#options;
    if (waiting >= batchSize * MOST_BATCHES_WAITING) this.#hand(batchSize);
    else if (waiting >= batchSize) this.#turn ??= setImmediate(() => this.#takeTurn());
    else this.#wait();
  }

  /** Resolves when what describes the process is known, which detectors may read from files or ask a server for. */
  async ready(): Promise<void> {
    await this.#pending[0]?.resource.waitForAsyncAttributes?.();
  }

  /** Hands on what there is, now. */
  handAll(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#pending.length > 0) this.#hand(this.#options.batchSize);
  }

  forceFlush(): Promise<void> {
    return this.#taker.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.#taker.shutdown();
  }

  async #handWhenReady(): Promise<void> {
    if (this.#awaitsReady) return;
    this.#awaitsReady = true;
    await this.ready();
    this.#awaitsReady = false;
    this.handAll();
  }

  /** One batch a turn, so that a burst does not hold up the program's own work. */
  #takeTurn(): void {
    this.#turn = undefined;
    if (this.#pending[0]?.resource.asyncAttributesPending === true) {
      void this.#handWhenReady();
      return;
    }
    this.#hand(this.#options.batchSize);
    const left = this.#pending.length;
    if (left >= this.#options.batchSize) this.#turn = setImmediate(() => this.#takeTurn());
    else if (left > 0) this.#wait();
  }

  #wait(): void {
    this.#timer ??= setTimeout(() => void this.#handWhenReady(), this.#options.batchDelayMs).unref();
  }

  #hand(count: number): void {
    // Most often all of them: then nothing is moved.
    const batch = this.#pending.length <= count ? this.#pending : this.#pending.splice(0, count);
    if (batch === this.#pending) this.#pending = [];
    this.#taker.take(batch);
  }
}
