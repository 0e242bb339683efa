import { clearTimeout, setImmediate, setTimeout } from "node:timers";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { fromSdkSpan, type TraceSpan } from "../telemetry/trace-span.ts";
import { markOrder } from "./start-order.ts";

/** Spans that were started and have not ended, and those who wait for them. */
export class OpenSpans {
  readonly #spans = new Map<string, { readonly span: ReadableSpan; readonly started: number }>();
  #seen = 0;
  #waiting: (() => void)[] = [];

  started(span: ReadableSpan): void {
    this.#spans.set(span.spanContext().spanId, { span, started: this.#seen++ });
  }

  /** @returns `undefined` for a span that nobody has seen start. */
  ended(span: ReadableSpan): TraceSpan | undefined {
    const { spanId } = span.spanContext();
    const known = this.#spans.get(spanId);
    if (known === undefined) return undefined;
    this.#spans.delete(spanId);
    this.#tell();
    return markOrder(fromSdkSpan(span), known.started, this.#seen++);
  }

  /** Oldest first. */
  all(): readonly TraceSpan[] {
    return [...this.#spans.values()].map(({ span, started }) =>
      markOrder(fromSdkSpan(span), started, Number.POSITIVE_INFINITY),
    );
  }

  clear(): void {
    this.#spans.clear();
    this.#tell();
  }

  /** @returns Whether none was open within the limit. */
  settle(limitMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (isSettled: boolean): void => {
        clearTimeout(timer);
        this.#waiting = this.#waiting.filter((waiting) => waiting !== look);
        resolve(isSettled);
      };
      // What ends the last span may start another one right away.
      const look = (): void => void setImmediate(() => this.#spans.size === 0 && settle(true));
      const timer = setTimeout(() => settle(false), limitMs);
      this.#waiting.push(look);
      look();
    });
  }

  #tell(): void {
    if (this.#spans.size > 0) return;
    for (const look of this.#waiting) look();
  }
}
