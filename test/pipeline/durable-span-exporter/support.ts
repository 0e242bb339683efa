import type { After } from "../../../src/internal/timers.ts";
import type { Outcome, Sender } from "../../../src/pipeline/durable-span-exporter/delivery.ts";
import type { Frame } from "../../../src/pipeline/durable-span-exporter/frame-queue.ts";

/** A frame that nobody decodes. */
export function frame(spans = 1, bytes = 10): Frame {
  return { body: new Uint8Array(bytes), gzip: false, spans, createdMs: 0 };
}

export const delivered: Outcome = { kind: "delivered", rejectedSpans: 0 };
export const refused: Outcome = { kind: "retry", why: "connect ECONNREFUSED" };

/** Requests that wait for the test to answer them. */
export class ScriptedSender implements Sender {
  readonly sent: Frame[] = [];
  readonly #waiting: ((outcome: Outcome) => void)[] = [];
  closed = false;

  send(frame: Frame, signal: AbortSignal): Promise<Outcome> {
    this.sent.push(frame);
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    signal.addEventListener("abort", () => resolve({ kind: "retry", why: "aborted" }));
    this.#waiting.push(resolve);
    return promise;
  }

  close(): void {
    this.closed = true;
  }

  /** How many wait for an answer. */
  get inFlight(): number {
    return this.#waiting.length;
  }

  /** Answers the oldest request, and lets all that follows from it happen. */
  async answer(outcome: Outcome): Promise<void> {
    this.#waiting.shift()?.(outcome);
    await settled();
  }
}

/** Timers that the test lets run. */
export class ManualTimers {
  readonly #timers = new Set<{ readonly atMs: number; readonly run: () => void }>();
  #nowMs = 0;

  readonly after: After = (ms, run) => {
    const timer = { atMs: this.#nowMs + ms, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  /** Milliseconds until the next one, `undefined` without any. */
  get next(): number | undefined {
    const times = [...this.#timers].map(({ atMs }) => atMs - this.#nowMs);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  async advance(ms: number): Promise<void> {
    this.#nowMs += ms;
    for (const timer of [...this.#timers]) {
      if (timer.atMs > this.#nowMs) continue;
      this.#timers.delete(timer);
      timer.run();
    }
    await settled();
  }
}

/** When all promises that can settle have settled: no I/O is in here. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
