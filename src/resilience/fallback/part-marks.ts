import { context, createContextKey } from "@opentelemetry/api";
import type { FailedCall } from "./fallback.ts";

const IN_PART = createContextKey("agent-otel.part");

/**
 * Knows the calls that are made for a part of another one, so that a part is not split again. By the signal that the part was given, by the
 * part itself where it is an object or a string and the first argument, and by the context where OpenTelemetry keeps one.
 */
export class PartMarks {
  readonly #signals = new WeakSet<AbortSignal>();
  /** Parts of calls that are under way, and how often each. */
  readonly #parts = new Map<unknown, number>();

  isInPart({ args, signal }: FailedCall): boolean {
    return (
      this.#signals.has(signal) ||
      context.active().getValue(IN_PART) === true ||
      (args !== undefined && this.#parts.has(args[0]))
    );
  }

  /** @returns Takes the marks off again, once the call that was split is over. */
  mark(parts: readonly unknown[], signal: AbortSignal): () => void {
    this.#signals.add(signal);
    const telling = parts.filter(
      (part) => typeof part === "string" || (typeof part === "object" && part !== null),
    );
    for (const part of telling) this.#count(part, 1);
    return () => {
      for (const part of telling) this.#count(part, -1);
    };
  }

  /** Runs one part in a context that says so. */
  run<R>(execute: () => R): R {
    return context.with(context.active().setValue(IN_PART, true), execute);
  }

  #count(part: unknown, change: 1 | -1): void {
    const count = (this.#parts.get(part) ?? 0) + change;
    if (count === 0) this.#parts.delete(part);
    else this.#parts.set(part, count);
  }
}

/** Those of this process: no fallback splits what another one has split. */
export const partMarks = new PartMarks();
